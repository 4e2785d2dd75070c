import { type Node, parseTree } from 'jsonc-parser';

/** What stands under these is often a token, and never what wrapping changes. */
const SECRET = new Set(['env', 'headers']);
const SHOWN = '"…"';

/** A configuration for the screen: the values of `env` and `headers` are left out, line for line the same otherwise. */
export function withoutValues(text: string): string {
  const root = parseTree(text.replace(/^\ufeff/, ' '), [], { allowTrailingComma: true });
  const spans = root === undefined ? [] : secretsIn(root, false);
  let shown = '';
  let at = 0;
  for (const { offset, length } of spans) {
    shown += text.slice(at, offset) + SHOWN;
    at = offset + length;
  }
  return shown + text.slice(at);
}

/** Texts and numbers under such a key, in the order of the text. */
function secretsIn(node: Node, within: boolean): Node[] {
  if (node.type === 'property') {
    const [key, value] = node.children ?? [];
    return value === undefined ? [] : secretsIn(value, within || SECRET.has(String(key?.value)));
  }
  if (node.children !== undefined) return node.children.flatMap((child) => secretsIn(child, within));
  return within ? [node] : [];
}
