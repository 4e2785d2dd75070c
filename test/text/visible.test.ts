import { describe, expect, it } from 'vitest';
import { hiddenCount, segments, visible } from '../../src/text/visible.ts';

const DANGEROUS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}]/u;

describe('visible', () => {
  it('lets no code point of Unicode through that controls, hides or reorders', () => {
    const through: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const shown = visible(`a${String.fromCodePoint(code)}b`);
      if (DANGEROUS.test(shown)) through.push(code.toString(16));
    }
    expect(through).toEqual([]);
  });

  it.for([
    ['\u001b[2J', '\\u{001b}[2J'],
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['rm\u00a0-rf', 'rm\\u{00a0}-rf'],
    ['\u009b31m', '\\u{009b}31m'],
    ['x\u{e0041}', 'x\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['naïve 日本 ✓', 'naïve 日本 ✓'],
    ['', ''],
  ] as const)('shows %j as %j', ([text, shown]) => {
    expect(visible(text)).toBe(shown);
  });

  it('keeps a few marks on a letter and spells out the rest', () => {
    const zalgo = `e${'\u0301'.repeat(20)}`;
    expect(visible(zalgo)).toBe(`e${'\u0301'.repeat(4)}${'\\u{0301}'.repeat(16)}`);
  });

  it('tells escapes from text that looks like one', () => {
    expect(segments('\\u{001b}\u001b')).toEqual([
      { text: '\\u{001b}', escaped: false },
      { text: '\\u{001b}', escaped: true },
    ]);
  });

  it('counts what a person would not have seen', () => {
    expect(hiddenCount('a\u200bb\u202ec')).toBe(2);
    expect(hiddenCount('plain')).toBe(0);
  });
});

describe('a sign of several code points', () => {
  it.each(['👨‍👩‍👧‍👦', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏳️‍🌈'])('%s is shown as one', (sign) => {
    expect(visible(`a${sign}b`)).toBe(`a${sign}b`);
  });

  it('is one only as Unicode has it: what else is joined to it, or joins letters, is spelled out', () => {
    expect(visible('👨‍')).toBe('👨\\u{200d}');
    expect(visible('a\u200db')).toBe('a\\u{200d}b');
    expect(visible('a\ufe0f')).toBe('a\\u{fe0f}');
    expect(visible('🏴\u{e0061}\u{e007f}')).toBe('🏴\\u{e0061}\\u{e007f}');
  });
});
