import type { ConfigFile } from './config-file.ts';
import { type Edit, edited } from './edit.ts';
import type { ScalarTree, Tree } from './formats/tree.ts';
import { ADDRESSES, isPrivate, shownAddress } from './remote.ts';

/** What stands under these is often a token, and never what wrapping changes. */
const SECRET = new Set(
  'env envs environment headers http_headers requestInit eventSourceInit oauth auth apiKey bearer_token'.split(
    ' ',
  ),
);
const SHOWN = '"…"';

/** Of the words of a command line those that hold a secret, some only by the word before: `--token`, `abc`. */
export type SecretWords = (words: readonly string[]) => readonly boolean[];

/**
 * A configuration for the screen: the values of environments and headers are left out, and the words of lists that
 * hold a secret; line for line the same otherwise.
 */
export function withoutValues(
  { text, tree }: Pick<ConfigFile, 'text' | 'tree'>,
  secretWords: SecretWords,
): string {
  return edited(text, secretsIn(tree, false, secretWords));
}

function secretsIn(tree: Tree, within: boolean, secretWords: SecretWords): Edit[] {
  if (tree.kind === 'map')
    return tree.members.flatMap(({ key, value }) => {
      const address = ADDRESSES.has(key) && value.kind === 'scalar' ? addressIn(value) : undefined;
      return address ?? secretsIn(value, within || SECRET.has(key), secretWords);
    });
  if (tree.kind === 'list') {
    const secret = secretWords(tree.items.map((item) => (item.kind === 'scalar' ? String(item.value) : '')));
    return tree.items.flatMap((item, at) => secretsIn(item, within || secret[at] === true, secretWords));
  }
  return within && tree.to > tree.from ? [{ from: tree.from, to: tree.to, text: SHOWN }] : [];
}

/** An address without user information and query; undefined where it has neither. */
function addressIn({ value, from, to }: ScalarTree): Edit[] | undefined {
  if (typeof value !== 'string' || !isPrivate(value)) return undefined;
  const text = shownAddress(value);
  return text === value ? undefined : [{ from, to, text: JSON.stringify(`${text}…`) }];
}
