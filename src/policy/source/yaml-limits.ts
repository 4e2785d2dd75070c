import { Lexer } from 'yaml';
import {
  MAX_NESTING,
  MOST_ENTRIES,
  MOST_TOKENS,
  SEVERAL_DOCUMENTS,
  TOO_DEEP,
  TOO_MANY_ENTRIES,
  TOO_MANY_TOKENS,
} from './policy-limits.ts';

/** What of a text no parser should be given, and where it begins. */
export interface Excess {
  offset: number;
  message: string;
}

/** What begins or parts keys, items, texts in quotes, documents, and what is an error in a policy anyway. */
const ENTRY = /^(?:[-?:,[{"'&!*]|\.\.\.$)/;
/** The lexer's own marks, which stand for no character of the text; behind the last one comes a scalar. */
const BEGIN = '\u0002';
const END_OF_FLOW = '\u0018';
const SCALAR = '\u001f';

/**
 * What makes a text too deep or too long for a parser that recurses and that works through every token several times.
 * One pass over the tokens, which the lexer cuts without recursion, in steps that grow with the text alone.
 */
export function yamlExcess(text: string): Excess | undefined {
  const nesting = new Nesting();
  let offset = 0;
  let [tokens, entries, documents] = [0, 0, 0];
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === BEGIN || token === END_OF_FLOW || token === SCALAR) {
      scalar = token === SCALAR;
      if (token === END_OF_FLOW) nesting.flowEnds();
      continue;
    }
    nesting.take(token, scalar);
    if (!scalar && ENTRY.test(token)) entries += 1;
    if (token[0] !== ' ') tokens += 1;
    if (!scalar && token === '---') documents += 1;
    scalar = false;
    if (documents > 1) return { offset, message: SEVERAL_DOCUMENTS };
    if (nesting.depth > MAX_NESTING) return { offset, message: TOO_DEEP };
    if (entries > MOST_ENTRIES) return { offset, message: TOO_MANY_ENTRIES };
    if (tokens > MOST_TOKENS) return { offset, message: TOO_MANY_TOKENS };
    offset += token.length;
  }
  return undefined;
}

/** How deep the token before the next one lies: brackets, and the columns at which block collections begin. */
class Nesting {
  private flow = 0;
  private readonly columns: number[] = [];
  private column = 0;
  /** Where what may be a key begins, in this line or behind the last indicator in it. */
  private start: number | undefined;

  get depth(): number {
    return this.flow + this.columns.length;
  }

  take(token: string, scalar: boolean): void {
    const first = token[0] ?? '';
    if (!scalar && this.flow === 0 && (token === '-' || token === '?')) this.enter(this.column);
    else if (!scalar && this.flow === 0 && token === ':') this.enter(this.start ?? this.column);
    else if (!' \t\r\n'.includes(first)) this.start ??= this.column;
    if (!scalar && (first === '[' || first === '{')) this.flow += 1;
    if (!scalar && (first === ']' || first === '}')) this.flow = Math.max(0, this.flow - 1);
    this.advance(token);
  }

  /** The lexer gave a flow up that is not closed. */
  flowEnds(): void {
    this.flow = 0;
  }

  private enter(column: number): void {
    while ((this.columns.at(-1) ?? -1) > column) this.columns.pop();
    if (this.columns.at(-1) !== column) this.columns.push(column);
    this.start = undefined;
  }

  private advance(token: string): void {
    const line = token.lastIndexOf('\n');
    if (line === -1) {
      this.column += token.length;
      return;
    }
    this.column = token.length - line - 1;
    this.start = undefined;
  }
}
