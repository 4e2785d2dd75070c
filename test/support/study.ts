import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HoldView } from '../../src/approvals/channel/messages.ts';
import { lineCount } from '../../src/approvals/holding/line-count.ts';
import { isGrave } from '../../src/harm/grave.ts';
import { expectedText } from '../../src/policy/decide/expected-text.ts';
import { confirmFor, levelOf } from '../../src/policy/decide/ladder.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import type { RISK_CLASSES } from '../../src/risk/classes/risk-class.ts';
import { hear } from '../../src/watch/state/news.ts';
import { FIRST_SCREEN } from '../../src/watch/state/screen.ts';
import { drawn, held, hold } from './desk.ts';
import { sessionView } from './held.ts';
import { obligations } from './obligations.ts';

/** A call of the study. */
export interface Studied {
  id: string;
  server: string;
  tool: string;
  class: (typeof RISK_CLASSES)[number];
  arguments: unknown;
  /** The value of an ordinary call that tells most. */
  telling?: string;
  /** The file that it writes, as it is on this machine. */
  disk?: string;
  /** Written after the others had been used to mend the views; it has been used for nothing. */
  later?: boolean;
}

/** A call that does harm. */
export interface Bad extends Studied {
  kind: string;
  /** What of the harm must be read on the first screen; of a list one of its words. */
  words: (string | string[])[];
  /** The id of the same call without the harm. */
  twin: string;
  /** The id of the call of that tool that was approved last; null: none was. */
  before: string | null;
}

const ENDS = '2026-11-24T00:30:00.000Z';
const FOLDER = '/home/ada/shop';
const FILE = resolve(import.meta.dirname, '../fixtures/study.jsonl');
const calls = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Studied | Bad);

export const BAD = calls.filter((one): one is Bad => 'twin' in one);
export const ORDINARY = calls.filter((one) => !('twin' in one) && one.later !== true);

export function callOf(id: string): Studied {
  const found = calls.find((one) => one.id === id);
  if (found === undefined) throw new Error(`The study has no call ${id}.`);
  return found;
}

/** What else waits: none of it is like a call of the study. */
const OTHERS = [
  hold('w1', { server: 'calendar', tool: 'move_event', argumentsText: '{"event":"e1","start":"09:00"}' }),
  hold('w2', { server: 'calendar', tool: 'find_events', risk: 'read', argumentsText: '{"query":"review"}' }),
  hold('w3', { server: 'printer', tool: 'print', argumentsText: '{"document":"menu.pdf","copies":2}' }),
].map((one) => ({ ...one, expiresAt: ENDS }));

/** A call as its proxy would send it, where no rule says more than that a person is asked. */
function holdOf(call: Studied, before: Studied | undefined): HoldView {
  const { server, tool, class: risk } = call;
  const argumentsText = JSON.stringify(call.arguments);
  const level = levelOf(risk, () => isGrave(argumentsText));
  const asked = {
    server,
    tool,
    arguments: JsonSource.of(argumentsText),
  } as Parameters<typeof expectedText>[0];
  return hold('h1', {
    server,
    tool,
    risk,
    argumentsText,
    lines: lineCount({ argumentsText }),
    listing: 'listed',
    reason: `Calls of class ${risk} are asked about`,
    rule: `ask-${risk}`,
    answerBy: '2026-11-24T00:00:55.000Z',
    expiresAt: ENDS,
    obligations: obligations({
      level,
      confirm: confirmFor(level, false),
      expected: expectedText(asked, [], []),
      seen: level === 'low' ? 'told' : 'all',
    }),
    before:
      before === undefined
        ? null
        : {
            approved: 3,
            at: '2026-11-23T23:50:00.000Z',
            by: 'ada',
            argumentsText: JSON.stringify(before.arguments),
          },
  });
}

/** The first screen of a call at 80x24, as a desk shows it while three others wait. */
export function firstScreen(call: Studied, before?: Studied): ReturnType<typeof drawn> {
  const session = sessionView({ client: 'claude-code', folder: FOLDER });
  const attached = hear(FIRST_SCREEN, { type: 'attached', session }, 0);
  const all = [holdOf(call, before), ...OTHERS];
  const screen = all.reduce((last, one) => hear(last, held(one), 0), attached);
  return drawn(screen, call.disk === undefined ? {} : { file: { text: call.disk } });
}

/** A word as it stands on a screen, wherever its row is wrapped. */
function shown(word: string): RegExp {
  const letters = [...word].map((letter) => (letter === ' ' ? '[\\s│]+' : letter.replace(/[^\w]/, '\\$&')));
  return new RegExp(letters.join('(?:\\s*\\n[\\s│]*)?'));
}

/** Which of the words are not on the screen. */
export function missing(
  { texts }: { texts: readonly string[] },
  words: readonly (string | string[])[],
): string[] {
  const screen = texts.join('\n');
  return words
    .map((word) => (typeof word === 'string' ? [word] : word))
    .filter((any) => !any.some((word) => shown(word).test(screen)))
    .map((any) => any.join(' or '));
}
