import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markTables } from '../../../src/policy/paths/mark-tables.ts';
import { Simd } from '../../../src/protocol/json/simd.ts';

const HEX = /^[0-9a-fA-F]{4}$/;

/** The plain way: where a closer look is needed, and what was passed. */
function plainly(bytes: Uint8Array, from: number) {
  let [at, shrinks, odd] = [from, 0, false];
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte === 0x22 || byte < 0x20) break;
    if (byte !== 0x5c) {
      at += 1;
      continue;
    }
    if (at + 6 > bytes.length) break;
    const letter = String.fromCharCode(bytes[at + 1] as number);
    if (/["\\bfnrt]/.test(letter)) {
      shrinks += 1;
      at += 2;
    } else if (letter === '/') {
      odd = true;
      at += 2;
    } else if (letter === 'u' && HEX.test(String.fromCharCode(...bytes.subarray(at + 2, at + 6)))) {
      odd = true;
      at += 6;
    } else break;
  }
  return { at, shrinks, odd };
}

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom(...'abc .:/%é€👍x'), maxLength: 40 }) },
  { weight: 3, arbitrary: fc.constantFrom('\\n', '\\"', '\\\\', '\\t', '\\/', '\\u00e9', '\\uD83D', '\\b') },
  { weight: 1, arbitrary: fc.constantFrom('"', '\n', '\\x', '\\u12', '\\u12g4', '\\', '\0') },
);

let readings = 0;
const reading = (bytes: Uint8Array) => ({ id: ++readings, bytes });

describe('the loop over sixteen bytes at a time', () => {
  const simd = new Simd();

  it('stops in a string where the loop over one at a time does, with the same said of what it passed', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.nat(40), (pieces, from) => {
        const bytes = new TextEncoder().encode(pieces.join(''));
        const start = Math.min(from, bytes.length);
        simd.shrinks = 0;
        simd.odd = false;
        const at = simd.string(reading(bytes), start);
        expect({ at, shrinks: simd.shrinks, odd: simd.odd }).toEqual(plainly(bytes, start));
      }),
      { numRuns: 3000 },
    );
  });

  it('does so through texts longer than its window, wherever an escape lies', () => {
    for (let shift = 0; shift < 24; shift += 1) {
      const text = `${'x'.repeat(shift)}${'abcdefgh\\n\\u00e9\\\\ij'.repeat(12_000)}" and more`;
      const bytes = new TextEncoder().encode(text);
      simd.shrinks = 0;
      simd.odd = false;
      const at = simd.string(reading(bytes), 0);
      expect({ at, shrinks: simd.shrinks, odd: simd.odd }).toEqual(plainly(bytes, 0));
    }
  });

  it('reads a text anew for another reader, though it lies where the last one did', () => {
    const bytes = new TextEncoder().encode('x'.repeat(100));
    expect(simd.string(reading(bytes), 0)).toBe(100);
    bytes[50] = 0x22;
    expect(simd.string(reading(bytes), 0)).toBe(50);
  });
});

/** The plain way to look for marks: every dot before a `j` or a quote, in any case, and every other escape. */
function marksIn(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1] as number;
    if (byte === 0x2e && [0x6a, 0x4a, 0x22, 0x27, 0x5c].includes(next)) found.push(at);
    if (byte !== 0x5c) continue;
    if (next === 0x75 || next === 0x2f) found.push(at);
    at += 1;
  }
  return found;
}

describe('the look for marks', () => {
  const simd = new Simd();
  const tables = markTables([{ mark: 0x2e, wanted: { before: '', after: 'j' } }]);

  it('passes no mark over, and counts no escaped letter for one, wherever its windows end', () => {
    for (let shift = 0; shift < 40; shift += 1) {
      const text = `${'x'.repeat(shift)}${'ab\\\\.j cd\\n.J \\\\\\".jk \\\\\\\\\\\\n.\\"on \\u002e.'.repeat(4_000)}`;
      const bytes = new TextEncoder().encode(text);
      const found: number[] = [];
      const reader = reading(bytes);
      for (let at = 0; at < bytes.length; ) {
        at = simd.nextMark(reader, tables, at, bytes.length);
        if (at >= bytes.length) break;
        found.push(at);
        at += bytes[at] === 0x5c ? 2 : 1;
      }
      expect(found).toEqual(marksIn(bytes));
    }
  });
});
