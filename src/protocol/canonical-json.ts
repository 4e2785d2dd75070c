import type { JsonNode } from './json-scan.ts';
import { stringOf } from './json-scan.ts';

function canonicalString(text: string, node: JsonNode): string {
  const source = text.slice(node.start, node.end);
  // Without an escape the source is what JSON.stringify would write: raw controls and lone surrogates cannot occur.
  return source.includes('\\') ? JSON.stringify(stringOf(text, node)) : source;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * One spelling for equal values: keys sorted by UTF-16 code unit, strings decoded and re-encoded, no white
 * space, numbers as their source text (1 and 1.0 differ, 9007199254740993 stays).
 * Recursion is bounded by the scanner's MAX_DEPTH.
 */
export function canonicalJson(text: string, node: JsonNode): string {
  const out: string[] = [];
  put(out, text, node);
  return out.join('');
}

function put(out: string[], text: string, node: JsonNode): void {
  if (node.members !== undefined) {
    const members =
      node.members.length > 1 ? [...node.members].sort((a, b) => byCodeUnit(a.key, b.key)) : node.members;
    for (const [i, { key, value }] of members.entries()) {
      out.push(i === 0 ? '{' : ',', JSON.stringify(key), ':');
      put(out, text, value);
    }
    out.push(members.length === 0 ? '{}' : '}');
  } else if (node.items !== undefined) {
    out.push('[');
    for (const [i, item] of node.items.entries()) {
      if (i > 0) out.push(',');
      put(out, text, item);
    }
    out.push(']');
  } else out.push(node.kind === 'string' ? canonicalString(text, node) : text.slice(node.start, node.end));
}
