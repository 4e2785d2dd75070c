import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageLog } from '../../../src/audit/limits/usage.ts';
import { SpentCalls } from '../../../src/audit/limits/usage-by-call.ts';
import { decimalOf, decimalText, exactDouble, minus, plus } from '../../../src/policy/decide/decimal.ts';
import type { Over } from '../../../src/policy/decide/over.ts';
import { newFolder } from '../../support/home.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const over = (windowMs = HOUR): Over => ({
  key: 'k',
  source: '',
  sum: undefined,
  limit: { digits: 1n, exponent: 0 },
  windowMs,
});

const record = (type: string, time: number, fields: object): string =>
  `${JSON.stringify({ v: 1, seq: 0, time: new Date(time).toISOString(), mono: 0, session: 's', prev: '', type, ...fields })}\n`;
const decision = (call: number, time: number, amount: string): string =>
  record('decision', time, { call, counted: [{ item: 'k', amount }] });

function folderWith(name: string, text: string): { folder: string; file: string } {
  const folder = newFolder();
  mkdirSync(join(folder, '2026-11'));
  const file = join(folder, '2026-11', name);
  writeFileSync(file, text);
  return { folder, file };
}

describe('what was spent', () => {
  it('is read from the records of other sessions, and what they add later', () => {
    const { folder, file } = folderWith(
      'a.jsonl',
      decision(1, NOW - 1000, '0.1') + decision(2, NOW - 500, '0.2'),
    );
    const spent = new UsageLog({ folder, session: 'own', now: () => NOW });
    expect(decimalText(spent.spent(over()))).toBe('0.3');
    appendFileSync(file, decision(3, NOW, '0.4'));
    const torn = decision(4, NOW, '9').slice(0, 20);
    appendFileSync(file, torn);
    expect(decimalText(spent.spent(over()))).toBe('0.7');
    appendFileSync(file, decision(4, NOW, '9').slice(20));
    expect(decimalText(spent.spent(over()))).toBe('9.7');
  });

  it.for([
    ['a rejection', record('verdict', NOW, { call: 1, verdict: 'reject' }), '0'],
    ['an expiry', record('verdict', NOW, { call: 1, verdict: 'expired' }), '0'],
    ['a client that was told to ask again', record('hold', NOW, { call: 1, event: 'detached' }), '0'],
    ['a call that nobody was asked about', record('refusal', NOW, { call: 1, cause: 'flood' }), '0'],
    ['an approval', record('verdict', NOW, { call: 1, verdict: 'approve' }), '5'],
    ['another call', record('verdict', NOW, { call: 2, verdict: 'reject' }), '5'],
  ] as const)('after %s', ([, line, left]) => {
    const { folder } = folderWith('a.jsonl', decision(1, NOW - 10, '5') + line);
    const spent = new UsageLog({ folder, session: 'own', now: () => NOW });
    expect(decimalText(spent.spent(over()))).toBe(left);
  });

  it('slides: what is older than the window is forgotten, what lies in the future is not', () => {
    const { folder } = folderWith(
      'a.jsonl',
      decision(1, NOW - HOUR, '1') + decision(2, NOW - HOUR + 1, '2') + decision(3, NOW + HOUR, '4'),
    );
    let now = NOW;
    const spent = new UsageLog({ folder, session: 'own', now: () => now });
    expect(decimalText(spent.spent(over()))).toBe('6');
    now += 2;
    expect(decimalText(spent.spent(over()))).toBe('4');
  });

  it('does not count the own session twice, nor files that ended before the window', () => {
    const { folder } = folderWith('own.jsonl', decision(1, NOW, '1'));
    const old = join(folder, '2026-11', 'old.jsonl');
    writeFileSync(old, decision(1, NOW, '5'));
    utimesSync(old, new Date(NOW - 2 * HOUR), new Date(NOW - 2 * HOUR));
    const spent = new UsageLog({ folder, session: 'own', now: () => NOW });
    spent.note({ type: 'decision', call: 1, counted: [{ item: 'k', amount: '1' }] } as never);
    expect(decimalText(spent.spent(over()))).toBe('1');
    spent.undo(1);
    expect(decimalText(spent.spent(over()))).toBe('0');
  });

  it('of a log with a damaged line is an error at every call: nobody knows what the line had counted', () => {
    const { folder } = folderWith('a.jsonl', `${decision(1, NOW, '1')}garbage\n${decision(2, NOW, '1')}`);
    const spent = new UsageLog({ folder, session: 'own', now: () => NOW });
    for (const call of [1, 2, 3])
      expect(() => spent.spent(over()), `${call}`).toThrow('2026-11/a.jsonl is damaged');
  });

  it('of an audit folder that cannot be read is an error: the limit is then not taken as kept', () => {
    const folder = newFolder();
    writeFileSync(join(folder, '2026-11'), '');
    const file = join(folder, 'x');
    writeFileSync(file, '');
    const spent = new UsageLog({ folder: file, session: 'own', now: () => NOW });
    expect(() => spent.spent(over())).toThrow('ENOTDIR');
  });

  it('is exact after any order of uses, returns and windows', () => {
    const use = fc.record({
      time: fc.integer({ min: 0, max: 100 }),
      cents: fc.integer({ min: 0, max: 1000 }),
      back: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 30 }), fc.integer({ min: 0, max: 100 }), (uses, since) => {
        const calls = new SpentCalls();
        for (const [n, { time, cents }] of uses.entries())
          calls.use(String(n), time, [{ item: 'k', amount: (cents / 100).toFixed(2) }]);
        for (const [n, { back }] of uses.entries()) if (back) calls.giveBack(String(n));
        const left = uses
          .filter(({ back, time }) => !back && time > since)
          .reduce((sum, { cents }) => sum + cents, 0);
        expect(decimalText(calls.total('k', since))).toBe(decimalText(decimalOf((left / 100).toFixed(2))!));
      }),
    );
  });
});

describe('an exact decimal', () => {
  it.for([
    ['0.10', '0.1'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['100', '100'],
    ['1E-7', '0.0000001'],
    ['-12.50', '-12.5'],
    ['9007199254740993', '9007199254740993'],
    ['1e30', '1e30'],
    ['1e-30', '1e-30'],
  ] as const)('%s is %s', ([text, shown]) => expect(decimalText(decimalOf(text)!)).toBe(shown));

  it.for(['', '1e9999999', '0x10', 'NaN', '1.', '.5', ' 1', '1e401', '9'.repeat(401)])(
    'is not %j',
    (text) => {
      expect(decimalOf(text)).toBeUndefined();
    },
  );

  it('adds and subtracts without a rest', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -20, max: 20 }),
        fc.integer(),
        fc.integer({ min: -20, max: 20 }),
        (a, e, b, f) => {
          const [one, two] = [decimalOf(`${a}e${e}`)!, decimalOf(`${b}e${f}`)!];
          expect(decimalText(minus(plus(one, two), two))).toBe(decimalText(one));
          expect(decimalOf(decimalText(one))).toEqual(one);
        },
      ),
    );
  });

  it('is held by a double exactly when the double says the same number', () => {
    for (const text of ['0.1', '1.0', '501', '1e21', '5e-324', '123456789012345.6', '9007199254740992'])
      expect(exactDouble(text), text).toBe(Number(text));
    for (const text of ['9007199254740993', '0.1000000000000000055', '1e400', '1e-400', '123456789012345678'])
      expect(exactDouble(text), text).toBeUndefined();
  });
});
