import type { JsonNode } from './json-scan.ts';
import { stringOf } from './json-scan.ts';

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

/** Reads an id: a string or an integer. Returns undefined for anything else, and for one of over 1,024 characters. */
export function requestId(text: string, node: JsonNode): RequestId | undefined {
  const source = text.slice(node.start, node.end);
  if (source.length > MAX_ID_LENGTH) return undefined;
  if (node.kind === 'string') return { key: `s:${stringOf(text, node)}`, text: source };
  if (node.kind === 'number' && INTEGER.test(source)) return { key: `n:${BigInt(source)}`, text: source };
  return undefined;
}
