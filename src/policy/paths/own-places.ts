import { ENDINGS } from './guarding-files.ts';
import { type LexicalPath, readings } from './lexical-path.ts';
import { folded } from './path-letters.ts';
import { holdsBreak } from './path-words.ts';
import { Prefilter } from './prefilter.ts';

/** Where this process's own files lie, for the built-in items. Absolute paths. */
export interface OwnPlaces {
  holdpointHome: string;
  userHome: string;
  workingFolder: string;
  /** What is kept like the home: the files of the program, and the home's real path where that is another. */
  besides: readonly string[];
}

/** What a separator of parts or words may be, in a pattern. */
const EDGE = '[\\s"\'`=;|&<>(),:\\[\\]{}/\\\\\\0]';
const ENDING = ENDINGS.map((one) => one.replace('.', '\\.')).join('|');
/** Everything but names of our own that makes a word worth looking at. */
const ALWAYS = `%[0-9a-f]{2}|${ENDING}|[/\\\\](?:fd|map_files)[/\\\\]|[0-9][/\\\\]cwd|[$%]\\{?holdpoint_home`;
/** A Mac spells some folders in two ways. */
const MAC_DATA = ['system', 'volumes', 'data'];
const MAC_PRIVATE = new Set(['etc', 'tmp', 'var']);

/** An absolute path that only one reading has, and nothing to resolve. */
const PLAIN = /^\/[\w./@ -]*$/;
const NOT_PLAIN = /\/(?:\.{0,2}\/|\.{1,2}$|(?:proc|dev|system|private)\/)/i;

/** Parts of an absolute path as they are compared: case folded, and a Mac's two spellings of a folder made one. */
function compared(parts: readonly string[]): string[] {
  const all = parts.map(folded);
  const local = MAC_DATA.every((part, index) => part === all[index]) ? all.slice(3) : all;
  return local[0] === 'private' && MAC_PRIVATE.has(local[1] ?? '') ? local.slice(1) : local;
}

function partsOf(path: string): string[] {
  return compared(path.split('/').filter((part) => part !== '' && part !== '.'));
}

/** Whether a path is a folder, or lies in it. */
export function liesIn(path: readonly string[], folder: readonly string[]): boolean {
  return folder.length <= path.length && folder.every((part, index) => part === path[index]);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** Our own folders, made ready to be looked for. */
export class ProtectedPlaces {
  /** The home first, then what is kept like it. */
  readonly folders: readonly (readonly string[])[];
  readonly home: readonly string[];
  /** Whether the working folder lies in one: then every relative path does. */
  readonly inside: boolean;
  /** The last name of the home, where that alone tells it. */
  readonly telling: string | undefined;
  /** Finds, in the bytes of a long text, where the mark may stand. */
  readonly quickNo: Prefilter;
  /** Finds, in a text, what makes a word worth looking at. */
  readonly mark: RegExp;
  /** The same for a text with letters beyond ASCII, some of which are other cases of ours. */
  readonly markBeyond: RegExp;
  /** The home as it would stand in a text, where words do not hold it. */
  readonly odd: string | undefined;
  /** The folders above the home, and how many parts of its path they are. */
  private readonly ancestors = new Map<string, number>();
  private readonly userHome: string[];
  private readonly user: string;
  private readonly workingFolder: string[];

  constructor(places: OwnPlaces) {
    const { holdpointHome, userHome, workingFolder, besides } = places;
    this.home = partsOf(holdpointHome);
    this.folders = [this.home, ...besides.map(partsOf)].filter(({ length }) => length > 0);
    this.userHome = partsOf(userHome);
    this.user = this.userHome.at(-1) ?? '';
    this.workingFolder = partsOf(workingFolder);
    this.inside = this.folders.some((folder) => liesIn(this.workingFolder, folder));
    const name = this.home.at(-1) ?? '';
    this.telling = name.startsWith('.') ? name : undefined;
    const names = [...new Set(this.folders.map((folder) => folder.at(-1) ?? ''))];
    const words = [
      ...names.flatMap(sought),
      ...ENDINGS,
      '%',
      '/fd/',
      '/map_files/',
      '/cwd',
      'holdpoint_home',
    ];
    const backwards = ['\\fd', '\\map_files', '\\cwd'];
    this.quickNo = new Prefilter(this.inside ? ['/', '\\', '.', '~', '%'] : [...words, ...backwards]);
    const pattern = this.inside ? '[/\\\\.~%]' : [ALWAYS, ...names.map(marked)].join('|');
    this.mark = new RegExp(pattern, 'gi');
    this.markBeyond = new RegExp(pattern, 'giu');
    for (let length = 0; length < this.home.length; length += 1)
      this.ancestors.set(`/${this.home.slice(0, length).join('/')}`, length);
    this.odd = holdsBreak(holdpointHome) ? folded(holdpointHome) : undefined;
  }

  /** The parts from the root, as they are compared. */
  absolute({ start, parts }: LexicalPath): string[] {
    if (start === 'root') return compared(parts);
    const [first = ''] = parts;
    // `~ada` is Ada's home.
    const own = start === 'home' || (first.startsWith('~') && folded(first.slice(1)) === this.user);
    const all = [...(own ? this.userHome : this.workingFolder)];
    for (const part of own && start !== 'home' ? parts.slice(1) : parts) {
      if (part === '..') all.pop();
      else all.push(part);
    }
    return compared(all);
  }

  holds(path: readonly string[]): boolean {
    return this.folders.some((folder) => liesIn(path, folder));
  }

  /** How long the home's name is. */
  get bareName(): number {
    return this.home.at(-1)?.length ?? 0;
  }

  /** Whether a text is the home's name and nothing else, where that would be the home. */
  isBareHome(text: string): boolean {
    return folded(text) === this.home.at(-1) && this.holds(compared([...this.workingFolder, text]));
  }

  /** How many parts of the home's own path a whole text names; undefined: it is no folder above the home. */
  above(text: string): number | undefined {
    if (PLAIN.test(text) && !NOT_PLAIN.test(text))
      return this.ancestors.get(folded(text).replace(/(.)\/$/, '$1'));
    for (const reading of readings(text)) {
      const path = this.absolute(reading);
      if (path.length < this.home.length && liesIn(this.home, path)) return path.length;
    }
    return undefined;
  }
}

/** A folder's name where it may be a part of a path: beside a separator, or a name of ours by its dot. */
function marked(name: string): string {
  const exact = escaped(name);
  return name.startsWith('.') ? exact : `[/\\\\]${exact}(?=$|${EDGE})|${exact}(?=[/\\\\])`;
}

function sought(name: string): string[] {
  return name.startsWith('.') ? [name] : [`/${name}`, `${name}/`, `\\${name}`, `${name}\\`];
}

const ready = new WeakMap<OwnPlaces, ProtectedPlaces>();

/** Made once for the places of a session. */
export function protectedPlaces(places: OwnPlaces): ProtectedPlaces {
  let made = ready.get(places);
  if (made === undefined) {
    made = new ProtectedPlaces(places);
    ready.set(places, made);
  }
  return made;
}
