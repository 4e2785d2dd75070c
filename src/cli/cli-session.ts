import { userInfo } from 'node:os';
import { performance } from 'node:perf_hooks';
import { processChain } from '../approvals/process-chain.ts';
import type { Entry } from '../audit/entry.ts';
import { openJournal } from '../audit/journal.ts';
import { tipFields } from '../audit/previous-tip.ts';
import type { Home } from '../config/home.ts';
import { sessionId } from './session-id.ts';
import { VERSION } from './surroundings.ts';

/** Who runs this command, as far as the system tells: a claim, not a proof. */
export function commandBy(): { name: string; method: string; tier: 0; chain: string[] } {
  const method = process.stdin.isTTY ? 'cli-tty' : 'cli';
  return { name: userInfo().username, method, tier: 0, chain: processChain().map((link) => link.name) };
}

/**
 * Records what a command did, in a session file of its own (DESIGN 7: one file per process that changes
 * anything), synced before it returns. Throws a JournalError when it cannot be written.
 */
export function recordCommand(home: Home, entry: Entry, durability: 'process' | 'disk' = 'disk'): void {
  const session = sessionId(new Date());
  const clock = { wall: Date.now, mono: () => performance.now() };
  const journal = openJournal({ folder: home.audit, session, clock, durability });
  journal.stage({
    type: 'session',
    kind: 'cli',
    event: 'start',
    tier: 0,
    versions: { holdpoint: VERSION, node: process.version },
    ...tipFields(home.audit, session),
  });
  journal.stage(entry);
  journal.stage({ type: 'session', kind: 'cli', event: 'stop' });
  journal.commit({ durable: true });
  journal.close();
}
