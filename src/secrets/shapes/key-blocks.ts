/** A stretch of a text, in UTF-16 units, `end` exclusive. */
interface Block {
  start: number;
  end: number;
  why: string;
}

/** What begins a private key: PEM (RFC 7468), OpenPGP's armor (RFC 9580), PuTTY's own format. */
const BEGIN =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|(?<=^|[\n\\\s])Private-Lines: [0-9]{1,4}/g;
/** Between two lines: white space, also as a string in a string spells it, a quotation's marks, quotes of a list. */
const BETWEEN = /(?:\s|\\[nrt]|[>|"',]){1,16}/y;
/** `Proc-Type: 4,ENCRYPTED`, `Comment: …`: told apart from the key and left readable. */
const HEADER = /[A-Z][A-Za-z0-9-]{1,24}: [^\n\\]{0,200}/y;
const LINE = /[A-Za-z0-9+/]{1,16384}={0,2}|=[A-Za-z0-9+/]{4}(?![A-Za-z0-9+/])/y;
const END =
  /(?:\s|\\[nrt]|[>|"',]){0,16}(?:-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: [0-9a-f]{40,64})/y;

/** Shorter lines are words, but for the last one before an end. */
const SHORTEST_LINE = 32;
const MOST_HEADERS = 4;
const LONGEST = 16 * 1024;

function at(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** Whether a line is base64 of random bytes, and no command, path or sentence: those miss one of the three kinds. */
function isKeyLine(line: string): boolean {
  return line.length >= SHORTEST_LINE && /[a-z]/.test(line) && /[A-Z]/.test(line) && /[0-9]/.test(line);
}

interface Lines {
  start: number;
  /** Behind the end's own line, where there is one. */
  end: number;
  headers: number;
}

/** The lines of one key, from where its first line may begin; undefined when none there is shaped like one. */
function linesFrom(text: string, from: number): Lines | undefined {
  let [start, end, headers] = [-1, from, 0];
  for (let place = from; place < from + LONGEST; ) {
    const between = at(BETWEEN, text, place);
    if (between === null) break;
    place = BETWEEN.lastIndex;
    const header = start === -1 && headers < MOST_HEADERS ? at(HEADER, text, place) : null;
    if (header !== null) {
      headers += 1;
      place = HEADER.lastIndex;
      continue;
    }
    const line = at(LINE, text, place)?.[0];
    if (line === undefined) break;
    const after = place + line.length;
    const last = start !== -1 && line.length <= 76 && at(END, text, after) !== null;
    if (!isKeyLine(line) && !last && !(start !== -1 && line.startsWith('='))) break;
    if (start === -1) start = place;
    end = after;
    place = after;
  }
  if (start === -1) return undefined;
  return { start, end: at(END, text, end) === null ? end : END.lastIndex, headers };
}

/**
 * The private keys in a text: of each the lines that hold it, with the marks around them, and nothing else. What only
 * begins like a key is none: whoever writes such a line before a command hides nothing by it. Linear.
 */
export function keyBlocks(text: string): Block[] {
  const found: Block[] = [];
  let free = 0;
  for (const begin of text.matchAll(BEGIN)) {
    const from = begin.index + begin[0].length;
    const lines = begin.index < free ? undefined : linesFrom(text, from);
    if (lines === undefined) continue;
    free = lines.end;
    const why = begin[0].startsWith('-') ? 'private key' : 'PuTTY private key';
    // Headers between the mark and the key may say anything, so they stay readable.
    const start = lines.headers === 0 ? begin.index : lines.start;
    found.push({ start, end: lines.end, why });
  }
  return found;
}
