/** A pattern has 256 characters for a server and a tool. */
const MOST = 120;
/** What has a meaning in patterns, or would be taken for one, and what nobody sees or can write. */
const SPECIAL =
  /[/*?\\|]|^!+|!(?=\()|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const BRACKETS: Record<string, string> = { '[': '(', '{': '(', ']': ')', '}': ')' };

/** What a policy can call a server that people call so; empty when nothing is left of it. Kept wherever it can be. */
export function writableName(key: string): string {
  const letters = [...key.normalize('NFC')];
  while (letters.join('').length > MOST) letters.length = Math.min(letters.length - 1, MOST);
  return letters
    .join('')
    .replace(/\s/g, ' ')
    .replace(/[[\]{}]/g, (one) => BRACKETS[one] ?? '-')
    .trim()
    .replace(SPECIAL, '-')
    .replace(/,(?= )/g, '')
    .trim();
}
