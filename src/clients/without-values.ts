import type { ConfigFile } from './config-file.ts';
import { type Edit, edited } from './edit.ts';
import type { Tree } from './formats/tree.ts';

/** What stands under these is often a token, and never what wrapping changes. */
const SECRET = new Set(['env', 'envs', 'environment', 'headers', 'http_headers', 'requestInit']);
const SHOWN = '"…"';

/** A configuration for the screen: the values of environments and headers are left out, line for line the same otherwise. */
export function withoutValues({ text, tree }: Pick<ConfigFile, 'text' | 'tree'>): string {
  return edited(text, secretsIn(tree, false));
}

/** Values under such a key. */
function secretsIn(tree: Tree, within: boolean): Edit[] {
  if (tree.kind === 'map') {
    return tree.members.flatMap(({ key, value }) => secretsIn(value, within || SECRET.has(key)));
  }
  if (tree.kind === 'list') return tree.items.flatMap((item) => secretsIn(item, within));
  return within && tree.to > tree.from ? [{ from: tree.from, to: tree.to, text: SHOWN }] : [];
}
