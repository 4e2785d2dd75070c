import { userInfo } from 'node:os';
import { type Attached, gather } from '../../approvals/channel/ask-proxies.ts';
import type { Home } from '../../platform/home.ts';
import { LONGEST_REASON, type Stop, StopFile } from '../../platform/stop-file.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';

/** What became of a stop. */
export interface Pulled {
  /** The stop that was there before; undefined: this one counts. */
  before: Stop | undefined;
  /** Why it could not be recorded. It counts all the same. */
  unrecorded: string | undefined;
  /** How many proxies refuse every call, as they say themselves. */
  told: number;
  /** Calls that waited there, and calls that their servers have. */
  refused: number;
  running: number;
  /** Proxies that could not be asked, and why: each begins a sentence. */
  silent: string[];
}

/**
 * Stops everything. First the file, by which every proxy refuses its next call; then the record, for a stop counts
 * whether or not it can be recorded; then the proxies are told, so that what waits is refused now. Rejects with a
 * PlainError when the file cannot be put there.
 */
export async function pullBrake(home: Home, reason: string | undefined, method?: 'watch'): Promise<Pulled> {
  const said = reason?.trim().slice(0, LONGEST_REASON);
  const words = said === undefined || said === '' ? {} : { reason: said };
  const by = userInfo().username;
  const before = new StopFile(home).put({ at: new Date().toISOString(), by, ...words });
  const unrecorded = before === undefined ? recorded(home, words, method) : undefined;
  return { before, unrecorded, ...(await tellAll(home)) };
}

function recorded(home: Home, words: { reason?: string }, method: 'watch' | undefined): string | undefined {
  const by = { ...commandBy(), ...(method && { method }) };
  try {
    recordCommand(home, { type: 'stop', event: 'stopped', ...words, by });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function tellAll(home: Home): Promise<Pick<Pulled, 'told' | 'refused' | 'running' | 'silent'>> {
  const { attached, silent } = await gather(home.run);
  const told = await Promise.all(attached.map((proxy) => asked(proxy)));
  const counted = told.flatMap((one) => (one === undefined || !one.stopped ? [] : [one]));
  const mute = attached.filter((_, at) => told[at]?.stopped !== true);
  return {
    told: counted.length,
    refused: counted.reduce((sum, one) => sum + one.refused, 0),
    running: counted.reduce((sum, one) => sum + one.running, 0),
    silent: [
      ...silent,
      ...mute.map(({ session }) => `the proxy of session ${session.session}: it does not answer`),
    ],
  };
}

async function asked(proxy: Attached): ReturnType<Attached['brake']> {
  try {
    return await proxy.brake();
  } finally {
    proxy.close();
  }
}

/** What is said to whoever stopped everything, a sentence a line. */
export function pulledWords({ before, told, refused, running, silent, unrecorded }: Pulled): string[] {
  const calls = (count: number): string => `${count} ${count === 1 ? 'call' : 'calls'}`;
  const head = before === undefined ? 'Everything is stopped' : 'Everything was stopped already';
  const waited =
    refused === 0
      ? 'No call waited.'
      : `${calls(refused)} that waited ${refused === 1 ? 'was' : 'were'} refused.`;
  const runs =
    running === 0
      ? []
      : [
          `${calls(running)} that ${running === 1 ? 'runs' : 'run'} already ${running === 1 ? 'runs' : 'run'} on: a server has ${running === 1 ? 'it' : 'them'}, and holdpoint cannot call ${running === 1 ? 'it' : 'them'} back.`,
        ];
  return [
    `${head}: every call of every server of this home is refused until "holdpoint resume".`,
    `${waited} ${told} running ${told === 1 ? 'proxy knows' : 'proxies know'} of it.`,
    ...runs,
    ...(unrecorded === undefined ? [] : [`It counts, but it could not be recorded: ${unrecorded}`]),
    ...(silent.length === 0 ? [] : [unasked(silent)]),
  ];
}

function unasked(silent: readonly string[]): string {
  const many = silent.length === 1 ? '1 proxy' : `${silent.length} proxies`;
  const older = silent.some((one) => /wire version/.test(one))
    ? ' One of an older version may not know of a stop: end its client now.'
    : ' It refuses from its next call on all the same.';
  return `${many} could not be asked (${silent.join('; ')}).${older}`;
}
