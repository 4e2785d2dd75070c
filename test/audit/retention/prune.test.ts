import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PrunedEntry } from '../../../src/audit/log/entry.ts';
import { tipFields } from '../../../src/audit/log/previous-tip.ts';
import { sessionStart } from '../../../src/audit/log/session-files.ts';
import { prune } from '../../../src/audit/retention/prune.ts';
import { resolveHome } from '../../../src/platform/home.ts';
import { limitsIndex } from '../../../src/session/limits-index.ts';
import { retain } from '../../../src/session/retention.ts';
import { verifyAudit } from '../../support/audit.ts';
import { journalIn, newHome, start, stop, TestClock, wholeSession } from '../samples.ts';

const OLD = '20250101-100000-22aaaa';
const NEW = '20261120-100000-22bbbb';
const NOW = Date.UTC(2026, 10, 25, 12);
const NOBODY = { keepDays: 365, now: NOW, running: new Set<string>() };

let root: string;
let folder: string;
beforeEach(() => {
  root = newHome();
  folder = join(root, 'audit');
});

/** Keeps the entries as the command does. */
function recorded(entries: PrunedEntry[]): void {
  const session = '20261125-120000-22cccc';
  const journal = journalIn(folder, { session, clock: new TestClock(NOW) });
  journal.stage({ type: 'session', kind: 'cli', event: 'start', ...tipFields(folder, session) });
  for (const entry of entries) journal.stage(entry);
  journal.stage({ type: 'session', kind: 'cli', event: 'stop' });
  journal.close();
}

describe('retention', () => {
  it('removes whole files of old run sessions, each after its record, and verify says that it did', () => {
    const old = wholeSession(folder, OLD);
    const young = wholeSession(folder, NEW, tipFields(folder, NEW).previousTip);
    const order: string[] = [];
    const removed = prune(folder, NOBODY, (entries) => {
      order.push(`recorded while it was ${existsSync(old) ? 'there' : 'gone'}`);
      recorded(entries);
    });
    expect(order).toEqual(['recorded while it was there']);
    expect(removed.map(({ session }) => session)).toEqual([OLD]);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
    const report = verifyAudit(folder);
    expect(report).toMatchObject({ result: 'ok', problems: [] });
    expect(report.unchecked.join()).toContain('What stood in 1 files that were removed');
  });

  it('removes nothing when that cannot be recorded', () => {
    const old = wholeSession(folder, OLD);
    const full = () => {
      throw new Error('disk full');
    };
    expect(() => prune(folder, NOBODY, full)).toThrow('disk full');
    expect(existsSync(old)).toBe(true);
  });

  it('leaves what runs, what commands recorded, and what has no readable end', () => {
    const running = wholeSession(folder, OLD);
    const command = journalIn(folder, { session: '20250102-100000-22dddd' });
    command.stage({ type: 'session', kind: 'cli', event: 'start' });
    command.close();
    const damaged = join(folder, '2026-11/20250103-100000-22eeee.jsonl');
    writeFileSync(damaged, '{"kind":"run"} garbage\n');
    const foreign = join(folder, '2026-11/notes.jsonl');
    writeFileSync(foreign, '"kind":"run"\n');
    expect(prune(folder, { ...NOBODY, running: new Set([OLD]) }, recorded)).toEqual([]);
    for (const file of [running, command.file, damaged, foreign]) expect(existsSync(file)).toBe(true);
  });

  it('does not cover for a file that was too young to be removed, or whose last record was another', () => {
    const file = wholeSession(folder, NEW);
    const tips = tipFields(folder, 'x').previousTip!;
    const later = journalIn(folder, { session: '20261121-100000-22ffff' });
    later.stage(start({ previousTip: tips }));
    later.stage({
      type: 'pruned',
      file: tips.file,
      records: 10,
      tip: { seq: tips.seq, digest: tips.digest },
      keepDays: 365,
    });
    later.stage(stop);
    later.close();
    rmSync(file);
    expect(verifyAudit(folder).problems.map(({ what }) => what)).toContain(
      `It names ${tips.file}, which is gone.`,
    );
  });

  it('happens once a day in a home', () => {
    const home = resolveHome(root, {});
    const first = wholeSession(folder, OLD);
    expect(retain(home, 365, NOW)).toBeUndefined();
    expect(existsSync(first)).toBe(false);
    const second = wholeSession(folder, '20250105-100000-22aaaa');
    retain(home, 365, NOW + 3_600_000);
    expect(existsSync(second)).toBe(true);
    retain(home, 365, NOW + 90_000_000);
    expect(existsSync(second)).toBe(false);
  });

  it('takes away what limits know of the log: files that it removes are no logs that are gone', () => {
    const home = resolveHome(root, {});
    mkdirSync(home.state, { recursive: true, mode: 0o700 });
    writeFileSync(limitsIndex(home), 'x');
    retain(home, 365, NOW);
    expect(existsSync(limitsIndex(home))).toBe(true);
    wholeSession(folder, OLD);
    retain(home, 365, NOW + 90_000_000);
    expect(existsSync(limitsIndex(home))).toBe(false);
  });

  it('knows when a session began by its name, and nothing of other names', () => {
    expect(sessionStart('20261125-120000-abcdef')).toBe(NOW);
    expect(sessionStart('notes')).toBeUndefined();
    expect(sessionStart('20261399-120000-abcdef')).toBeUndefined();
  });
});
