import { type JsonNode, scanJson } from '../../protocol/json-scan.ts';
import type { JsonSource } from '../../protocol/json-source.ts';

/** A text of a call's arguments: a key, or a string value with the key that it stands under, at any depth. */
export interface ArgumentText {
  key: string;
  /** Bytes of the source. */
  length: number;
  /** Its source, quotes included; undefined for a key. */
  part: JsonSource | undefined;
  read(): string;
}

/** All texts of the arguments, keys included, in order; none is decoded before somebody reads it. */
export function argumentTexts(source: JsonSource): ArgumentText[] {
  const found: ArgumentText[] = [];
  const open: { key: string; node: JsonNode }[] = [{ key: '', node: scanJson(source, () => true) }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { key, node } = next;
    if (node.kind === 'string') found.push(textAt(source, key, node));
    for (const item of node.items ?? []) open.push({ key, node: item });
    for (const { key: name, value } of node.members ?? []) {
      found.push({ key: '', length: name.length, part: undefined, read: () => name });
      open.push({ key: name, node: value });
    }
  }
  return found;
}

function textAt(source: JsonSource, key: string, { start, end }: JsonNode): ArgumentText {
  return {
    key,
    length: end - start,
    get part() {
      return source.part(start, end);
    },
    read: () => source.string(start, end),
  };
}
