import { sha256Hex } from '../../platform/digest.ts';

/** JSON source text that is embedded in a record as it stands, so that 9007199254740993 and 1.0 stay. */
export class RawJson {
  private source: string | (() => string);

  /** A function is asked when the text is first wanted. */
  constructor(source: string | (() => string)) {
    this.source = source;
  }

  get text(): string {
    if (typeof this.source !== 'string') this.source = this.source();
    return this.source;
  }
}

/** Text from outside that is longer than this (in UTF-16 units) is cut, wherever it stands in a record. */
const LONGEST_TEXT = 4096;
const KEPT_TEXT = 512;

/**
 * What must not stand raw in a log: controls (a tab outside a string may), line separators, bidi and zero-width
 * characters, tags, lone surrogates. Surrogates are looked at closely only when this finds one.
 */
const SUSPECT = /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/;
const HIDDEN =
  /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

function unicodeEscape(found: string): string {
  let escaped = '';
  for (let at = 0; at < found.length; at += 1) {
    escaped += `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/**
 * A JSON text with everything that drives a terminal, hides or reorders written as \uXXXX. The value stays the
 * same: in valid JSON these characters occur inside strings only.
 */
export function escapeHidden(json: string): string {
  return SUSPECT.test(json) ? json.replace(HIDDEN, unicodeEscape) : json;
}

/**
 * Marks a valid JSON text as a field's value, embedded unchanged. Line ends, which in valid JSON only separate
 * tokens, become spaces: a record is one line.
 */
export function rawJson(text: string): RawJson {
  return new RawJson(oneLine(text));
}

/** The same of a text that is only made when somebody wants it. */
export function lateJson(text: () => string): RawJson {
  return new RawJson(() => oneLine(text()));
}

function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text;
}

/** The first `length` UTF-16 units, one less where that would split a surrogate pair. */
export function headOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const split = text.length > length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, split ? length - 1 : length);
}

function cutLongText(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONGEST_TEXT) return value;
  return `${headOf(value, KEPT_TEXT)}… (cut; ${Buffer.byteLength(value)} bytes, sha256 ${sha256Hex(value)})`;
}

/** A text that is its own JSON once it stands in quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** One field's value as JSON, with nothing hidden in it; undefined for a value that JSON leaves out. */
export function fieldJson(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'string' && value.length <= LONGEST_TEXT && PLAIN.test(value)) return `"${value}"`;
  if (value instanceof RawJson) return escapeHidden(value.text);
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) return undefined;
  return escapeHidden(json.length > LONGEST_TEXT ? JSON.stringify(value, cutLongText) : json);
}

/** An object as JSON text, RawJson members as their source; for output, so long texts are cut and hidden ones escaped. */
export function objectJson(fields: object): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    const json = fieldJson(value);
    if (json !== undefined) parts.push(`${fieldJson(key)}:${json}`);
  }
  return `{${parts.join(',')}}`;
}
