import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecisionEntry, Entry, SessionEntry } from '../../src/audit/log/entry.ts';
import { argumentsField } from '../../src/audit/writing/arguments.ts';
import {
  type Clock,
  type Journal,
  type JournalOptions,
  openJournal,
} from '../../src/audit/writing/journal.ts';
import { sha256Hex } from '../../src/platform/digest.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';

export const START = Date.UTC(2026, 10, 22, 10, 43, 1);
export const SESSION = '20261122-104301-k7qfm';

/** A clock that stands still until it is told to move. */
export class TestClock implements Clock {
  private now: number;

  constructor(now = START) {
    this.now = now;
  }

  wall(): number {
    return this.now;
  }

  mono(): number {
    return this.now - START + 0.7;
  }

  move(ms: number): void {
    this.now += ms;
  }
}

export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'holdpoint-audit-'));
}

export function journalIn(folder: string, options: Partial<JournalOptions> = {}): Journal {
  return openJournal({ folder, session: SESSION, clock: new TestClock(), durability: 'process', ...options });
}

export function start(fields: Partial<SessionEntry> = {}): SessionEntry {
  return {
    type: 'session',
    kind: 'run',
    event: 'start',
    server: 'files',
    command: 'c'.repeat(64),
    caller: { client: 'claude-code', claimed: true },
    policy: { file: null, digest: sha256Hex(''), mode: 'enforce' },
    tier: 0,
    versions: { holdpoint: '0.1.0', node: 'v20.20.2' },
    ...fields,
  };
}

export const stop: Entry = { type: 'session', kind: 'run', event: 'stop', exit: 'client closed' };

export function decision(call: number, fields: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    type: 'decision',
    call,
    server: 'files',
    tool: 'write_file',
    arguments: argumentsField(JsonSource.of('{"path":"/tmp/a","size":9007199254740993}')),
    digest: 'd'.repeat(64),
    callDigest: 'e'.repeat(64),
    bytes: 120,
    caller: { as: 'ci' },
    effect: 'allow',
    rule: 'allow[0]',
    reason: 'files/write_file is allowed',
    ...fields,
  };
}

export const ok = (call: number): Entry => ({ type: 'outcome', call, outcome: 'ok', durationMs: 12 });

/** A finished session: three calls, one of them held and approved by somebody. */
export function wholeSession(
  folder: string,
  session: string,
  tip: SessionEntry['previousTip'] = null,
): string {
  const journal = journalIn(folder, { session });
  const hold = 'abcde';
  const entries: Entry[] = [
    start({ previousTip: tip }),
    decision(1),
    ok(1),
    decision(2, { effect: 'deny', rule: 'deny[0]', tool: 'drop_table' }),
    decision(3, { effect: 'escalate', rule: 'escalate[0]' }),
    { type: 'hold', call: 3, hold, event: 'opened', expiresAt: '2026-11-22T11:13:01.000Z' },
    {
      type: 'verdict',
      call: 3,
      hold,
      verdict: 'approve',
      by: { name: 'os-user', method: 'watch', tier: 0 },
      waitMs: 12_000,
    },
    { type: 'forward', call: 3, hold },
    ok(3),
    stop,
  ];
  for (const entry of entries) {
    journal.stage(entry);
    journal.commit();
  }
  journal.close();
  return journal.file;
}

export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
