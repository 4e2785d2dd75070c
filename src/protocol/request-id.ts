import type { JsonNode } from './json-scan.ts';
import { type JsonSource, saidBy } from './json-source.ts';

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
