import type { Kind } from '../salience/kinds.ts';
import { everyValue, type Salient } from '../salience/salient.ts';
import { commandDangers } from './command-dangers.ts';
import { holdsStatement, mayAsk } from './plain-statement.ts';
import { dangersOf } from './statement-dangers.ts';
import { statementsOf } from './statements.ts';

/** So much of what could be run is looked into, all together; of more nobody says that it is little. */
const MOST_LOOKED = 256 * 1024;

/**
 * Whether a call's own text does more than its tool's class may say: a statement that drops, a command that removes
 * whole folders, under a tool that is called `query`. `argumentsText` is the source text of the arguments. What an agent
 * adds to its arguments takes nothing of them out of sight: what is too much to be looked into is grave.
 */
export function isGrave(argumentsText: string): boolean {
  const { values, whole } = everyValue(argumentsText);
  let left = MOST_LOOKED;
  for (const { path, kind, value, whole: all } of values) {
    const as = runAs(path, kind, value);
    if (as === undefined) continue;
    left -= value.length;
    if (left < 0 || !all || gravePart(as, value) !== undefined) return true;
  }
  return !whole || gravePart('command', commandLine(values)) !== undefined;
}

/** As what a value might be run; undefined for what is no statement and no command. */
function runAs(path: readonly string[], kind: Kind, value: string): Kind | undefined {
  if (kind === 'statement' || kind === 'command') return kind;
  const searched = kind === 'target' || kind === 'other' || mayAsk(path);
  return searched && holdsStatement(value) ? 'statement' : undefined;
}

const WORDS = /^(?:args?|arguments|argv|params)$/i;

/** A program and, under another name, its arguments. */
function commandLine(values: readonly Salient[]): string {
  const words = values.filter(({ path }) => WORDS.test(path[0] ?? ''));
  if (words.length === 0) return '';
  const program = values.filter(({ path, kind }) => kind === 'command' && !WORDS.test(path[0] ?? ''));
  const all = [...program, ...words].map(({ value }) => value.replaceAll(', ', ' ')).join(' ');
  return all.slice(0, MOST_LOOKED);
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
