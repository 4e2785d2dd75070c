import { saidBy } from './json/json-source.ts';
import { looksLikeKey } from './look-alike.ts';
import { MESSAGE_KEYS } from './message-keys.ts';
import { answerIdOf, type RequestId } from './request-id.ts';

/** A server's answer, as far as the record and the waiting room need it. */
export interface ServerAnswer {
  id: RequestId;
  outcome: 'ok' | 'error';
  /** `result.isError` of a tool's result. */
  isError: boolean;
  /** Set when the server asks for the call to be repeated (2026-07-28). */
  inputRequired: InputRequired | undefined;
}

/** What a server gave with `input_required`; undefined what it did not give, or gave too long. */
export interface InputRequired {
  requestState: string | undefined;
  /** Source text. */
  inputRequests: string | undefined;
}

/** What a whole line of the server was: `odd` is a short word for why it is not one clean message. */
export type ServerLine = { answer: ServerAnswer | undefined } | { odd: string };

/** What is looked for in the message (level 1) and in its `result` (2). */
const KEYS: readonly (readonly string[])[] = [
  [],
  [...MESSAGE_KEYS],
  ['isError', 'resultType', 'requestState', 'inputRequests'],
];
const WANTED = new Set(['jsonrpc', 'id', ...(KEYS[2] ?? [])]);
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a string token, quotes included, is spelled just like this key. */
function spells(token: Uint8Array, key: string): boolean {
  if (token.length !== key.length + 2) return false;
  for (let i = 0; i < key.length; i += 1) if (token[i + 1] !== key.charCodeAt(i)) return false;
  return true;
}

/** What was seen of one line at its top level (1) and at that of its `result` (2). */
export class LineFacts {
  /** In bytes; no key and no value that we look for is longer. */
  static readonly LONGEST = 64 * 1024;

  odd: string | undefined;
  /** Keys of which a second one would be odd, with their level: `1 id`. */
  private readonly keys: string[] = [];
  private readonly values: [string, string][] = [];

  /** Whether the value of this key is worth keeping. */
  wants(level: number, key: string): boolean {
    return level > 0 && WANTED.has(key);
  }

  /** A key, quotes included; gives back what it says, or nothing when it is none of those we look for. */
  key(level: number, token: Uint8Array | undefined): string {
    if (token === undefined) return this.strange(level, '');
    const known = KEYS[level]?.find((key) => spells(token, key));
    if (known !== undefined) return this.seen(level, known);
    // Another spelling of one of them, perhaps.
    if (level === 2 && !token.includes(0x5c)) return '';
    const key = this.text(token, true);
    return KEYS[level]?.includes(key) ? this.seen(level, key) : this.strange(level, key);
  }

  private seen(level: number, key: string): string {
    const name = `${level} ${key}`;
    if (this.keys.includes(name)) this.odd ??= 'duplicate-key';
    this.keys.push(name);
    return key;
  }

  private strange(level: number, key: string): string {
    if (level === 1) {
      this.odd ??= looksLikeKey(key, MESSAGE_KEYS) === undefined ? 'unknown-key' : 'look-alike-key';
    }
    return '';
  }

  /** A value's source; undefined when it was not kept. */
  value(level: number, key: string, token: Uint8Array | undefined): void {
    if (token === undefined) return;
    const text = this.text(token, false);
    if (token[0] !== 0x22 && token[0] !== 0x7b && token[0] !== 0x5b && !SCALAR.test(text))
      this.odd ??= 'not-json';
    if (this.wants(level, key)) this.values.push([`${level} ${key}`, text]);
  }

  private valueOf(name: string): string | undefined {
    return this.values.find(([one]) => one === name)?.[1];
  }

  line(): ServerLine {
    if (this.odd !== undefined) return { odd: this.odd };
    const has = (key: string): boolean => this.keys.includes(`1 ${key}`);
    if (this.valueOf('1 jsonrpc') !== '"2.0"') return { odd: 'bad-version' };
    const answers = has('result') || has('error');
    if (has('method')) return answers ? { odd: 'hybrid' } : { answer: undefined };
    if (has('result') === has('error')) return { odd: 'not-a-message' };
    const idText = this.valueOf('1 id');
    // The answer to a line whose id the server could not read.
    if (idText === 'null' && has('error')) return { answer: undefined };
    const id = this.idOf(idText);
    return id === undefined ? { odd: 'bad-id' } : { answer: this.answer(id) };
  }

  private answer(id: RequestId): ServerAnswer {
    const asks = this.valueOf('2 resultType') === '"input_required"';
    return {
      id,
      outcome: this.keys.includes('1 error') ? 'error' : 'ok',
      isError: this.valueOf('2 isError') === 'true',
      inputRequired: asks
        ? { requestState: this.string('2 requestState'), inputRequests: this.valueOf('2 inputRequests') }
        : undefined,
    };
  }

  private idOf(text: string | undefined): RequestId | undefined {
    try {
      return text === undefined ? undefined : answerIdOf(text);
    } catch {
      return undefined;
    }
  }

  private string(name: string): string | undefined {
    const text = this.valueOf(name);
    try {
      return text?.startsWith('"') === true ? (JSON.parse(text) as string) : undefined;
    } catch {
      return undefined;
    }
  }

  private text(token: Uint8Array, string: boolean): string {
    try {
      const text = decoder.decode(token);
      return string ? saidBy(text) : text;
    } catch {
      this.odd ??= 'not-json';
      return '';
    }
  }
}
