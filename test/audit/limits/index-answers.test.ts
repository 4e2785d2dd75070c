import { appendFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexCheck } from '../../../src/audit/limits/index-check.ts';
import { type IndexPlace, readIndex } from '../../../src/audit/limits/index-file.ts';
import { UsageLog } from '../../../src/audit/limits/usage.ts';
import type { Problem } from '../../../src/audit/verify/verify-file.ts';
import { LIMITS_FILE } from '../../../src/audit/verify/verify-limits.ts';
import { decimalText } from '../../../src/policy/decide/decimal.ts';
import type { Over } from '../../../src/policy/decide/over.ts';
import { verifyAudit } from '../../support/audit.ts';
import { newFolder } from '../../support/home.ts';
import { LogWriter } from './log-writer.ts';
import { spentByAll } from './spent-oracle.ts';

const MINUTE = 60_000;
const WINDOW = 60 * MINUTE;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const KEY = Buffer.alloc(32, 5);
const over = (key: string): Over => ({
  key,
  source: '',
  sum: undefined,
  limit: { digits: 1n, exponent: 0 },
  windowMs: WINDOW,
});

/** What `audit verify` finds of the index that a session left. */
function differences(audit: string, index: IndexPlace): Problem[] {
  const limits = new IndexCheck(readIndex(index)!);
  const beside = { count: null, policies: null, maskKey: null, stopped: false, limits };
  return verifyAudit(audit, { beside }).problems.filter(({ file }) => file === LIMITS_FILE);
}

const step = fc.record({
  file: fc.nat(4),
  /** Minutes since the step before; a clock may be set back. */
  later: fc.integer({ min: -3, max: 12 }),
  what: fc.constantFrom(
    'use',
    'use',
    'use',
    'other use',
    'plain',
    'outcome',
    'reject',
    'approve',
    'detached',
    'refusal',
    'stop',
    'part',
    'ask',
    'ask and end',
    'torn',
  ),
  call: fc.nat(6),
  cents: fc.integer({ min: 0, max: 100_000 }),
});

describe('with an index, what was spent', () => {
  it('is what a full reading of the log says, whatever was written between the sessions that keep it', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const folder = newFolder();
        const audit = join(folder, 'audit');
        const index = { file: join(folder, 'limits.index'), key: KEY };
        let now = NOW;
        let latest = now;
        const open = (): UsageLog =>
          new UsageLog({
            folder: audit,
            session: 'own',
            now: () => latest,
            wall: Date.now,
            longestMs: WINDOW,
            index,
          });
        const writers = Array.from(
          { length: 5 },
          (_, n) => new LogWriter(audit, n < 2 ? '2026-10' : '2026-11', `2026112${n}-100000-aaaaa${n}.jsonl`),
        );
        const ended = new Set<number>();
        let log = open();
        for (const { file, later, what, call, cents } of steps) {
          // A clock that is set back by more than that leaves files that look older than they are.
          now = Math.max(now + later * MINUTE, latest - 9 * MINUTE);
          latest = Math.max(latest, now);
          const writer = writers[file]!;
          const ask = (): void => {
            for (const key of ['k', 'j'])
              expect(decimalText(log.spent(over(key)))).toBe(
                decimalText(spentByAll(audit, key, latest - WINDOW)),
              );
          };
          if (what === 'ask' || what === 'ask and end') {
            if (
              !ended.has(-1) &&
              writers.every(({ path }) => statSync(path, { throwIfNoEntry: false }) === undefined)
            )
              continue;
            ask();
            if (what === 'ask and end') {
              log.end();
              expect(differences(audit, index)).toEqual([]);
              log = open();
            }
          } else if (!ended.has(file)) {
            if (what === 'use') writer.counted(now, call, (cents / 100).toFixed(2));
            if (what === 'other use') writer.counted(now, call, `${cents}123456789012345678`, 'j');
            if (what === 'plain') writer.write(now, 'decision', { call, effect: 'allow' });
            if (what === 'outcome') writer.write(now, 'outcome', { call, outcome: 'ok' });
            if (what === 'reject' || what === 'approve')
              writer.write(now, 'verdict', { call, verdict: what });
            if (what === 'detached') writer.write(now, 'hold', { call, event: what });
            if (what === 'refusal') writer.write(now, 'refusal', { call, cause: 'flood' });
            if (what === 'part') {
              writers[file] = new LogWriter(
                audit,
                writer.name.slice(0, 7),
                `${writer.name.slice(8, 30)}.${Number(/\.(\d+)\./.exec(writer.name)?.[1] ?? 1) + 1}.jsonl`,
              );
            }
            if (what === 'torn' && statSync(writer.path, { throwIfNoEntry: false }) !== undefined) {
              appendFileSync(writer.path, '{"v":1,"seq":');
              ended.add(file);
            }
            if (what === 'stop') {
              writer.stop(now);
              ended.add(file);
            }
          }
        }
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 150 },
    );
  });
});
