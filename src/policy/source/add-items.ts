import { compileLayer, treeOf } from './compile.ts';

/** Items to be put into lists of a policy. */
export interface Added {
  allow: object;
  escalate?: object | undefined;
}

const indented = (item: object): string => `\n    ${JSON.stringify(item)}`;

async function withItem(text: string, list: 'allow' | 'escalate', item: object): Promise<string | undefined> {
  const tree = await treeOf(text, 'json');
  const root = tree?.place([])?.start;
  if (tree === undefined || root === undefined || text[root] !== '{') return undefined;
  const values = tree.value as Record<string, unknown>;
  const there = values[list];
  if (there === undefined) {
    const comma = Object.keys(values).length === 0 ? '' : ',';
    return `${text.slice(0, root + 1)}\n  "${list}": [${indented(item)}\n  ]${comma}${text.slice(root + 1)}`;
  }
  const start = tree.place([list])?.start;
  if (!Array.isArray(there) || start === undefined || text[start] !== '[') return undefined;
  const after = there.length === 0 ? '\n  ' : ',';
  return `${text.slice(0, start + 1)}${indented(item)}${after}${text.slice(start + 1)}`;
}

/**
 * A policy text (JSON with comments) with items added in front of their lists, every other letter as it was; undefined
 * where the text is none that this can be done with, or does not compile afterwards. Pure; never rejects.
 */
export async function withItems(text: string, { allow, escalate }: Added): Promise<string | undefined> {
  const first = await withItem(text, 'allow', allow);
  const both =
    escalate === undefined || first === undefined ? first : await withItem(first, 'escalate', escalate);
  if (both === undefined) return undefined;
  const { problems } = await compileLayer(both);
  return problems === undefined ? both : undefined;
}
