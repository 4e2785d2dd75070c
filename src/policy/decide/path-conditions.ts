import { isForeignUrl, type LexicalPath, readings, type Start, written } from '../paths/lexical-path.ts';
import { folded } from '../paths/path-letters.ts';
import { covers, expandBraces, globMatches } from './glob.ts';
import { NotEvaluable } from './json-values.ts';

const WILD = /[*?]/;
/** What a pattern of one alternative asks for: parts, `**` among them. */
interface PathPattern {
  /** Undefined: it may begin anywhere. */
  start: Start | undefined;
  parts: string[];
}

/** All that a text may mean as a path. Throws a NotEvaluable for what no reader can tell. */
function meant(text: string, what: string): LexicalPath[] {
  if (isForeignUrl(text)) throw new NotEvaluable(`${what}: this is a URL and no path`);
  const found = readings(text);
  const unknown = found.find((one) => one.unknown !== undefined)?.unknown;
  if (unknown !== undefined) throw new NotEvaluable(`${what}: nobody can tell the file: ${unknown}`);
  return found;
}

/**
 * A path as it is once `.`, `..`, `//`, percent escapes, backslashes and `file:` are resolved: `/a/b`, `~/a`, or
 * relative as it was, `a/b`. Throws a NotEvaluable for a URL, for what no letters tell (an open file by its number),
 * and where readers disagree.
 */
export function path(text: string): string {
  const [first, second] = meant(text, 'path()').map(written);
  if (first === undefined || second !== undefined)
    throw new NotEvaluable('path(): readers of paths take this for different files');
  return first;
}

/** A part of a pattern: a name as it is compared, or one with `*` and `?`. */
function patternOf(text: string): PathPattern {
  const [head = ''] = text.split('/', 1);
  const start = head === '' ? 'root' : head === '~' ? 'home' : 'here';
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new NotEvaluable('pathGlob(): a pattern with ".." in it has no meaning');
  const from = start === 'home' ? parts.slice(1) : parts;
  return {
    start: start === 'here' && parts[0] === '**' ? undefined : start,
    parts: from.map((part) => (/^\*{3,}$/.test(part) ? '**' : folded(part))),
  };
}

const MOST_KEPT = 500;
const kept = new Map<string, PathPattern[]>();

/** The alternatives of a pattern, worked out once. Throws a NotEvaluable for one that is none. */
function patternsOf(pattern: string): PathPattern[] {
  let found = kept.get(pattern);
  if (found === undefined) {
    const alternatives = expandBraces(pattern);
    if (alternatives === undefined)
      throw new NotEvaluable('pathGlob(): the braces of the pattern do not pair');
    found = alternatives.map(patternOf);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(pattern, found);
  }
  return found;
}

/**
 * Whether a path is one of a pattern's: `*` and `?` within a part, `**` for any number of parts, also none, without
 * regard to case. `**` at the beginning is anywhere. `spend` is told each comparison, and may throw. Throws a
 * NotEvaluable where the path begins elsewhere than the pattern, and where readers disagree.
 */
export function pathGlob(text: string, pattern: string, spend: (steps: number) => void): boolean {
  const answers = meant(text, 'pathGlob()').map((reading) => {
    const parts = reading.parts.map(folded);
    return patternsOf(pattern).map((one) => {
      // `../a` may be anything above, and so may what lies below it.
      const elsewhere = one.start !== reading.start || parts[0] === '..';
      if (one.start !== undefined && elsewhere) return undefined;
      return covers(one.parts, parts, '**', (wanted, part) => partMatches(wanted, part, spend));
    });
  });
  const said = answers.map((some) => some.includes(true) || (some.includes(undefined) ? undefined : false));
  if (said.includes(undefined))
    throw new NotEvaluable('pathGlob(): the path does not begin where the pattern does');
  if (said.includes(true) && said.includes(false))
    throw new NotEvaluable('pathGlob(): readers of paths take this for different files');
  return said.includes(true);
}

function partMatches(pattern: string, part: string, spend: (steps: number) => void): boolean {
  if (!WILD.test(pattern)) {
    spend(1);
    return pattern === part;
  }
  spend(pattern.length * part.length);
  return globMatches(pattern, part);
}
