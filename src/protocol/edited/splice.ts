import { joined } from '../join.ts';
import { type JsonNode, memberOf, scanJson } from '../json/json-scan.ts';
import { JsonSource } from '../json/json-source.ts';
import { withoutEnd } from '../line-splitter.ts';

const encoder = new TextEncoder();

/** Two levels: the message and its params. */
function lookedInto(key: string | undefined, depth: number): boolean {
  return depth === 0 || (depth === 1 && key === 'params');
}

/**
 * A call's line with other arguments (JSON source) in the place of its own, or put where it has none; every other byte
 * stays, its end too. What comes of it must be read like any line. Throws a JsonProblem for what is no clean JSON, an
 * Error for what is no call.
 */
export function withArguments(line: Uint8Array, text: string): Uint8Array {
  const params = memberOf(scanJson(JsonSource.read(withoutEnd(line)), lookedInto), 'params');
  if (params?.members === undefined) throw new Error('it has no params');
  const bytes = encoder.encode(text);
  const given = memberOf(params, 'arguments');
  if (given !== undefined) return spliced(line, given, bytes);
  const at = params.start + 1;
  const more = params.members.length > 0 ? ',' : '';
  return spliced(line, { start: at, end: at }, encoder.encode(`"arguments":${text}${more}`));
}

/** `start` inclusive, `end` exclusive. */
function spliced(
  line: Uint8Array,
  { start, end }: Pick<JsonNode, 'start' | 'end'>,
  by: Uint8Array,
): Uint8Array {
  return joined([line.subarray(0, start), by, line.subarray(end)], line.length - (end - start) + by.length);
}

/** The levels of an answer that are looked into: the message, its result or error. */
function answerInto(key: string | undefined, depth: number): boolean {
  return depth === 0 || (depth === 1 && (key === 'result' || key === 'error'));
}

/**
 * A server's answer with a word of ours before its own: the first item of a result's content, or the beginning of an
 * error's message; every other byte stays. An answer that has neither, or is no clean JSON, comes back as it is.
 */
export function withWord(line: Uint8Array, word: string): Uint8Array {
  try {
    const root = scanJson(JsonSource.read(withoutEnd(line)), answerInto);
    const content = memberOf(memberOf(root, 'result'), 'content');
    if (content?.kind === 'array') {
      const at = content.start + 1;
      const empty = /^\s*\]/.test(new TextDecoder().decode(line.subarray(at, content.end)).slice(0, 64));
      const item = JSON.stringify({ type: 'text', text: word });
      return spliced(line, { start: at, end: at }, encoder.encode(empty ? item : `${item},`));
    }
    const message = memberOf(memberOf(root, 'error'), 'message');
    if (message?.kind !== 'string') return line;
    const at = message.start + 1;
    return spliced(line, { start: at, end: at }, encoder.encode(JSON.stringify(`${word} `).slice(1, -1)));
  } catch {
    return line;
  }
}
