import type { JsonSource } from '../../protocol/json/json-source.ts';
import { reading, type SimdReader } from '../../protocol/json/simd.ts';
import { type ArgumentText, eachText } from './argument-texts.ts';
import { endsWith, foldersFor, guards } from './guarding-files.ts';
import { type LexicalPath, readings } from './lexical-path.ts';
import { type OwnPlaces, type ProtectedPlaces, protectedPlaces } from './own-places.ts';
import { BEYOND_ASCII, folded, UNSEEN } from './path-letters.ts';
import { eachMarkedWord, type PathForm, pathForms } from './path-words.ts';
import { mayBeWhole } from './text-bytes.ts';

/** What of ours, and of the clients', the arguments of a call name. */
export interface OwnFilesNamed {
  /** A path in the holdpoint home, or a file of the program. */
  home: boolean;
  /** A file in which an MCP client, or a project, keeps what guards it. */
  config: boolean;
  /** A folder that holds the home, as the whole of an argument. */
  above: boolean;
  /** What nobody can resolve, or too much to look at. */
  unclear: boolean;
}

/** A longer text is looked at before it is decoded. */
const MOST_SHORT = 64;
/** Of arguments that are longer than this, texts are looked at for what makes them a path before they are decoded. */
const LONG = 16 * 1024;
/** Longer ones are no path, and no command line in which quotes part what belongs together. */
const MOST_PATH = 4_096;
const MOST_COMMAND = 256 * 1024;
/** How many characters of words are looked at, and what one word costs besides: about 0.1 s in all (measured). */
const MOST_LETTERS = 4_000_000;
const WORD_COST = 80;
const AGAIN_COST = 5;
const MOST_SEEN = 2_000;
const LIKE_A_PATH = /^[~/.\\$%]|^file:|^[a-z]:[\\/]|\.\./i;
const FOR_A_PATH = /path|dir|folder|file|source|target|dest|root|cwd|uri|location/i;
/** Nothing in it that readers could take in two ways, or that needs to be resolved. */
const PLAIN = /^[\w./@-]+$/;
const NOT_PLAIN = /(?:^|\/)(?:\.{0,2}\/|\.{1,2}$|(?:proc|dev)\/)/;
const OWN_VARIABLE = /[$%]\{?holdpoint_home/i;
const STANDARD_STREAM = /(?:^|[/\\])(?:dev|self|thread-self)[/\\]fd[/\\][0-2]$/i;

/**
 * Looks for our own files and the clients' in arguments, by their letters: whatever the spelling of a path, in any
 * text at any depth, and a folder and a name in two of them. Links, shell globs and a name that is put together from
 * pieces are not seen; the README says so. `sureRead`: the tool surely only reads.
 */
export function ownFilesNamed(source: JsonSource, places: OwnPlaces, sureRead: boolean): OwnFilesNamed {
  const search = new Search(source, protectedPlaces(places), sureRead);
  search.run();
  return search.found;
}

/** What was met on the way. */
class Met {
  /** Words that were looked at. */
  readonly seen = new Set<string>();
  /** Those that were all of their text. */
  readonly seenAlone = new Set<string>();
  /** Folders in which a name that was met would be one of the clients', by their parts. */
  readonly wanted = new Map<string, string[]>();
  /** How many parts of the home's path stand before a name that was met. */
  readonly rests = new Set<number>();
}

class Search {
  readonly found: OwnFilesNamed = { home: false, config: false, above: false, unclear: false };
  private readonly source: JsonSource;
  private readonly places: ProtectedPlaces;
  private readonly sureRead: boolean;
  private readonly reader: SimdReader;
  private left = MOST_LETTERS;
  /** Whether the word that is looked at is all of its text. */
  private alone = false;
  /** Made when there is a word to look at: most calls have none. */
  private made: Met | undefined;

  constructor(source: JsonSource, places: ProtectedPlaces, sureRead: boolean) {
    this.source = source;
    this.reader = reading(source.bytes);
    this.places = places;
    this.sureRead = sureRead;
  }

  run(): void {
    const { found, sureRead } = this;
    const nothing = this.isClean(0, this.source.bytes.length);
    if (nothing && sureRead) return;
    if (!nothing) this.eachText((text) => this.text(text));
    if (found.home) return;
    const { made } = this;
    if (!sureRead || (made !== undefined && made.rests.size > 0)) this.eachText((text) => this.whole(text));
    if (made !== undefined && made.wanted.size > 0 && !found.config) this.pairs(made.wanted);
  }

  private get met(): Met {
    this.made ??= new Met();
    return this.made;
  }

  private get isLong(): boolean {
    return this.source.bytes.length > LONG;
  }

  /** A quick no for most calls, without decoding. */
  private isClean(start: number, end: number): boolean {
    return this.places.odd === undefined && this.places.quickNo.certain(this.reader, start, end);
  }

  private eachText(tell: (text: ArgumentText) => void): void {
    eachText(this.source, (text) => {
      tell(text);
      return !this.found.home;
    });
  }

  private text({ start, end }: ArgumentText): void {
    const { source, places, found } = this;
    if (end - start > MOST_SHORT && this.isClean(start, end)) return;
    if (end - start > MOST_COMMAND) return this.stretches(start + 1, end - 1);
    const read = source.string(start, end);
    this.words(read);
    // As a shell puts together what is quoted in pieces: "$HOME"/.holdpoint
    if (/["'\\]/.test(read)) this.words(read.replace(/["'\\]+/g, ''));
    if (places.odd !== undefined && folded(read.replaceAll('\\', '')).includes(places.odd)) found.home = true;
  }

  /** Of a very long text only what may hold a word is decoded. */
  private stretches(start: number, end: number): void {
    const { source, found } = this;
    this.places.quickNo.eachSuspect(source.bytes, { start, end }, (from, to) => {
      this.words(source.said(from, to), from === start && to === end);
      return this.left >= 0 && !found.home;
    });
  }

  /** `whole`: this is all of its text. */
  private words(read: string, whole = true): void {
    const ascii = !BEYOND_ASCII.test(read);
    const { mark, markBeyond } = this.places;
    eachMarkedWord(ascii ? read : read.replace(UNSEEN, ''), ascii ? mark : markBeyond, (word) => {
      this.alone = whole && word.length === read.length;
      const seen = this.alone ? this.met.seenAlone : this.met.seen;
      const again = seen.has(word);
      this.left -= again ? AGAIN_COST : word.length + WORD_COST;
      if (this.left < 0) this.found.unclear = true;
      else if (!again) this.word(word);
      if (!again && seen.size < MOST_SEEN) seen.add(word);
      return this.left >= 0 && !this.found.home;
    });
  }

  private word(word: string): void {
    if (PLAIN.test(word) && !NOT_PLAIN.test(word)) {
      const parts = word.split('/').filter((part) => part !== '');
      this.path(
        { text: word, foreign: false },
        { start: word.startsWith('/') ? 'root' : 'here', parts, unknown: undefined },
      );
      return;
    }
    if (OWN_VARIABLE.test(word)) this.found.home = true;
    for (const form of pathForms(word)) for (const reading of readings(form.text)) this.path(form, reading);
  }

  private path({ text, foreign }: PathForm, reading: LexicalPath): void {
    const { places, found } = this;
    const parts = reading.parts.map(folded);
    const here = reading.start === 'here';
    if (reading.unknown !== undefined && !STANDARD_STREAM.test(text)) found.unclear = true;
    if (guards(parts)) found.config = true;
    if (here && parts.length > 0) this.remember(parts);
    if (here && !foreign && places.telling !== undefined && parts.includes(places.telling)) found.home = true;
    // A bare word is a text like any other.
    if (here && !/[/\\%~]/.test(text) && !(text.startsWith('.') || (places.inside && hasEnding(text))))
      return;
    if (places.holds(places.absolute(reading))) found.home = true;
  }

  /** What a relative path would be, if another argument were the folder that it starts from. */
  private remember(parts: readonly string[]): void {
    for (const folder of foldersFor(parts))
      if (this.alone || folder[0]?.startsWith('.') === true) this.met.wanted.set(folder.join('/'), folder);
    const { home } = this.places;
    for (let at = 1; at < home.length; at += 1) {
      const rest = home.slice(at);
      if (rest.every((part, index) => part === parts[index])) this.met.rests.add(at);
    }
  }

  /** A text that is, as a whole, a folder above the home, or the home's bare name under a key for paths. */
  private whole({ start, end, isKey, keyStart, keyEnd }: ArgumentText): void {
    const { source, places, found, made } = this;
    if (isKey || end - start > MOST_PATH) return;
    if (this.isLong && !mayBeWhole(source.bytes, start, end, places.bareName)) return;
    const read = source.string(start, end);
    const forPath = FOR_A_PATH.test(source.slice(keyStart, keyEnd));
    if (forPath && places.isBareHome(read)) found.above = true;
    if (!LIKE_A_PATH.test(read)) return;
    const parts = places.above(read);
    if (parts === undefined) return;
    if (made?.rests.has(parts) === true) found.above = true;
    // "/" alone parts words, too.
    if (!this.sureRead && (parts > 0 || forPath)) found.above = true;
  }

  /** A folder in one word and a name in another make one of the clients' files together. */
  private pairs(wanted: ReadonlyMap<string, string[]>): void {
    const folders = [...wanted.values()];
    const names = folders.map((folder) => (folder.at(-1) ?? '').replace(/[.*+?]/g, '\\$&'));
    const mark = new RegExp(`%[0-9a-f]{2}|${names.join('|')}`, 'giu');
    const meets = (text: string, whole: boolean): boolean =>
      readings(text).some((reading) => {
        const parts = reading.parts.map(folded);
        return folders.some(
          (folder) => (whole || folder[0]?.startsWith('.') === true) && endsWith(parts, folder),
        );
      });
    this.eachText(({ start, end, isKey }) => {
      const read = this.source.string(start, end);
      if (!isKey && read.length <= MOST_PATH && meets(read, true)) this.found.config = true;
      eachMarkedWord(read, mark, (word) => {
        this.left -= word.length + WORD_COST;
        if (this.left < 0) this.found.unclear = true;
        else if (pathForms(word).some((form) => meets(form.text, false))) this.found.config = true;
        return this.left >= 0 && !this.found.config;
      });
    });
  }
}

function hasEnding(text: string): boolean {
  return /\.[a-z0-9]{1,10}$/i.test(text);
}
