import { listed, shellWord } from './finding.ts';

/** A server's entry in a client's file, as it stands now. Names are as they may be shown. */
export interface ServerFact {
  name: string;
  state: 'plain' | 'wrapped' | 'remote' | 'built-in' | 'unusable';
  why: string | undefined;
  /** What of the wrapped command is not there or cannot be started: a path, or a name that is not on the PATH. */
  missing: string | undefined;
  /** Why what the entry starts may be no holdpoint, as the end of a sentence. */
  doubt: string | undefined;
  /** The version of the holdpoint that the entry starts, where it is another than this one. */
  otherVersion: string | undefined;
  /** Another home than the one that is looked at, and what of the entry says so. */
  otherHome: { root: string; by: string } | undefined;
  /** A policy of its own. */
  ownPolicy: string | undefined;
  /** Why `run` would not take its words: a sentence. */
  refused: string | undefined;
  /** In seconds: what the client's file gives one call; undefined where nothing bounds it there. */
  limit: number | undefined;
  /** In seconds: what the entry's own words say of it. */
  said: number | undefined;
}

export interface ClientFact {
  /** As `wrap` knows it. */
  id: string;
  name: string;
  file: string;
  /** Why the file could not be read. */
  problem: string | undefined;
  /** Whether its entries have a setting for the time of one call. */
  settable: boolean;
  /** In seconds, for a client without such a setting: when its calls are answered; undefined: it waits as long as a hold. */
  patience: number | undefined;
  /** A project that is not the one where we are. */
  elsewhere: boolean;
  servers: readonly ServerFact[];
}

export function named(servers: readonly ServerFact[]): string {
  return listed(servers.map(({ name }) => name));
}

export function again({ id, file, elsewhere }: ClientFact): string {
  const which = elsewhere ? `--file ${shellWord(file)}` : id;
  return `holdpoint unwrap ${which} && holdpoint wrap ${which}`;
}
