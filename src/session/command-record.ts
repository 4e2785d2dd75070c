import { userInfo } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Checkpoints } from '../audit/log/checkpoint.ts';
import type { Entry } from '../audit/log/entry.ts';
import { tipFields } from '../audit/log/previous-tip.ts';
import { type Journal, openJournal } from '../audit/writing/journal.ts';
import { Counted } from '../audit/writing/session-counter.ts';
import type { Home } from '../platform/home.ts';
import { processChain } from '../platform/process-chain.ts';
import { sessionId } from '../platform/session-id.ts';
import { VERSION } from '../platform/this-machine.ts';
import { checkpointFile } from './checkpoint-file.ts';

/** Who runs this command, as far as the system tells: a claim, not a proof. */
export function commandBy(): { name: string; method: string; tier: 0; chain: string[] } {
  const method = process.stdin.isTTY ? 'cli-tty' : 'cli';
  return { name: userInfo().username, method, tier: 0, chain: processChain().map((link) => link.name) };
}

/**
 * Records what a command did, in a session file of its own (docs/design.md: one file per process that changes
 * anything), synced before it returns. Throws a JournalError when it cannot be written.
 */
export function recordCommand(home: Home, ...entries: Entry[]): void {
  const session = sessionId(new Date());
  const clock = { wall: Date.now, mono: () => performance.now() };
  const journal = openJournal({ folder: home.audit, session, clock, durability: 'disk' });
  const say = (sentence: string): void => void process.stderr.write(`holdpoint: ${sentence}\n`);
  const counted = new Counted(home, journal.name, say);
  journal.stage({
    type: 'session',
    kind: 'cli',
    event: 'start',
    tier: 0,
    versions: { holdpoint: VERSION, node: process.version },
    nth: counted.begin(),
    ...tipFields(home.audit, session),
  });
  for (const entry of entries) journal.stage(entry);
  journal.stage({ type: 'session', kind: 'cli', event: 'stop' });
  try {
    journal.commit({ durable: true });
  } finally {
    counted.end(journal.tip);
    journal.close();
  }
  void copy(home, journal);
}

/** Evidence beside the log: a command does its work without it, and says so. Never rejects. */
async function copy(home: Home, { tip }: Journal): Promise<void> {
  const file = await checkpointFile(home);
  if (file === undefined || tip === undefined) return;
  try {
    new Checkpoints(file).note(tip, new Date().toISOString(), true);
  } catch (error) {
    process.stderr.write(
      `holdpoint: the checkpoint file ${file} cannot be written: ${(error as Error).message}.\n`,
    );
  }
}
