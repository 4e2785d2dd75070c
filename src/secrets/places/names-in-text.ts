import { kindOfName, type NameKind } from '../names/secret-names.ts';
import { isRandomWord } from '../shapes/random-words.ts';

const LONGEST_NAME = 64;
/** Chinese, Japanese and Korean say `is` without a space: 是 为 為 は が 는 은. */
const PARTICLES = new Set([0x662f, 0x4e3a, 0x70ba, 0x306f, 0x304c, 0xb294, 0xc740]);
/** Letters, digits and what joins them in a name; all letters beyond ASCII. */
function isOfName(code: number): boolean {
  if (code >= 0x80)
    return (
      code !== 0xa0 &&
      code !== 0xab &&
      code !== 0xbb &&
      (code < 0x2000 || code > 0x206f) &&
      (code < 0x3000 || code > 0x3020) &&
      !(code >= 0xff01 && code <= 0xff0f) &&
      code !== 0xff1a &&
      !PARTICLES.has(code)
    );
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** Before the letters of what was counted together from a text: `h1:…`, `sha512-…`. */
const DIGEST = /\b(?:h1|sha\d{1,3})[:=-]$/;

/** Passes that open no computer. */
const OTHER_PASS = /\b(?:boarding|season|ski|day|bus|train|press|hall|guest|mountain|park)[ -]$/i;
/** To hand something over. */
const TO_PASS = /^ (?:a|an|the|in|it|this|your|one|any|on|through|to|by|over|back|null|true|false|as)\b/;
/** What several words may end in that name a secret together. */
const LAST_WORD =
  /^(?:keys?|tokens?|codes?|phrase|words|passe|secret[ao]|segreta|sandi|kh.{1,3}u|number|card|المرور|السر)$/i;
const WORDS_BEFORE = /(?:[\p{L}\p{M}\p{N}]{2,16} ){1,3}$/u;

/** A name in a text and what stands around it. */
export interface Name {
  text: string;
  start: number;
  end: number;
  kind: NameKind;
}

const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** In scripts without spaces the word goes on into the next one: `口令改成`. */
function unspacedEnd(
  text: string,
  { start, from, to }: { start: number; from: number; to: number },
  kinds: Map<string, NameKind | null>,
): number {
  for (let end = to; end >= from; end -= 1) {
    const name = text.slice(start, end);
    const kind = kinds.get(name) ?? kindOfName(name) ?? null;
    kinds.set(name, kind);
    if (kind !== null) return end;
  }
  return to;
}

/** The name around a stem of one; undefined where it names nothing of a secret. `kinds`: what is known of names. */
export function nameAround(
  text: string,
  from: number,
  to: number,
  kinds: Map<string, NameKind | null>,
): Name | undefined {
  let [start, end] = [from, to];
  while (start > 0 && from - start < LONGEST_NAME && isOfName(text.charCodeAt(start - 1))) start -= 1;
  while (end < text.length && end - from < LONGEST_NAME && isOfName(text.charCodeAt(end))) end += 1;
  while (start < from && (text[start] === '-' || text[start] === '.')) start += 1;
  while (end > to && (text[end - 1] === '.' || text[end - 1] === '-')) end -= 1;
  if (UNSPACED.test(text.slice(from, to))) end = unspacedEnd(text, { start, from: to, to: end }, kinds);
  const name = text.slice(start, end);
  if (name.length >= 20 && (isRandomWord(name) || DIGEST.test(text.slice(Math.max(0, start - 7), start))))
    return undefined;
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = kindOfName(name) ?? null;
    kinds.set(name, kind);
  }
  if (kind === 'pass' && OTHER_PASS.test(text.slice(Math.max(0, start - 12), start))) return undefined;
  if (/^pass$/i.test(name) && TO_PASS.test(text.slice(end, end + 12))) return undefined;
  if (kind !== null && kind !== 'token') return { text: name, start, end, kind };
  // `API key: …`, `seed phrase: …`: a name of several words.
  const before = LAST_WORD.test(name)
    ? WORDS_BEFORE.exec(text.slice(Math.max(0, start - 40), start))?.[0]
    : undefined;
  const longer = before === undefined ? undefined : kindOfName(`${before}${name}`);
  if (longer !== undefined) return { text: `${before}${name}`, start, end, kind: longer };
  if (isKeyAlone(text, name, start, end)) return { text: name, start, end, kind: 'key' };
  return kind === null ? undefined : { text: name, start, end, kind };
}

/** `?key=…`, `#code=…`, and `key = …` on a line of its own: words that say more with the letters that follow. */
function isKeyAlone(text: string, name: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 12), start);
  if (/^(?:key|code|appid|[\w-]{0,12}signature|sig)$/i.test(name) && /[?&#]$/.test(before))
    return text[end] === '=';
  if (/^key$/i.test(name) && /^["']?\s?:\s?["'][\w+/-]{32,128}={0,2}["']/.test(text.slice(end, end + 140)))
    return true;
  return (
    name === 'key' &&
    /(?:^|\n)[ \t]*$/.test(before) &&
    /^[ \t]*=[ \t]*["']?[\w+/=-]{0,60}[g-zG-Z]/.test(text.slice(end, end + 72))
  );
}
