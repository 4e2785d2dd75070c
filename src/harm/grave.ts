import type { Kind } from '../salience/kinds.ts';
import type { Salient } from '../salience/salient.ts';
import { commandDangers } from './command-dangers.ts';
import { dangersOf } from './statement-dangers.ts';
import { statementsOf } from './statements.ts';

/**
 * Whether a call's own text does more than its tool's class may say: a statement that drops, a command that removes
 * whole folders, under a tool that is called `query`.
 */
export function isGrave(values: readonly Salient[]): boolean {
  return values.some(({ kind, value }) => gravePart(kind, value) !== undefined);
}

/** The first part of a statement or a command that does such a thing; undefined for any other text. */
export function gravePart(kind: Kind, text: string): string | undefined {
  if (kind === 'statement') return graveStatement(text);
  if (kind !== 'command') return undefined;
  const found = commandDangers(text, text).filter(({ tone }) => tone === 'danger');
  const first = found.toSorted((a, b) => a.at - b.at)[0];
  return first === undefined ? undefined : text.slice(first.at, first.at + first.length);
}

function graveStatement(text: string): string | undefined {
  try {
    const { statements, code } = statementsOf(text);
    for (const { from, to } of statements) {
      const dangers = dangersOf(code.slice(from, to), text.slice(from, to));
      const first = dangers.find(({ tone }) => tone === 'danger');
      if (first !== undefined) return text.slice(from + first.at, to);
    }
    return undefined;
  } catch {
    // What cannot be looked into is no small thing.
    return text;
  }
}
