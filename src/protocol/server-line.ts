import { looksLikeKey } from './look-alike.ts';
import { type RequestId, requestIdOf } from './request-id.ts';

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

const MESSAGE_KEYS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const WANTED: readonly ReadonlySet<string>[] = [
  new Set(),
  new Set(['jsonrpc', 'id']),
  new Set(['isError', 'resultType', 'requestState', 'inputRequests']),
];
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What was seen of one line at its top level (1) and at that of its `result` (2). */
export class LineFacts {
  /** In bytes; no key and no value that we look for is longer. */
  static readonly LONGEST = 64 * 1024;

  odd: string | undefined;
  private readonly keys: [Set<string>, Set<string>] = [new Set(), new Set()];
  private readonly values = new Map<string, string>();

  /** Whether the value of this key is worth keeping. */
  wants(level: number, key: string): boolean {
    return WANTED[level]?.has(key) === true;
  }

  /** A key, quotes included; gives back what it says. */
  key(level: number, token: Uint8Array | undefined): string {
    const key = this.text(token, true);
    if (level === 1 && looksLikeKey(key, MESSAGE_KEYS) !== undefined) this.odd ??= 'look-alike-key';
    else if (level === 1 && !MESSAGE_KEYS.has(key)) this.odd ??= 'unknown-key';
    const seen = this.keys[level === 1 ? 0 : 1];
    if (seen.has(key)) this.odd ??= 'duplicate-key';
    // A hostile result may have very many.
    if (level === 1 || this.wants(level, key)) seen.add(key);
    return key;
  }

  /** A value's source; undefined when it was not kept. */
  value(level: number, key: string, token: Uint8Array | undefined): void {
    if (token === undefined) return;
    const text = this.text(token, false);
    if (/^[^"{[]/.test(text) && !SCALAR.test(text)) this.odd ??= 'not-json';
    if (this.wants(level, key)) this.values.set(`${level} ${key}`, text);
  }

  line(): ServerLine {
    if (this.odd !== undefined) return { odd: this.odd };
    const [keys] = this.keys;
    if (this.values.get('1 jsonrpc') !== '"2.0"') return { odd: 'bad-version' };
    const answers = keys.has('result') || keys.has('error');
    if (keys.has('method')) return answers ? { odd: 'hybrid' } : { answer: undefined };
    if (keys.has('result') === keys.has('error')) return { odd: 'not-a-message' };
    const idText = this.values.get('1 id');
    // The answer to a line whose id the server could not read.
    if (idText === 'null' && keys.has('error')) return { answer: undefined };
    const id = this.idOf(idText);
    return id === undefined ? { odd: 'bad-id' } : { answer: this.answer(id) };
  }

  private answer(id: RequestId): ServerAnswer {
    const [keys] = this.keys;
    const { values } = this;
    const asks = values.get('2 resultType') === '"input_required"';
    return {
      id,
      outcome: keys.has('error') ? 'error' : 'ok',
      isError: values.get('2 isError') === 'true',
      inputRequired: asks
        ? { requestState: this.string('2 requestState'), inputRequests: values.get('2 inputRequests') }
        : undefined,
    };
  }

  private idOf(text: string | undefined): RequestId | undefined {
    try {
      return text === undefined ? undefined : requestIdOf(text);
    } catch {
      return undefined;
    }
  }

  private string(name: string): string | undefined {
    const text = this.values.get(name);
    try {
      return text?.startsWith('"') === true ? (JSON.parse(text) as string) : undefined;
    } catch {
      return undefined;
    }
  }

  private text(token: Uint8Array | undefined, string: boolean): string {
    try {
      const text = decoder.decode(token ?? EMPTY);
      if (!string) return text;
      return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
    } catch {
      this.odd ??= 'not-json';
      return '';
    }
  }
}

const EMPTY = new Uint8Array(0);
