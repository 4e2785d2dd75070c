import { readJson, stringOf } from '../../protocol/json/json-scan.ts';
import { isRightToLeft } from '../../text/visible.ts';
import { type At, drawnArguments } from './call-lines.ts';
import type { Picture } from './drawing.ts';
import { ours } from './lines.ts';

const MOST = 16 * 1024;
const MOST_LINES = 400;

/** JSON within a text, as a tree below the text as it stands. */
export function jsonView({ node, source }: At): Picture | undefined {
  if (node.kind !== 'string' || node.end - node.start < 20 || node.end - node.start > MOST) return undefined;
  const text = stringOf(source, node);
  if (!/^\s*[[{]/.test(text) || isRightToLeft(text)) return undefined;
  try {
    const { root } = readJson(text);
    if ((root.members ?? root.items ?? []).length === 0) return undefined;
    const lines = drawnArguments(text, { rank: () => 0 });
    if (lines.length > MOST_LINES) return undefined;
    return {
      name: 'json',
      head: '',
      below: true,
      lines: [ours(0, 'as JSON:', 'quiet'), ...lines],
      warnings: [],
    };
  } catch {
    return undefined;
  }
}
