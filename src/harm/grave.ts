import type { Salient } from '../salience/salient.ts';
import { commandDangers } from './command-dangers.ts';
import { dangersOf } from './statement-dangers.ts';
import { statementsOf } from './statements.ts';

/**
 * Whether a call's own text does more than its tool's class may say: a statement that drops, a command that removes
 * whole folders, under a tool that is called `query`.
 */
export function isGrave(values: readonly Salient[]): boolean {
  return values.some(({ kind, value }) => {
    if (kind === 'statement') return graveStatement(value);
    return kind === 'command' && commandDangers(value, value).some(({ tone }) => tone === 'danger');
  });
}

function graveStatement(text: string): boolean {
  try {
    const { statements, code } = statementsOf(text);
    return statements.some(({ from, to }) =>
      dangersOf(code.slice(from, to), text.slice(from, to)).some(({ tone }) => tone === 'danger'),
    );
  } catch {
    // What cannot be looked into is no small thing.
    return true;
  }
}
