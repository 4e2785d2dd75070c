import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
