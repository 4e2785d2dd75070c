import { hiddenCount } from '../../text/visible.ts';
import { readJson } from '../json/json-scan.ts';

const STEP = '  ';

/**
 * JSON source laid out for an editor: one member a line, numbers and strings spelled as they are, but for characters
 * that a screen would not show, which are escaped. Throws a JsonProblem for what is no clean JSON.
 */
export function laidOut(text: string): string {
  return respaced(text, true);
}

/** JSON source without the space between its parts, so in one line. Throws a JsonProblem for what is no clean JSON. */
export function compact(text: string): string {
  return respaced(text, false);
}

/** Whether a text is one clean JSON object. Throws a JsonProblem where it is no clean JSON at all. */
export function isObject(text: string): boolean {
  return readJson(inOneLine(text)).root.kind === 'object';
}

/** An editor's text has lines, and messages are read as one: breaks between the parts of JSON are as good as spaces. */
function inOneLine(text: string): string {
  return text.replace(BREAK, (part) => (part === '\n' || part === '\r' ? ' ' : part));
}

const BREAK = /"[^"\\]*(?:\\.[^"\\]*)*"|[\n\r]/gs;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function respaced(text: string, spread: boolean): string {
  const line = inOneLine(text);
  readJson(line);
  const tokens = line.match(TOKEN) ?? [];
  let out = '';
  let depth = 0;
  const broken = (): string => (spread ? `\n${STEP.repeat(depth)}` : '');
  for (const [at, token] of tokens.entries()) {
    const empty = /^[}\]]$/.test(tokens[at + 1] ?? '');
    if (token === '{' || token === '[') {
      depth += 1;
      out += token + (empty ? '' : broken());
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const opened = /^[{[]$/.test(tokens[at - 1] ?? '');
      out += (opened ? '' : broken()) + token;
    } else if (token === ',') out += token + broken();
    else if (token === ':') out += spread ? ': ' : ':';
    else out += spread ? shownToken(token) : token;
  }
  return spread ? `${out}\n` : out;
}

/** What nobody would see in an editor is seen as an escape, which says the same. */
function shownToken(token: string): string {
  if (!token.startsWith('"')) return token;
  return [...token].map((one) => (hiddenCount(one) > 0 ? escaped(one) : one)).join('');
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
