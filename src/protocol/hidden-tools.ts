import { joined } from './join.ts';
import { withoutEnd } from './line-splitter.ts';
import { type ListedItem, readToolPage } from './tool-list.ts';

/** Which tools leave the list. */
export type Hidden = (tool: string) => boolean;

/** A list's line with those tools cut out, each with the comma before it; every other byte stays, its end too. */
export function withoutHidden(line: Uint8Array, hidden: Hidden): Uint8Array {
  const { items = [] } = readToolPage(withoutEnd(line)) ?? {};
  const [first] = items;
  const last = items.at(-1);
  const goes = ({ tool }: ListedItem): boolean => tool !== undefined && hidden(tool.name);
  if (first === undefined || last === undefined || !items.some(goes)) return line;
  const parts = [line.subarray(0, first.start)];
  let kept = 0;
  for (const [index, item] of items.entries()) {
    if (goes(item)) continue;
    const before = kept === 0 ? item.start : (items[index - 1]?.end ?? item.start);
    parts.push(line.subarray(before, item.end));
    kept += 1;
  }
  parts.push(line.subarray(last.end));
  return joined(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
}
