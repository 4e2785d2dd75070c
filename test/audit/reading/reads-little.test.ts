import fs, { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { countCalls } from '../../../src/audit/reading/count-calls.ts';
import { newestCalls } from '../../../src/audit/reading/newest-calls.ts';
import { addressOf } from '../../../src/audit/reading/seek-call.ts';
import { findCall } from '../../support/audit.ts';
import { decision, journalIn, newHome, ok, START, start, stop, TestClock } from '../samples.ts';

const read = { bytes: 0, files: new Set<string>() };

/** The real file system, whose readings are counted. */
function countReadings(): void {
  const { openSync, readSync } = fs;
  vi.spyOn(fs, 'openSync').mockImplementation((...args) => {
    if (String(args[0]).endsWith('.jsonl')) read.files.add(String(args[0]));
    return openSync(...args);
  });
  vi.spyOn(fs, 'readSync').mockImplementation((...args: unknown[]) => {
    const bytes = (readSync as (...all: unknown[]) => number)(...args);
    read.bytes += bytes;
    return bytes;
  });
  syncBuiltinESMExports();
}

const MIB = 1 << 20;
const HOUR_MS = 3_600_000;
const name = (at: number): string =>
  `20261122-10${String(at).padStart(2, '0')}00-aaaa${String(at).padStart(2, '0')}`;

/** Sessions one after the other, each an hour long. */
function logOf(sessions: number, calls: number): string {
  const folder = join(newHome(), 'audit');
  for (let at = 0; at < sessions; at += 1) {
    const clock = new TestClock(START + at * HOUR_MS);
    const journal = journalIn(folder, { session: name(at), clock });
    journal.stage(start());
    for (let call = 1; call <= calls; call += 1) {
      clock.move(HOUR_MS / calls / 2);
      for (const entry of [decision(call), ok(call)]) journal.stage(entry);
      if (call % 100 === 0) journal.commit();
    }
    journal.stage(stop);
    journal.close();
    utimesSync(journal.file, clock.wall() / 1000, clock.wall() / 1000);
  }
  return folder;
}

const many = logOf(20, 800);
const long = logOf(1, 16_000);
const fileOf = (folder: string, at: number): string => join(folder, '2026-11', `${name(at)}.jsonl`);

beforeEach(() => {
  read.bytes = 0;
  read.files.clear();
});
beforeAll(countReadings);
afterAll(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Of each session the end is looked at, to know which of them wrote last. */
const TAILS = 20 * 4096;

describe('of a long log', () => {
  it('is long enough that nothing reads it as a whole', () => {
    expect(readFileSync(fileOf(long, 0)).length).toBeGreaterThan(10 * MIB);
    expect(readdirSync(join(many, '2026-11')).length).toBe(20);
  });

  it('the newest calls are read from the end of the newest sessions alone', () => {
    const { calls, total } = newestCalls(many, {}, 50);
    expect(calls.map(addressOf)).toEqual(Array.from({ length: 50 }, (_, at) => `${name(19)}/${751 + at}`));
    expect(total).toBeUndefined();
    expect(read.bytes).toBeGreaterThan(TAILS / 2);
    expect(read.bytes).toBeLessThan(TAILS + MIB);
  });

  it('in one file they are read from its end', () => {
    const { calls } = newestCalls(long, {}, 50);
    expect(calls.map(({ call }) => call)).toEqual(Array.from({ length: 50 }, (_, at) => 15_951 + at));
    expect(read.bytes).toBeGreaterThan(10_000);
    expect(read.bytes).toBeLessThan(MIB);
  });

  it('of what is older than --since nothing but ends is read', () => {
    const since = START + 21 * HOUR_MS;
    expect(newestCalls(many, { since }, 50)).toEqual({ calls: [], total: 0, warnings: [] });
    expect(countCalls(many, { since }).stats.calls).toBe(0);
    expect(read.bytes).toBeGreaterThan(TAILS / 2);
    expect(read.bytes).toBeLessThanOrEqual(2 * TAILS);
  });

  it('a call since a time is found in a session whose file looks older', () => {
    const since = START + 19 * HOUR_MS;
    utimesSync(fileOf(many, 19), START / 1000, START / 1000);
    const { calls, total } = newestCalls(many, { since }, 10_000);
    expect([calls.length, total]).toEqual([800, 800]);
    expect(countCalls(many, { since }).stats.calls).toBe(800);
  });

  it('a call is shown from the files of its session alone', () => {
    const { call, records } = findCall(many, `${name(7)}/400`);
    expect([addressOf(call), records.length]).toEqual([`${name(7)}/400`, 2]);
    expect([...read.files].map((file) => basename(file))).toEqual([`${name(7)}.jsonl`]);
    expect(findCall(many, 'aaaa07/401').call.call).toBe(401);
    expect([...read.files]).toHaveLength(1);
  });
});

describe('a log that no holdpoint wrote', () => {
  it('is counted as it stands where a call goes on behind its outcome', () => {
    const folder = join(newHome(), 'audit');
    const journal = journalIn(folder);
    const hold = 'abcde';
    for (const entry of [start(), decision(1), ok(1), decision(2, { effect: 'deny' })]) journal.stage(entry);
    journal.stage({
      type: 'verdict',
      call: 1,
      hold,
      verdict: 'approve',
      by: { name: 'x', method: 'y', tier: 0 },
    });
    journal.stage(decision(2, { effect: 'allow' }));
    journal.close();
    const { effects, verdicts, calls } = countCalls(folder).stats;
    expect([calls, effects.allow, effects.deny, verdicts.approve]).toEqual([2, 2, 0, 1]);
  });
});

describe('damage in a long log', () => {
  it('is told by the number of its line where the reading came by', () => {
    const folder = logOf(1, 16_000);
    const file = fileOf(folder, 0);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[31_989] = 'garbage';
    lines[5] = 'garbage';
    writeFileSync(file, lines.join('\n'));
    const { warnings, calls } = newestCalls(folder, {}, 50);
    expect(warnings).toEqual([
      `Line 31990 of 2026-11/${name(0)}.jsonl was skipped: it is not JSON.`,
      `1 records of 2026-11/${name(0)}.jsonl belong to calls without a readable decision.`,
    ]);
    expect(calls).toHaveLength(50);
    expect(findCall(folder, `${name(0)}/9000`).warnings).toEqual(
      [6, 31_990].map((line) => `Line ${line} of 2026-11/${name(0)}.jsonl was skipped: it is not JSON.`),
    );
  });
});
