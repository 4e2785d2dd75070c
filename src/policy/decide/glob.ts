import type { Target } from './types.ts';

/**
 * Whether a pattern covers a text, both of letters or both of parts: `many` in it stands for any of them, also none,
 * and `meets` says what else of it a single one meets. Two pointers, no backtracking beyond the last `many`: at worst
 * length × length steps, however hostile.
 */
export function covers<T>(
  pattern: ArrayLike<T>,
  text: ArrayLike<T>,
  many: T,
  meets: (wanted: T, given: T) => boolean,
): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === many) {
      star = p;
      mark = t;
      p += 1;
    } else if (wanted !== undefined && meets(wanted, text[t] as T)) {
      p += 1;
      t += 1;
    } else if (star !== -1) {
      p = star + 1;
      mark += 1;
      t = mark;
    } else return false;
  }
  while (pattern[p] === many) p += 1;
  return p === pattern.length;
}

const letterMeets = (wanted: string, given: string): boolean => wanted === '?' || wanted === given;

/** Whether a pattern of `*` (any characters, `/` and dots too) and `?` (one character) covers a text. */
export function globMatches(pattern: string, text: string): boolean {
  return covers(pattern, text, '*', letterMeets);
}

/** Whether one of the patterns covers the text; an empty list covers everything. */
export function anyGlob(patterns: readonly string[], text: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => globMatches(pattern, text));
}

export function targetMatches(target: Target, server: string, tool: string): boolean {
  return globMatches(target.tool, tool) && globMatches(target.server, server);
}

/** How many alternatives a pattern's groups make together: each multiplies, so this is asked before any are made. */
export function countAlternatives(pattern: string): number {
  return [...pattern.matchAll(/\{([^{}]*)\}/g)].reduce(
    (all, [, body = '']) => all * body.split(',').length,
    1,
  );
}

/** The alternatives of a pattern with `{a,b}` groups (not nested), or undefined when the braces do not pair. */
export function expandBraces(pattern: string): string[] | undefined {
  const open = pattern.indexOf('{');
  if (open === -1) return pattern.includes('}') ? undefined : [pattern];
  const close = pattern.indexOf('}', open);
  const body = pattern.slice(open + 1, close);
  if (close === -1 || body.includes('{') || pattern.slice(0, open).includes('}')) return undefined;
  const rest = expandBraces(pattern.slice(close + 1));
  if (rest === undefined) return undefined;
  const head = pattern.slice(0, open);
  return body.split(',').flatMap((part) => rest.map((tail) => `${head}${part}${tail}`));
}

/** A brace-free pattern as a target: the first `/` splits server from tool; a bare tool means any server. */
export function targetOf(pattern: string): Target {
  const slash = pattern.indexOf('/');
  if (slash === -1) return { server: '*', tool: pattern };
  return { server: pattern.slice(0, slash), tool: pattern.slice(slash + 1) };
}
