import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, LineSplitter } from '../../src/protocol/line-splitter.ts';

const text = (line: Line): string | number =>
  'overlong' in line ? line.overlong : Buffer.from(line).toString('latin1');

/** The lines of these chunks, and what is left pending. */
function split(chunks: readonly string[], maxBytes: number): { lines: (string | number)[]; pending: number } {
  const splitter = new LineSplitter(maxBytes);
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk, 'latin1')).map(text));
  return { lines, pending: splitter.pending };
}

/** This text, cut where these numbers say. */
function cut(whole: string, at: readonly number[]): string[] {
  const cuts = [0, ...at.map((n) => n % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, n) => whole.slice(cuts[n], end));
}

describe('lines cut from a stream', () => {
  it('are the same however the stream is cut, overlong ones counted and the rest as it was', () => {
    const line = fc.tuple(fc.nat(300), fc.constantFrom('a', '\r', '{', '\0'));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), fc.nat(300), (lengths, at, maxBytes) => {
        const lines = lengths.map(([length, fill]) => `${fill.repeat(length)}\n`);
        const { lines: got, pending } = split(cut(`${lines.join('')}tail`, at), maxBytes);
        expect(got).toEqual(lines.map((one) => (one.length > maxBytes ? one.length : one)));
        expect(pending).toBe(4);
      }),
    );
  });

  it('are whole when large and small pieces alternate', () => {
    const pieces = Array.from({ length: 300 }, (_, n) => `${n % 10}`.repeat((n * 997) % 9000));
    const whole = pieces.join('');
    expect(split([...pieces, '\n'], 8 * 1024 * 1024).lines).toEqual([`${whole}\n`]);
  });

  it('may be as long as the limit with their LF, and not a byte longer', () => {
    expect(split(['a'.repeat(9), '\n'], 10).lines).toEqual([`${'a'.repeat(9)}\n`]);
    expect(split(['a'.repeat(10), '\n', 'b\n'], 10).lines).toEqual([11, 'b\n']);
    expect(split([`${'a'.repeat(10)}\nb\n`], 10).lines).toEqual([11, 'b\n']);
  });

  it('that drip in byte by byte cost little more than their bytes', () => {
    const splitter = new LineSplitter(32 * 1024 * 1024);
    const byte = Buffer.from('x');
    const before = process.memoryUsage();
    for (let n = 0; n < 4_000_000; n += 1) splitter.push(byte);
    const after = process.memoryUsage();
    expect(splitter.pending).toBe(4_000_000);
    expect((after.heapUsed - before.heapUsed) / 1_048_576).toBeLessThan(150);
  });
});
