import { isDeepStrictEqual } from 'node:util';
import { PlainError } from '../platform/plain-error.ts';
import { visible } from '../text/visible.ts';
import { type ConfigFile, readConfig } from './config-file.ts';
import type { Edit } from './edit.ts';
import type { ServerEntry } from './entries.ts';
import { LOCAL } from './spelled.ts';
import type { TimeLimit } from './table.ts';

/** What is to change in one entry, and how it must be read afterwards. */
export interface Plan {
  entry: ServerEntry;
  edits: Edit[];
  /** The command line as it must be read after the edit. */
  command: string[];
  /** The environment as it must be read then, where it changes. */
  environment?: Record<string, unknown> | undefined;
  /** The address as it must be read then. */
  url?: unknown;
  /** What of the entry changes, but for its time limit: the keys from the entry on. */
  keys: (readonly string[])[];
}

interface Edited {
  after: string;
  limit: TimeLimit | undefined;
}

/**
 * Reads the text after its edits. Throws a PlainError where more than these entries' plans changed, or something to
 * anything else than they say.
 */
export function checked(config: ConfigFile, plans: readonly Plan[], { after, limit }: Edited): ConfigFile {
  const read = reread(config, after);
  if (read === undefined) throw unsafe(config);
  const right = plans.every((plan) => isAsPlanned(read, plan));
  const without = ({ value }: ConfigFile): unknown => {
    const copy = unshared(value);
    for (const plan of plans) forget(copy, plan, limit);
    return copy;
  };
  if (!right || !isDeepStrictEqual(without(config), without(read))) throw unsafe(config);
  return read;
}

function isAsPlanned(read: ConfigFile, { entry, command, environment, url }: Plan): boolean {
  const path = JSON.stringify(entry.path);
  const found = read.entries.find((one) => JSON.stringify(one.path) === path);
  if (found === undefined || !isDeepStrictEqual(found.command, command)) return false;
  if (url !== undefined && found.remote?.url !== url) return false;
  if (environment === undefined) return true;
  const key = LOCAL[read.place.spelling ?? 'words'].environment;
  return isDeepStrictEqual(unshared(valueUnder(read.value, [...entry.path, key])), environment);
}

function valueUnder(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
}

function reread(config: ConfigFile, after: string): ConfigFile | undefined {
  try {
    return readConfig(config.path, after, config.place);
  } catch (error) {
    if (error instanceof PlainError) return undefined;
    throw error;
  }
}

/** A copy in which nothing stands twice: what an alias stands for changes with its anchor, and that shall be seen. */
function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unshared(one)]));
}

/** Takes out of a file's value what wrapping changes in one entry. */
function forget(value: unknown, { entry: { path }, keys }: Plan, limit: TimeLimit | undefined): void {
  for (const within of [...keys, ...(limit === undefined ? [] : [[limit.key]])]) {
    const all = [...path, ...within];
    const holder = valueUnder(value, all.slice(0, -1));
    if (typeof holder === 'object' && holder !== null)
      delete (holder as Record<string, unknown>)[all.at(-1) ?? ''];
  }
}

export function unsafe({ path }: ConfigFile): PlainError {
  return new PlainError(
    `${visible(path)} cannot be edited safely: more than command and args would change. Nothing was written.`,
  );
}
