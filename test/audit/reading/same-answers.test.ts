import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { objectJson } from '../../../src/audit/log/raw-json.ts';
import type { CallRecord } from '../../../src/audit/reading/call-record.ts';
import { countCalls } from '../../../src/audit/reading/count-calls.ts';
import { type CallDetail, findCall } from '../../../src/audit/reading/find-call.ts';
import { newestCalls } from '../../../src/audit/reading/newest-calls.ts';
import { type Filter, queryCalls } from '../../../src/audit/reading/query.ts';
import { addressOf, shortSession } from '../../../src/audit/reading/seek-call.ts';
import { statsOf } from '../../../src/audit/reading/stats.ts';
import { SIGNATURES } from '../../../src/session/signatures.ts';
import { LONG } from '../../support/long.ts';
import { newHome, START } from '../samples.ts';
import { GrownLog } from './grown-log.ts';

const SEEDS = Array.from({ length: LONG ? 60 : 12 }, (_, seed) => seed);
const FILTERS: Filter[] = [
  {},
  { since: START + 60_000 },
  { since: START + 9e9 },
  { server: 'files' },
  { tool: 'drop_*' },
  { effect: 'escalate', verdict: 'approve' },
  { verdict: 'reject', since: START + 30_000 },
  { effect: 'deny' },
];
/** Small steps, so that every way of going further back is gone. */
const STEPS = [
  { small: 0, first: 300, most: 1e9 },
  { small: 0, first: 2_000, most: 8_000 },
  { small: 0, first: 1, most: 0 },
];

const texts = (calls: readonly CallRecord[]): string[] => calls.map(objectJson);
const orphans = (warning: string): boolean => warning.includes('without a readable decision');

/** By file, how many records are said to belong to calls without a decision. */
function orphansIn(warnings: readonly string[]): Map<string, number> {
  return new Map(
    warnings.filter(orphans).map((warning) => {
      const [count, , , file] = warning.split(' ');
      return [file!, Number(count)];
    }),
  );
}

function grown(seed: number): { folder: string; log: GrownLog } {
  const folder = join(newHome(), 'audit');
  const log = new GrownLog(folder, seed);
  log.write(150 + seed * 10);
  return { folder, log };
}

/** What `show` says, or the sentence by which it refuses. */
function told(find: () => CallDetail): unknown {
  try {
    const { call, records, sessionStart, grant, proofs } = find();
    const source = records.map(({ text }) => text);
    return [objectJson(call), source, sessionStart?.text, grant?.text, proofs];
  } catch (error) {
    return (error as Error).message;
  }
}

describe.for(SEEDS)('a log grown from %i', (seed) => {
  const { folder, log } = grown(seed);

  it('has the same newest calls when it is read from its end', () => {
    for (const filter of FILTERS) {
      const plain = queryCalls(folder, filter);
      for (const count of [1, 7, 50, 10_000]) {
        for (const steps of STEPS) {
          const { calls, total, warnings } = newestCalls(folder, filter, count, steps);
          expect(texts(calls)).toEqual(texts(plain.calls.slice(-count)));
          expect([undefined, plain.calls.length]).toContain(total);
          // What it says of lines is what a full reading says of the same lines.
          expect(plain.warnings).toEqual(expect.arrayContaining(warnings.filter((one) => !orphans(one))));
          const known = orphansIn(plain.warnings);
          for (const [file, count] of orphansIn(warnings))
            expect(count).toBeLessThanOrEqual(known.get(file) ?? 0);
        }
      }
    }
  });

  it('has all its damage told by whoever has read all of it', () => {
    const steps = { small: 0, first: 1, most: 0 };
    const { warnings, total } = newestCalls(folder, {}, 10_000, steps);
    const plain = queryCalls(folder);
    expect(warnings).toEqual(plain.warnings);
    expect(total).toBe(plain.calls.length);
    expect(countCalls(folder).warnings).toEqual(plain.warnings);
  });

  it('is counted the same without being kept', () => {
    for (const filter of FILTERS) {
      const { calls, uncounted } = queryCalls(folder, filter);
      expect(countCalls(folder, filter).stats).toEqual(statsOf(calls, uncounted));
    }
  });

  it('shows the same of every call that is sought by what names it', () => {
    const { calls } = queryCalls(folder);
    const some = calls.filter((_, at) => at % 3 === seed % 3);
    const addresses = [
      ...some.map(addressOf),
      ...some.slice(0, 20).map(({ session, call }) => `${shortSession(session)}/${call}`),
      ...log.holds.slice(-15),
      ...['1', '7', '40', '007', '1e1', '9999', 'nope', `${log.sessions[0]}/9999`, 'a/b/1'],
    ];
    for (const address of addresses) {
      const plain = told(() => findCall(folder, address, SIGNATURES));
      expect(told(() => findCall(folder, address, SIGNATURES, 0))).toEqual(plain);
    }
  });
});
