import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Effect } from '../decide/types.ts';

/** What stands between the brackets of each list of a policy's text, comments and all, with a comma at its end. */
export function listBodies(text: string): Record<Effect, string> {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const body = (effect: Effect): string => {
    const list = root === undefined ? undefined : findNodeAtLocation(root, [effect]);
    if (list?.type !== 'array' || (list.children ?? []).length === 0) return '';
    const last = list.children?.at(-1);
    const end = last === undefined ? 0 : last.offset + last.length;
    const inner = text.slice(list.offset + 1, end);
    return `${inner.replace(/^[ \t]*\n/, '')},`;
  };
  return { deny: body('deny'), escalate: body('escalate'), allow: body('allow') };
}
