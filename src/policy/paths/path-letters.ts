/** Characters of a path that a file system may not see: HFS+ leaves them out when it compares names. */
export const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/g;
export const BEYOND_ASCII = /[^\0-\x7f]/;
/** Decoders of old take these overlong forms of `.`, `/` and `\` for the characters. */
const OVERLONG = /%c0%ae|%c0%af|%c1%9c/gi;
const SAID: Record<string, string> = { '%c0%ae': '.', '%c0%af': '/', '%c1%9c': '\\' };
/** More rounds of escaping than any server undoes. */
const MOST_ROUNDS = 4;

/** A name as systems that do not tell case compare it. */
export function folded(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.replace(UNSEEN, '').normalize('NFC').toUpperCase().toLowerCase();
}

function decodedRun(run: string): string {
  const plain = run.replace(OVERLONG, (one) => SAID[one.toLowerCase()] ?? one);
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain.replace(/%[0-7][0-9a-f]/gi, (one) => String.fromCharCode(Number.parseInt(one.slice(1), 16)));
  }
}

/** Percent escapes undone, also escaped ones; what is no escape stays. */
export function unescaped(text: string): string {
  let now = text;
  for (let round = 0; round < MOST_ROUNDS && now.includes('%'); round += 1) {
    const next = now.replace(/%(?:25)+/g, '%').replace(/(?:%[0-9a-f]{2})+/gi, decodedRun);
    if (next === now) break;
    now = next;
  }
  return now;
}
