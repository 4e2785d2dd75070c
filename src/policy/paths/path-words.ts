import { isForeignUrl } from './lexical-path.ts';
import { unescaped } from './path-letters.ts';

/** Between the words of a command line or a list of paths. */
const BREAKS = ' \t\n\r\v\f\0"\'`=;|&<>(),';
const IS_BREAK = new Uint8Array(128);
for (const one of BREAKS) IS_BREAK[one.charCodeAt(0)] = 1;
const BEYOND = /[\s\u0085]/;
const FINER = /[:[\]{}]/;
const FINEST = /[:[\]{}]+/;
const SCHEME = /[a-z0-9+.-]/i;
const MOST_SCHEME = 64;

/** What of a word may be a path. */
export interface PathForm {
  text: string;
  /** A URL of another machine that climbs: a path only for a server that takes all for paths. */
  foreign: boolean;
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 ? IS_BREAK[code] === 1 : BEYOND.test(text.charAt(at));
}

export function holdsBreak(text: string): boolean {
  return Array.from(text, (_, at) => at).some((at) => isBreak(text, at));
}

/** Calls back with each word that a mark stands in, until that says stop; in linear time. `mark` is global. */
export function eachMarkedWord(text: string, mark: RegExp, tell: (word: string) => boolean): void {
  let end = 0;
  mark.lastIndex = 0;
  for (let hit = mark.exec(text); hit !== null; hit = mark.exec(text)) {
    let from = hit.index;
    while (from > end && !isBreak(text, from - 1)) from -= 1;
    let to = hit.index + hit[0].length;
    while (to < text.length && !isBreak(text, to)) to += 1;
    if (!tell(text.slice(from, to))) return;
    end = to;
    mark.lastIndex = Math.max(to, hit.index + 1);
  }
}

/** Where a URL begins in a word, or -1. */
function urlStart(word: string): number {
  let at = word.indexOf('://');
  if (at === -1) return -1;
  const least = Math.max(0, at - MOST_SCHEME);
  while (at > least && SCHEME.test(word.charAt(at - 1))) at -= 1;
  return at;
}

/** The paths that a word may hold: as it stands, and between the colons and brackets of lists. No URL is one. */
export function pathForms(word: string): PathForm[] {
  const at = urlStart(word);
  if (at === -1) return split(word);
  const url = word.slice(at);
  const foreign = isForeignUrl(url);
  const climbs = !foreign || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(unescaped(url));
  return [...split(word.slice(0, at)), ...(climbs ? [{ text: url, foreign }] : [])];
}

function split(word: string): PathForm[] {
  if (word === '') return [];
  const finer = FINER.test(word) && !/^file:/i.test(word) ? word.split(FINEST) : [];
  return [word, ...finer.filter((one) => one !== '')].map((text) => ({ text, foreign: false }));
}
