import type { TextSpan } from './text-span.ts';

/** Codes that let somebody in once, as services list them. */
const HEAD = /\b(?:recovery|backup|scratch|emergency|one-time|2fa)[ _-]{0,2}codes?\b/gi;
const CODE =
  /(?<![\w-])(?:(?=[a-z-]{0,12}\d)[a-z0-9]{4,6}-[a-z0-9]{4,6}|\d{4} \d{4}|\d{8,10}|(?=[A-Z]{0,10}\d)[A-Z0-9]{8,12})(?![\w-])/g;
const REACH = 800;

/** Words of a list of 2,048 that open a wallet (BIP 39): twelve to twenty-four of three to eight letters. */
const PHRASE_HEAD = /\b(?:recovery|seed|mnemonic|wallet|backup)\b/gi;
const PHRASE = /(?<![\w'’-])[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23}(?![\w'’-])/g;
const PHRASE_REACH = 260;
/** Of every head, whatever its first letter's case. */
const HINTS = [
  'ecovery',
  'ackup',
  'cratch code',
  'mergency code',
  '2fa',
  '2FA',
  'nemonic',
  'allet',
  'eed phrase',
  'eed:',
];

function within(text: string, head: RegExp, reach: number, use: (from: number, part: string) => void): void {
  let done = 0;
  for (const match of text.matchAll(head)) {
    const from = match.index + match[0].length;
    if (from < done) continue;
    done = from + reach;
    use(from, text.slice(from, done));
  }
}

/** What lets somebody in who has lost the usual way: lists of codes, phrases of words. Linear. */
export function recoverySecrets(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  if (!HINTS.some((hint) => text.includes(hint))) return found;
  within(text, HEAD, REACH, (from, part) => {
    for (const { 0: code, index } of part.matchAll(CODE))
      found.push({ start: from + index, end: from + index + code.length, why: 'recovery code' });
  });
  within(text, PHRASE_HEAD, PHRASE_REACH, (from, part) => {
    for (const { 0: phrase, index } of part.matchAll(PHRASE))
      found.push({ start: from + index, end: from + index + phrase.length, why: 'recovery phrase' });
  });
  return found;
}
