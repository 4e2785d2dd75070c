import type { JsonNode } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { Argument } from './roles.ts';

/** Longer texts in a rule are read by nobody. */
const LONGEST = 200;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
/** What looks like another letter, or like none, is not put into a rule. */
const ODD = /[\p{Default_Ignorable_Code_Point}\u2028-\u202e]/u;
const NAME = /^[A-Za-z_]\w*$/;
const RESERVED = new Set(
  `as break const continue else false for function if import in let loop null package namespace return true var void
  while`.split(/\s+/),
);
const EXACT_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/;

/** A text of a condition; undefined where it cannot stand in one so that a person sees what it is. */
export function quoted(text: string): string | undefined {
  if (text.length > LONGEST || !PRINTABLE.test(text) || ODD.test(text) || /^ | $/.test(text))
    return undefined;
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** An argument, or another member, as a condition names it. */
export function named(name: string, of = 'args'): string | undefined {
  if (NAME.test(name) && !RESERVED.has(name)) return `${of}.${name}`;
  const text = quoted(name);
  return text === undefined ? undefined : `${of}[${text}]`;
}

function literal(node: JsonNode, source: JsonSource, decoded: string): string | undefined {
  if (node.kind === 'string') return quoted(decoded);
  const text = source.slice(node.start, node.end);
  if (node.kind === 'true' || node.kind === 'false') return text;
  return node.kind === 'number' && EXACT_NUMBER.test(text) ? text : undefined;
}

/** `args.repo == 'shop'`; undefined for what cannot be written so. */
export function equals({ name, node, text }: Argument, source: JsonSource): string | undefined {
  const left = named(name);
  const items = node.items?.map((item) =>
    item.kind === 'string' ? quoted(source.string(item.start, item.end)) : undefined,
  );
  const right =
    items === undefined
      ? literal(node, source, text)
      : items.length > 0 && items.length <= 8 && items.every((item) => item !== undefined)
        ? `[${items.join(', ')}]`
        : undefined;
  return left === undefined || right === undefined ? undefined : `${left} == ${right}`;
}

/** That a call has no other arguments than these. */
export function onlyNames(names: readonly string[]): string | undefined {
  const all = names.map(quoted);
  return all.every((one) => one !== undefined) ? `args.all(name, name in [${all.join(', ')}])` : undefined;
}
