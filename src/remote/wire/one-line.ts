import { joined } from '../../protocol/join.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A message that a server sent over HTTP as one line with its LF: each byte of a line break between tokens becomes a
 * space, and no other byte changes. Undefined where that would change what it says: a break within a string, which is no
 * JSON but to lenient readers.
 */
export function oneLine(message: Uint8Array): Uint8Array | undefined {
  const end = withoutLastBreaks(message);
  const body = message.subarray(0, end);
  const line = joined([body, Uint8Array.of(LF)], end + 1);
  if (!body.includes(LF) && !body.includes(CR)) return line;
  let inString = false;
  for (let at = 0; at < end; at += 1) {
    const byte = line[at];
    if (byte === LF || byte === CR) {
      if (inString) return undefined;
      line[at] = 0x20;
    } else if (byte === QUOTE) inString = !inString;
    else if (byte === BACKSLASH && inString) {
      at += 1;
      if (line[at] === LF || line[at] === CR) return undefined;
    }
  }
  return line;
}

function withoutLastBreaks(message: Uint8Array): number {
  let end = message.length;
  while (end > 0 && (message[end - 1] === LF || message[end - 1] === CR)) end -= 1;
  return end;
}
