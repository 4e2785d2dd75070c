import { countAlternatives, expandBraces, targetOf } from '../decide/glob.ts';

const MAX_PATTERN = 256;
const MAX_ALTERNATIVES = 64;

/**
 * Characters that other tools give a meaning which ours have not: better refused than quietly literal. In names of
 * servers, callers and clients, people and clients use blanks and brackets, so there only what is surely borrowed.
 */
const FOREIGN_ANYWHERE = /[[\]\\]/;
const FOREIGN_IN_TOOL = /[!()\s]/;
const FOREIGN_IN_NAME = /^[!\s]|\s$|!(?=\()|\|(?=[^(]*\))|[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Why a pattern cannot be used, or undefined. `tool`: it is one of tools, `server/tool`; `name`: of whole names. */
export function patternFault(pattern: string, of: 'tool' | 'name'): string | undefined {
  if (pattern === '') return 'An empty pattern matches nothing.';
  if (pattern.length > MAX_PATTERN) return `The pattern is longer than ${MAX_PATTERN} characters.`;
  const anywhere = FOREIGN_ANYWHERE.exec(pattern)?.[0];
  if (anywhere !== undefined) return holds(anywhere);
  if (/,\s/.test(pattern)) return 'The pattern holds a comma and a blank: write several patterns as a list.';
  if (countAlternatives(pattern) > MAX_ALTERNATIVES)
    return `The braces make more than ${MAX_ALTERNATIVES} patterns.`;
  const alternatives = expandBraces(pattern);
  if (alternatives === undefined) return 'The braces of the pattern do not pair, or are nested.';
  if (alternatives.some((one) => one === '' || one.startsWith('/') || one.endsWith('/'))) {
    return 'The pattern has an empty server or tool name.';
  }
  const foreign = alternatives.map((one) => foreignIn(one, of)).find((one) => one !== undefined);
  return foreign === undefined ? undefined : holds(foreign);
}

function holds(foreign: string): string {
  return `The pattern holds ${JSON.stringify(foreign)}; only * ? and {a,b} have a meaning here. Where a name holds it, write ? in its place.`;
}

function foreignIn(alternative: string, of: 'tool' | 'name'): string | undefined {
  if (of === 'name') return FOREIGN_IN_NAME.exec(alternative)?.[0];
  const { server, tool } = targetOf(alternative);
  return FOREIGN_IN_NAME.exec(server)?.[0] ?? FOREIGN_IN_TOOL.exec(tool)?.[0];
}
