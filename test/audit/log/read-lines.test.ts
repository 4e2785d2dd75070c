import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src/audit/log/session-files.ts';
import { newHome } from '../samples.ts';

/** Each line is good until the next one is asked for. */
function textOf(path: string): string[] {
  const texts: string[] = [];
  for (const { bytes, number, torn } of readLines(path)) texts.push(`${number}${torn ? '?' : ''} ${bytes}`);
  return texts;
}

describe('the lines of a file', () => {
  it('are none of an empty one, and all of one that is shorter or longer than a read', () => {
    const path = join(newHome(), 'x');
    writeFileSync(path, '');
    expect(textOf(path)).toEqual([]);
    writeFileSync(path, 'a\n\nb');
    expect(textOf(path)).toEqual(['1 a', '2 ', '3? b']);
    for (const length of [4_095, 4_096, 4_097, 3 << 20]) {
      writeFileSync(path, `${'x'.repeat(length)}\ny\n`);
      expect(textOf(path)).toEqual([`1 ${'x'.repeat(length)}`, '2 y']);
    }
  });

  it('are read on to where the file ends by then, when it grows meanwhile', () => {
    const path = join(newHome(), 'x');
    writeFileSync(path, 'a\n');
    const lines = readLines(path);
    expect(lines.next().value?.bytes.toString()).toBe('a');
    appendFileSync(path, `${'b'.repeat(10_000)}\nc\n`);
    expect([...lines].map(({ bytes }) => bytes.length)).toEqual([10_000, 1]);
  });
});
