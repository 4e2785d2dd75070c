import type { JsonNode } from '../../protocol/json/json-scan.ts';
import { kindOf } from '../../salience/kinds.ts';
import { named, quoted } from './written.ts';

/** An argument before anybody knows what it is for. */
export interface Unread {
  name: string;
  /** Decoded; of a list of texts its items joined by a line's end. */
  text: string;
  node: JsonNode;
}

/** An object in a rule is read by somebody: no more names than these. */
const MOST_MEMBERS = 8;
const SCALAR: ReadonlySet<JsonNode['kind']> = new Set(['string', 'number', 'true', 'false']);

/**
 * What must hold of a content that is free: a text, a list of texts, or a list of objects of texts, all with names of
 * content. A member more may name another file. Undefined: it is nothing of the kind, and must stay as it is.
 */
export function contentBound(
  { name, node }: Unread,
  isContent: (name: string) => boolean,
): string | undefined {
  const left = named(name);
  if (left === undefined) return undefined;
  if (node.kind === 'string') return `type(${left}) == string`;
  const { items } = node;
  if (items === undefined || items.length === 0) return undefined;
  if (items.every(({ kind }) => kind === 'string')) return `${left}.all(one, type(one) == string)`;
  const [first = []] = items.map(({ members }) => members?.map(({ key }) => key).sort());
  const alike = items.every(
    ({ members = [] }) =>
      members.length === first.length &&
      members.every(({ key, value }) => first.includes(key) && isContent(key) && value.kind === 'string'),
  );
  const texts = first.map((key) => named(key, 'one'));
  if (!alike || texts.length === 0 || texts.length > MOST_MEMBERS || texts.includes(undefined))
    return undefined;
  const typed = texts.map((text) => `type(${text}) == string`).join(' && ');
  return `${left}.all(one, size(one) == ${texts.length} && ${typed})`;
}

/**
 * The same of an object whose members are the content: `fields`, `values`. No other members than these, none of them an
 * object or a list, and none that names whom, where or how much.
 */
export function membersBound({ name, node }: Unread, textOf: (node: JsonNode) => string): string | undefined {
  const left = named(name);
  const { members } = node;
  if (left === undefined || members === undefined || members.length === 0) return undefined;
  const plain = members.every(({ key, value }) => {
    const kind = SCALAR.has(value.kind) ? kindOf([key], textOf(value)) : undefined;
    return kind === 'text' || kind === 'other';
  });
  const names = plain ? namesOf(members.map(({ key }) => key)) : undefined;
  return names && `${left}.all(name, name in ${names} && !(type(${left}[name]) in [map, list]))`;
}

function namesOf(names: readonly string[]): string | undefined {
  const all = [...new Set(names)].sort().map(quoted);
  return all.length > MOST_MEMBERS || all.includes(undefined) ? undefined : `[${all.join(', ')}]`;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const BRANCH = /^[A-Za-z0-9_][^:]*$/;
const INNER_PATH = /^[A-Za-z0-9_][^:%?#\\]*$/;

/** The same of what names something in the target: an id alone, for an address would lead out of it. */
export function idBound({ name, node, text }: Unread): string | undefined {
  const left = named(name);
  if (left === undefined) return undefined;
  if (node.kind === 'number') return /^\d{1,15}$/.test(text) ? `type(${left}) in [int, double]` : undefined;
  if (node.kind !== 'string') return undefined;
  // GitHub's `head` names a branch of another repository as `owner:branch`.
  const pattern = name === 'head' ? BRANCH : ID;
  return pattern.test(text) ? `${left}.matches('${pattern.source}')` : undefined;
}

/** The same of a file in a repository: below its root, and not hidden. */
export function innerPathBound({ name, node, text }: Unread): string | undefined {
  const left = named(name);
  if (left === undefined || node.kind !== 'string' || !INNER_PATH.test(text) || text.includes('/.'))
    return undefined;
  return `${left}.matches('${INNER_PATH.source.replace(/\\/g, '\\\\')}') && !${left}.contains('/.')`;
}
