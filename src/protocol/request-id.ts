import type { JsonNode } from './json/json-scan.ts';
import { type JsonSource, saidBy } from './json/json-source.ts';

/**
 * A JSON-RPC id: `text` is its source (echoed in every answer of ours), `key` is equal for ids that any peer may
 * take for the same (`n:7`, `s:7`; 7 and "7" differ).
 */
export interface RequestId {
  key: string;
  text: string;
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;
const MAX_ID_LENGTH = 1024;

/** Reads an id: a string or an integer. Returns undefined for anything else, and for one of over 1,024 bytes. */
export function requestId(source: JsonSource, node: JsonNode): RequestId | undefined {
  const { kind, start, end } = node;
  if (end - start > MAX_ID_LENGTH || (kind !== 'string' && kind !== 'number')) return undefined;
  return requestIdOf(source.slice(start, end));
}

/** The same from the id's own source text, which is a string or number token. */
export function requestIdOf(text: string): RequestId | undefined {
  if (text.length > MAX_ID_LENGTH) return undefined;
  if (text.startsWith('"')) return { key: `s:${saidBy(text)}`, text };
  if (!INTEGER.test(text)) return undefined;
  return { key: text === '-0' ? 'n:0' : `n:${text}`, text };
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * The id of a server's answer, from its source text: a string, or a number however it is spelled, for clients take
 * `1.0` for 1. Undefined for what is no id to anybody.
 */
export function answerIdOf(text: string): RequestId | undefined {
  const id = requestIdOf(text);
  if (id !== undefined || text.length > MAX_ID_LENGTH) return id;
  return NUMBER.test(text) ? { key: `x:${text}`, text } : undefined;
}

const DIGITS = /^\s*[+-]?\p{Nd}(?:_?\p{Nd})*\s*$/u;

/** Unicode's decimal digits stand in rows of ten, from zero to nine. */
function digitOf(letter: string): string {
  const code = letter.codePointAt(0) as number;
  let row = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(row - 1))) row -= 1;
  return String((code - row) % 10);
}

/**
 * The number that an official client compares an answer's id by: the TypeScript SDK takes `Number(id)`
 * (shared/protocol.js of 1.32), the Python SDK `int(id)` of a string (shared/session.py, _normalize_request_id).
 */
export function numberOfId({ key, text }: RequestId): number | undefined {
  if (!key.startsWith('s:')) return Number(text);
  const said = key.slice(2);
  const number = Number(said);
  if (!Number.isNaN(number)) return number;
  if (!DIGITS.test(said)) return undefined;
  return Number(
    said
      .trim()
      .replaceAll('_', '')
      .replace(/\p{Nd}/gu, digitOf),
  );
}
