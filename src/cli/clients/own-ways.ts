import { join } from 'node:path';
import { HOME_VARIABLES, type ServerEntry, variableOf } from '../../clients/entries.ts';
import { runAt } from '../../clients/wrapped.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readRunOptions } from '../../session/run-options.ts';

/** In what a wrapped entry differs from what this home says. */
export interface OwnWays {
  /** Another home, and what of the entry says so. */
  home?: { root: string; by: '--home' | (typeof HOME_VARIABLES)[number] };
  /** A policy of its own. */
  policy?: string;
  /** Why `run` would not take its words: a sentence. */
  refused?: string;
}

/** What a wrapped entry's own words and environment make of it. */
export function ownWays(entry: ServerEntry, { root }: Home): OwnWays {
  try {
    const { home, policy } = readRunOptions(entry.command.slice(runAt(entry.command)));
    const other = home === undefined ? homeByVariable(entry) : ({ root: home, by: '--home' } as const);
    return {
      ...(other !== undefined && other.root !== root && { home: other }),
      ...(policy !== undefined && { policy }),
    };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return { refused: error.message.split('\n')[0] ?? '' };
  }
}

function homeByVariable(entry: ServerEntry): OwnWays['home'] {
  for (const by of HOME_VARIABLES) {
    const value = variableOf(entry, by);
    if (value !== undefined) return { root: by === 'HOME' ? join(value, '.holdpoint') : value, by };
  }
  return undefined;
}
