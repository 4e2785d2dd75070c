import { type NameKind, nameSaid } from '../names/secret-names.ts';
import { nextStem } from '../names/stems.ts';
import type { TextSpan } from '../shapes/text-span.ts';
import { namedValue } from './named-value.ts';
import { type Name, nameAround } from './names-in-text.ts';
import { cellsUnder, linesUnder } from './table-cells.ts';
import { toldBefore } from './told-before.ts';
import { toldAfter } from './told-lines.ts';

/** Secrets that a name before them tells, in all notations that have names: assignments, markup, options, tables. */
export function namedValues(text: string): TextSpan[] {
  const found: TextSpan[] = [];
  const kinds = new Map<string, NameKind | null>();
  const tables = new Set<number>();
  let from = 0;
  for (let stem = nextStem(text, 0); stem !== undefined; stem = nextStem(text, from)) {
    from = stem.end;
    const name = nameAround(text, stem.start, stem.end, kinds);
    if (name === undefined) continue;
    from = name.end;
    const value = namedValue(text, name);
    if (value !== undefined) found.push({ ...value, why: nameSaid(name.text) });
    else found.push(...cellsUnder(text, name, tables), ...linesUnder(text, name), ...told(text, name));
  }
  return found;
}

/** In a sentence, further behind the word for it. */
function told(text: string, name: Name): TextSpan[] {
  if (name.kind !== 'secret' && name.kind !== 'pass' && name.kind !== 'pin') return [];
  if (/^["'`\])]{0,2}[=(]|^["'`]/.test(text.slice(name.end, name.end + 3))) return [];
  const span = toldAfter(text, name) ?? toldBefore(text, name);
  return span === undefined ? [] : [span];
}
