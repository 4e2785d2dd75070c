import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/approvals/showing/differences.ts';
import { visible } from '../../../src/text/visible.ts';
import { rows } from '../../support/views.ts';

const lines = (before: unknown, now: unknown): string[] =>
  rows(differences(JSON.stringify(before), JSON.stringify(now)));

describe('what differs from the last approved call', () => {
  it('is nothing for the same, however it is spelled', () => {
    expect(differences('{"a":1,"b":"x"}', '{ "b": "\\u0078", "a": 1 }')).toEqual([]);
  });

  it('is a line a value, the most telling first', () => {
    const before = { note: 'n', path: 'a/b', content: 'a\nb\nc', gone: 1, same: [1, { x: 'y' }] };
    const now = { note: 'm', path: 'a/c', content: 'a\nB\nc', to: ['x@y.test'], same: [1, { x: 'z' }] };
    expect(lines(before, now)).toEqual([
      'to.0: new: "x@y.test"',
      'path: "a/b" → "a/c"',
      'note: "n" → "m"',
      'content: 1 of 3 lines changed',
      'same.1.x: "y" → "z"',
      'gone: left out, was 1',
    ]);
  });

  it('of long values says where, of many lines how many, and of another type that it is one', () => {
    const long = 'x'.repeat(500);
    expect(lines({ a: `${long}1${long}` }, { a: `${long}2${long}` })).toEqual([
      'a: from character 501 of 1,001 characters on "1" → "2"',
    ]);
    expect(lines({ a: 1 }, { a: '1' })).toEqual(['a: 1 → "1"']);
    const many = (letter: string): string =>
      Array.from({ length: 3_000 }, (_, at) => `${letter}${at}`).join('\n');
    expect(lines({ a: many('a') }, { a: many('b') })).toEqual(['a: nearly all lines changed, 3000 → 3000']);
  });

  it('says how many times a number has grown', () => {
    expect(lines({ amount: 1299, n: 3 }, { amount: 12990, n: 7 })).toEqual([
      'amount: 1299 → 12990 (10 times as much)',
      'n: 3 → 7 (about 2 times as much)',
    ]);
    expect(lines({ amount: 0, n: 3 }, { amount: 5, n: 4 })).toEqual(['amount: 0 → 5', 'n: 3 → 4']);
  });

  it('says that there is something, where it cannot say what', () => {
    expect(rows(differences('{', '{}'))).toEqual([
      'The arguments differ; one of the two is no JSON that could be compared.',
    ]);
    expect(rows(differences('{}', `{"a":"${'x'.repeat(300_000)}"}`))[0]).toContain('longer than 256 KiB');
  });

  it('is never empty for other arguments, and drives no terminal', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.json({ stringUnit: 'binary' }), (before, now) => {
        const found = differences(`{"a":${before}}`, `{"a":${now}}`);
        const same = JSON.stringify(JSON.parse(before)) === JSON.stringify(JSON.parse(now));
        if (!same && sorted(JSON.parse(before)) !== sorted(JSON.parse(now)))
          expect(found.length).toBeGreaterThan(0);
        for (const row of rows(found)) expect(visible(row)).toBe(row);
      }),
    );
  });
});

/** JSON without the order of members. */
function sorted(of: unknown): string {
  return JSON.stringify(of, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

it('of one changed line among many it is said which, and what it becomes', () => {
  const lines = Array.from({ length: 31 }, (_, at) => `line ${at}`);
  const text = (all: string[]) => JSON.stringify({ body: all.join('\n') });
  expect(rows(differences(text(lines), text(lines.with(25, 'IBAN LT60'))))).toEqual([
    'body: line 26 of 31 becomes: IBAN LT60',
  ]);
});
