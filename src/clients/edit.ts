/** A stretch of a text and what takes its place. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The text with these edits, of which no two overlap; of two at one place the first stands first. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}
