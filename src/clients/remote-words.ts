import type { Format } from './formats/tree.ts';
import { runAt, wrappedAt } from './wrapped.ts';

/** What the words of a wrapped command line say of a remote server. */
export interface RemoteWords {
  /** The address, and which word it is; undefined where a variable has it. */
  url: { text: string; at: number } | undefined;
  urlVariable: string | undefined;
  headers: { name: string; variable: string }[];
  /** How the entry was written before, by what it is now: see `asWas`. */
  was: ReadonlyMap<string, string>;
}

/** What stands behind `run` of a remote server; undefined: there is a command, or it is not wrapped. */
export function remoteWords(vector: readonly string[]): RemoteWords | undefined {
  if (wrappedAt(vector) !== vector.length) return undefined;
  const said: RemoteWords & { was: Map<string, string> } = {
    url: undefined,
    urlVariable: undefined,
    headers: [],
    was: new Map(),
  };
  for (let at = runAt(vector) ?? vector.length; at < vector.length; at += 1) {
    const [option = '', inline] = (vector[at] ?? '').split(/=(.*)/s, 2);
    const value = inline ?? vector[at + 1] ?? '';
    if (option === '--url') said.url = { text: value, at: inline === undefined ? at + 1 : at };
    if (option === '--url-env') said.urlVariable = value;
    if (option === '--header-env') said.headers.push(headerIn(value));
    if (option === '--was') said.was = wasIn(value);
    if (inline === undefined && TAKES.test(option)) at += 1;
  }
  return said;
}

const TAKES = /^--(?!trust-first$)./;

function headerIn(value: string): { name: string; variable: string } {
  const [name = '', variable = ''] = value.split(/=(.*)/s, 2);
  return { name, variable };
}

/** A part of an entry as it was written: what it is now, what it was called or said, and how that stood there. */
export type Was = readonly [now: string, text: string, source: string];

/**
 * How an entry was written, in one word for `--was`: `url=serverUrl&type=http`. What is not written as its format
 * usually is goes behind a second `=`. Names and spellings alone, never a value that may be a secret.
 */
export function asWas(parts: readonly Was[], { key }: Pick<Format, 'key'>): string {
  return parts
    .map(([now, text, source]) => {
      const usual = key(text) === source && !text.startsWith('=');
      return `${escaped(now)}=${usual ? escaped(text) : `=${escaped(source)}`}`;
    })
    .join('&');
}

/** How a part of `--was` stood in the file. */
export function wasWritten(value: string, { key }: Pick<Format, 'key'>): string {
  return value.startsWith('=') ? value.slice(1) : key(value);
}

function wasIn(value: string): Map<string, string> {
  return new Map(
    value.split('&').flatMap((part) => {
      const [now = '', rest] = part.split(/=(.*)/s, 2);
      const read = rest === undefined ? undefined : unescaped(rest);
      return read === undefined ? [] : [[unescaped(now) ?? now, read]];
    }),
  );
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
