import { homedir } from 'node:os';
import type { Command, Option } from 'commander';
import { type Home, resolveHome } from '../../platform/home.ts';
import { visibleBelow } from '../commands-of.ts';
import { ARGUMENTS, type Source, VALUES } from './sources.ts';

/** A word that may come next; what it is for, where the word is one of ours. */
export interface Candidate {
  word: string;
  text?: string;
}

/** Words that may come next, or that the shell is to look for files or folders. */
export type Proposal = Candidate[] | ':files' | ':folders';

/**
 * Names come from servers, and a shell puts what it completes on the command line as it stands: one that it would
 * read as anything but one plain word is not proposed. Nor one with a colon, at which bash cuts words.
 */
const PLAIN_WORD = /^[\w@%+=,./-]+$/;

interface Place {
  command: Command;
  path: string;
  /** How many arguments of the command stand before. */
  given: number;
  /** An option whose value is next. */
  valueOf: Option | undefined;
  /** Behind `--`, or behind the server's command: nothing of ours. */
  foreign: boolean;
}

/** Proposals for the last of the words behind `holdpoint`, which may be empty. Reads the home at most; rejects where it cannot. */
export async function candidates(program: Command, typed: readonly string[]): Promise<Proposal> {
  const words = joined(typed);
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const place = placeAfter(program, before);
  const home = (): Home => homeIn(before);
  if (place.valueOf !== undefined) return from(VALUES[place.valueOf.long ?? ''], home, current);
  if (place.foreign) return ':files';
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (option !== undefined && value !== undefined) {
    const found = await from(VALUES[option], home, value);
    return typeof found === 'string' ? found : found.map(({ word }) => ({ word: `${option}=${word}` }));
  }
  if (current.startsWith('-')) return optionsOf(place, before, current);
  const below = fitting(subcommandsOf(place), current);
  const { command, path, given } = place;
  const takes = command.registeredArguments;
  // Behind a word that is no command nothing is meant.
  if (takes.length < given && takes.at(-1)?.variadic !== true) return [];
  if (takes.length === 0 || (given >= takes.length && takes.at(-1)?.variadic !== true))
    return below.length > 0 ? below : optionsOf(place, before, current);
  const found = await from(ARGUMENTS[path], home, current);
  return typeof found === 'string' && below.length === 0 ? found : [...below, ...listed(found)];
}

const listed = (found: Proposal): Candidate[] => (typeof found === 'string' ? [] : found);

/** bash gives `--option=value` as three words. */
function joined(typed: readonly string[]): string[] {
  const words: string[] = [];
  for (const [at, word] of typed.entries()) {
    if (word !== '=' || typed[at - 1]?.startsWith('--') !== true) words.push(word);
    else if (at === typed.length - 1) words.push('');
  }
  return words;
}

function placeAfter(program: Command, words: readonly string[]): Place {
  const place: Place = { command: program, path: '', given: 0, valueOf: undefined, foreign: false };
  for (const word of words) {
    if (place.foreign) break;
    if (place.valueOf !== undefined) place.valueOf = undefined;
    else if (word === '--') place.foreign = true;
    else if (word.startsWith('-'))
      place.valueOf = word.includes('=') ? undefined : valued(place.command, word);
    else step(place, word);
  }
  return place;
}

function step(place: Place, word: string): void {
  const below =
    place.given === 0 ? visibleBelow(place.command).find((one) => one.name() === word) : undefined;
  if (below === undefined) {
    place.given += 1;
    place.foreign = place.path === 'run';
    return;
  }
  place.command = below;
  place.path = `${place.path} ${word}`.trimStart();
}

function valued(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return option?.required === true || option?.optional === true ? option : undefined;
}

function subcommandsOf({ command, given }: Place): Candidate[] {
  if (given > 0) return [];
  return visibleBelow(command).map((one) => ({ word: one.name(), text: one.description() }));
}

function optionsOf({ command }: Place, before: readonly string[], current: string): Candidate[] {
  const all = command.createHelp().visibleOptions(command);
  const left = all.filter(({ long, short, defaultValue }) => {
    const again = Array.isArray(defaultValue);
    return again || (!before.includes(long ?? '') && !before.includes(short ?? ''));
  });
  const found = left.map(({ long, short, description }) => ({
    word: long ?? short ?? '',
    text: description,
  }));
  return fitting(found, current);
}

async function from(source: Source | undefined, home: () => Home, current: string): Promise<Proposal> {
  if (source === undefined) return [];
  if (typeof source === 'string') return source;
  const names = await source(home());
  return fitting(
    [...names]
      .filter((name) => PLAIN_WORD.test(name) && !name.startsWith('-'))
      .sort()
      .map((word) => ({ word })),
    current,
  );
}

const fitting = (all: readonly Candidate[], current: string): Candidate[] =>
  all.filter(({ word }) => word.startsWith(current));

/** The home that the line names; a shell has not expanded its `~` yet. */
function homeIn(words: readonly string[]): Home {
  const at = words.lastIndexOf('--home');
  const inline = words.findLast((word) => word.startsWith('--home='))?.slice('--home='.length);
  const named = at === -1 ? inline : words[at + 1];
  return resolveHome(
    named?.replace(/^~(?=\/|$)/, () => homedir()),
    process.env,
  );
}
