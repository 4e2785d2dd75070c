import { type LineChunk, lineChunks } from './line-chunks.ts';

/** A line of a file without its LF. A torn one is the last and has no LF. */
export interface FoundLine {
  bytes: Buffer;
  /** Where in the file it begins. */
  offset: number;
  torn: boolean;
}

/** Whether a line is wanted: the bytes from `from` to `to`, which is its LF's place or the end. */
export type Wanted = (bytes: Buffer, from: number, to: number) => boolean;

const LF = 0x0a;

/** The wanted lines of a file, in order, from a line's beginning on. Throws errors of the system. */
export function* linesWanted(path: string, wanted: Wanted, first = 0): Generator<FoundLine> {
  for (const chunk of lineChunks(path, first)) {
    const { bytes } = chunk;
    for (let from = 0; from < bytes.length; ) {
      const end = chunk.torn ? bytes.length : bytes.indexOf(LF, from);
      if (wanted(bytes, from, end)) yield foundIn(chunk, from, end);
      from = end + 1;
    }
  }
}

/**
 * The lines of a file that hold one of these texts, in order. All of the file is read and nothing else of it is looked
 * at, which is many times faster than reading each line as a record. Throws errors of the system.
 */
export function* linesWith(path: string, texts: readonly string[]): Generator<FoundLine> {
  const sought = texts.map((text) => Buffer.from(text));
  for (const chunk of lineChunks(path)) {
    const found = new Map<number, number>();
    for (const text of sought) linesIn(chunk.bytes, text, found);
    for (const [from, to] of [...found].sort(([a], [b]) => a - b)) yield foundIn(chunk, from, to);
  }
}

/** Every whole line of a file, from a line's beginning on. Throws errors of the system. */
export function* wholeLines(path: string, first = 0): Generator<FoundLine> {
  for (const line of linesWanted(path, () => true, first)) if (!line.torn) yield line;
}

/** Where the lines begin and end that hold a text. */
function linesIn(bytes: Buffer, text: Buffer, found: Map<number, number>): void {
  for (let at = bytes.indexOf(text); at !== -1; ) {
    const end = bytes.indexOf(LF, at);
    const stop = end === -1 ? bytes.length : end;
    found.set(at === 0 ? 0 : bytes.lastIndexOf(LF, at) + 1, stop);
    at = bytes.indexOf(text, stop);
  }
}

function foundIn({ bytes, offset, torn }: LineChunk, from: number, to: number): FoundLine {
  return { bytes: Buffer.from(bytes.subarray(from, to)), offset: offset + from, torn };
}
