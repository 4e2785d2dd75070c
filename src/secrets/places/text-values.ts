import type { NameKind } from '../names/secret-names.ts';
import { looksMadeUp } from '../shapes/password-shape.ts';

/** Where a value stands in a text, in UTF-16 units, `end` exclusive. */
export interface TextValue {
  start: number;
  end: number;
  quoted: boolean;
}

/**
 * An address or a path under a secret's name says where a secret is, or where one goes: a person must read it. What
 * it holds of a secret is found in it.
 */
export function isPlace(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]{0,20}:\/\/\S*$/i.test(text) ||
    /^[\w$.-]{1,40}(?:\/[\w$.-]{1,40}){1,20}\.[a-z]{2,5}$/.test(text) ||
    /^(?:~|\.{1,2})?(?:\/[\w.-]{1,40}){2,64}\/?(?:#[\w.-]{1,60})?$/.test(text) ||
    /^arn:[\w-]{1,20}:[\w-]{1,40}:[^\s"']{1,400}$/.test(text)
  );
}

const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /"(?:[^"\\\n]|\\[^\n]){0,1024}"/y,
  "'": /'(?:[^'\\\n]|\\[^\n]){0,1024}'/y,
  '`': /`[^`\n]{0,1024}`/y,
  '“': /“[^”\n]{0,256}”/y,
};
const OPENED = /[\p{L}\p{N}_!#$%^&*+@][^"'`\n\\]{3,256}/uy;
/** `N'…'`, `b"…"`, `Some("…")`: what stands before a quote, or makes a value of it, is no part of a value. */
const PREFIX =
  /(?:(?:new )?(?:Buffer\.from|Some|String::from|Secret(?:String|Str)?(?:::new|::from)?|SecretStr|bytes\.fromhex|bytes|hex::decode|(?:base64\.)?b64decode|\[\]byte|atob|Encoding\.\w{4,7}\.GetBytes|Convert\.FromBase64String)\()?[NnbBrRuf@$]?(?=["'])/y;
/** Ends at what ends a word in some notation; goes on behind a `&` that no name follows. */
const BARE =
  /(?:[^\s"'`,;&<>|(){}[\]\\]|&(?=[0-9!@#%^*+])|\\(?![nrt"'\\]))[^\s"'`,;&<>|(){}[\]\\]{0,512}(?:&[0-9!@#%^*+][^\s"'`,;&<>|(){}[\]\\]{0,256}){0,4}/y;
/** As a browser sends them (RFC 6265): pairs, and nothing that could be a command between them. */
const COOKIES = /[\w.%-]{1,64}=[^\s;,"'`]{1,4096}(?:; ?[\w.%-]{1,64}=[^\s;,"'`]{0,4096}){0,64}/y;
const PHRASE = /[a-z]{3,10}(?:[ ,]{1,2}[a-z]{3,10}){4,24}/y;
/** Words that join others in a sentence: of a phrase of few words none is drawn so. */
const PROSE =
  /\b(?:and|the|are|not|that|then|each|have|has|had|with|from|for|was|were|will|can|must|should|into|its|but|nobody|you|your|they|their|when|where|which|while|because|before|after|only|also|than|there|these|those|this)\b/;
/** So long is no clause, and lists of words to draw from hold some of those. */
const isLong = (phrase: string): boolean => phrase.split(/[ ,]+/).length >= 11;
/** As Google makes passwords of applications: four times four letters, and nothing else in the line. */
const APPLICATION = /[a-z]{4}(?: [a-z]{4}){3}(?=["'`]?[ \t]*(?:\\[nr]|\r?\n|$))/y;
/** A phrase that is all of a setting's line: `BACKUP_PASSPHRASE=…`. */
const OF_SETTING = /[a-z]{3,12}(?: [a-z]{3,12}){4,11}(?=[ \t]*(?:\r?\n|$))/y;
const SETTING = /(?:^|\n)[A-Z][A-Z0-9_]{3,60}=$/;
const CODE = /\d{3} \d{3}(?!\d)/y;
const CARD = /\d(?:[ -]?\d){11,18}/y;

function ends(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The value that begins at a place, as its notation ends it; undefined: none. Bounded. */
export function valueAt(
  text: string,
  from: number,
  { kind, markup, wide }: { kind: NameKind; markup?: boolean | undefined; wide?: boolean },
): TextValue | undefined {
  if (markup === true) return toTagEnd(text, from);
  const at = ends(PREFIX, text, from) ?? from;
  const quote = text[at] ?? '';
  const pattern = QUOTED[quote];
  if (pattern !== undefined) {
    const end = ends(pattern, text, at);
    if (end !== undefined) return { start: at + 1, end: end - 1, quoted: true };
    const open = ends(OPENED, text, at + 1);
    return open === undefined ? undefined : { start: at + 1, end: open, quoted: true };
  }
  const end = special(text, from, kind) ?? bareEnd(text, from, kind);
  if (end === undefined) return undefined;
  return { start: from, end: wide === true ? widened(text, from, end) : end, quoted: false };
}

/** Behind a number in a sentence a full stop ends the sentence. */
function bareEnd(text: string, from: number, kind: NameKind): number | undefined {
  const end = ends(BARE, text, from);
  const stopped =
    end !== undefined && (kind === 'pin' || kind === 'code') && /[.:!?]/.test(text[end - 1] ?? '');
  return stopped ? end - 1 : end;
}

const TO_SPACE = /[^\s"'`<>]{4,128}/y;

/** Marks that end a word in some notation may be of a password: it goes on to the next blank where that looks made up. */
function widened(text: string, from: number, end: number): number {
  if (!/[&(){}[\]|;,\\]/.test(text[end] ?? '')) return end;
  const wide = ends(TO_SPACE, text, from);
  if (wide === undefined) return end;
  const said = text.slice(from, wide).replace(/[.,;:!?)\]}]{1,4}$/, '');
  return from + said.length > end && looksMadeUp(said) ? from + said.length : end;
}

/** Values that hold spaces without quotes. */
function special(text: string, at: number, kind: NameKind): number | undefined {
  if (kind === 'card') return ends(CARD, text, at);
  if (kind === 'code') return ends(CODE, text, at);
  if (kind === 'phrase') return ends(PHRASE, text, at);
  if (kind === 'pass') return ends(APPLICATION, text, at);
  if (kind !== 'secret') return undefined;
  const whole = SETTING.test(text.slice(Math.max(0, at - 64), at)) ? ends(OF_SETTING, text, at) : undefined;
  if (whole !== undefined) return whole;
  const phrase = ends(APPLICATION, text, at) ?? ends(PHRASE, text, at);
  const isProse =
    phrase !== undefined && PROSE.test(text.slice(at, phrase)) && !isLong(text.slice(at, phrase));
  return ends(COOKIES, text, at) ?? (isProse ? undefined : phrase);
}

const LONGEST_TEXT = 1024;
/** Of an element without others in it. */
const TAG_END = /\]\]>|<\//;
const ENDS_BEFORE = /[\n<]/;
function toTagEnd(text: string, from: number): TextValue | undefined {
  const rest = text.slice(from, from + LONGEST_TEXT);
  const length = rest.search(TAG_END);
  const said = (length === -1 ? '' : rest.slice(0, length)).trimEnd();
  return said === '' || ENDS_BEFORE.test(said)
    ? undefined
    : { start: from, end: from + said.length, quoted: true };
}
