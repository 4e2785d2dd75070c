const USUAL = 80;

/** How wide a table may be: a terminal's columns; where a program reads, as wide as it needs, so that each row is one line. */
export function tableWidth(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout): number {
  // A pseudo-terminal that nobody gave a size has none.
  return stream.isTTY ? stream.columns || USUAL : Number.POSITIVE_INFINITY;
}
