import { folded } from '../../text/table.ts';

const USUAL_COLUMNS = 80;

/** A sentence for stdout: on a terminal folded at blanks, further lines below the first one's text; in a pipe one line. */
export function forReader(text: string, indent = ''): string {
  if (process.stdout.isTTY !== true) return `${indent}${text}`;
  const columns = process.stdout.columns ?? USUAL_COLUMNS;
  return folded(text, Math.max(1, columns - indent.length))
    .map((line) => `${indent}${line}`)
    .join('\n');
}
