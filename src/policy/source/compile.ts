import type { Effect, Item, Policy } from '../decide/types.ts';
import { parseJsonPolicy } from './json-tree.ts';
import { languageFor } from './language.ts';
import { type PolicySettings, settings } from './make-policy.ts';
import { PolicyReader } from './policy-reader.ts';
import type { Problem } from './problems.ts';
import type { Format, Parsed, Path, SourceTree } from './source-tree.ts';
import { lineAndColumn, problemAt } from './source-tree.ts';

/** A policy text that was read and checked, before defaults are filled in and layers are put together. */
export interface PolicyLayer {
  settings: PolicySettings;
  lists: Record<Effect, Item[]>;
}

export type CompiledLayer = { layer: PolicyLayer; problems?: never } | { layer?: never; problems: Problem[] };
export type Compiled = { policy: Policy; problems?: never } | { policy?: never; problems: Problem[] };

/** JSON begins with a brace, behind comments perhaps; everything else is YAML. */
function looksLikeJson(text: string): boolean {
  // One piece after the other: a single expression for all of them would try every way to cut comments.
  const before = /\s+|\/\/[^\n]*\n|\/\*[\s\S]*?\*\//y;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (before.lastIndex = at; before.test(text); ) at = before.lastIndex;
  return at === text.length || text[at] === '{' || text[at] === '[';
}

/** By the file's name, or by how it begins when the name says nothing. */
export function formatOf(file: string, text: string): Format {
  if (/\.ya?ml$/.test(file)) return 'yaml';
  return /\.jsonc?$/.test(file) || looksLikeJson(text) ? 'json' : 'yaml';
}

/** As the reader of files has it, in UTF-16 units: a hostile project's file must not keep servers from starting. */
const LONGEST = 256 * 1024;

async function parsed(text: string, format: Format): Promise<Parsed> {
  if (text.length > LONGEST)
    return {
      problems: [problemAt('', 0, { message: 'The file is longer than 256 KiB; no policy needs that.' })],
    };
  const plain = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  if (format === 'json') return parseJsonPolicy(plain);
  const { parseYamlPolicy } = await import('./yaml-tree.ts');
  return parseYamlPolicy(plain);
}

/**
 * A policy file's text (JSON with comments and trailing commas, or strict YAML) as a layer, or every problem in it
 * at once, in the order of the file. Pure; never rejects. The engine of conditions is loaded only for a text with one.
 */
export async function compileLayer(text: string, format: Format = 'json'): Promise<CompiledLayer> {
  const { tree, problems } = await parsed(text, format);
  if (tree === undefined) return { problems: problems.map(({ offset: _, ...problem }) => problem) };
  const reader = new PolicyReader(text, tree, await languageFor(text));
  const layer = reader.read();
  const all = [...problems, ...reader.problems].sort((a, b) => a.offset - b.offset);
  if (layer === undefined || all.length > 0)
    return { problems: all.map(({ offset: _, ...problem }) => problem) };
  return { layer };
}

/** The same as a policy that stands alone. */
export async function compilePolicy(text: string, format: Format = 'json'): Promise<Compiled> {
  const { layer, problems } = await compileLayer(text, format);
  return layer === undefined ? { problems } : { policy: { ...settings(layer.settings), ...layer.lists } };
}

/** A text that compiled, to find places in. */
export async function treeOf(text: string, format: Format): Promise<SourceTree | undefined> {
  return (await parsed(text, format)).tree;
}

/** Where something of a policy text that compiled stands; at its beginning when it stands nowhere. */
export function placeIn(
  text: string,
  tree: SourceTree | undefined,
  path: Path,
): { line: number; column: number } {
  return lineAndColumn(text, tree?.place(path)?.start ?? 0);
}
