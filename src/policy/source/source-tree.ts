import type { Problem } from './problems.ts';

export type Path = (string | number)[];

/** How a policy's text is written. */
export type Format = 'json' | 'yaml';

/** Where something stands: UTF-16 units from the beginning of the text. */
export interface Place {
  /** Where it begins, with its quote. */
  start: number;
  /** Where its first character is. */
  offset: number;
  /** Of a text: whether its characters stand behind the offset one for one, so that a place in it is one in the file. */
  literal: boolean;
}

/** A policy's text once it was parsed: its value, and where each part of it stands. */
export interface SourceTree {
  readonly value: unknown;
  /** Of the value at a path; undefined when nothing stands there. */
  place(path: Path): Place | undefined;
  /** Of a key; undefined when it is not there. */
  keyOffset(path: Path): number | undefined;
  /** A number as it was written; undefined when no number stands there. */
  numberText(path: Path): string | undefined;
}

/** A fault with its place, in the order of which the faults are told. */
export type PlacedProblem = Problem & { offset: number };
export type Parsed =
  | { tree: SourceTree; problems: PlacedProblem[] }
  | { tree?: never; problems: PlacedProblem[] };

/** So much of a word is shown in a sentence about it. */
const MOST_SHOWN = 60;
/** No sentence of ours is longer; some quote what they are about. */
const MOST_SAID = 500;

/** A key or a text in quotes, cut where it is long: a sentence is no place for a quarter of a megabyte. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** Line and column (from 1) of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let [line, start] = [1, 0];
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

export function spellPath(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? cut(part) : `.${cut(part)}`,
    )
    .join('');
}

/** A fault at an offset of a text. */
export function problemAt(
  text: string,
  offset: number,
  said: { path?: Path; message: string; suggestion?: string | undefined; excerpt?: string },
): PlacedProblem {
  const { path = [], message, suggestion, excerpt } = said;
  return {
    path: spellPath(path),
    ...lineAndColumn(text, offset),
    message: message.length > MOST_SAID ? `${message.slice(0, MOST_SAID)}…` : message,
    suggestion,
    ...(excerpt === undefined ? {} : { excerpt }),
    offset,
  };
}
