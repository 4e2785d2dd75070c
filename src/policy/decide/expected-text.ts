import { gravePart } from '../../harm/grave.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { ListedPath } from '../../protocol/json/listed-path.ts';
import type { Kind } from '../../salience/kinds.ts';
import { type Salient, salientValues } from '../../salience/salient.ts';
import { findSecrets } from '../../secrets/find-secrets.ts';
import type { Call } from './types.ts';

const LEAST = 3;
const MOST = 24;
/** What every keyboard can type, with nothing at its ends that nobody sees. */
const TYPED = new RegExp(`^(?=.{${LEAST},${MOST}}$)[!-~](?:[ -~]*[!-~])?$`);
/** A longer call is hidden on the screen as a whole, because nobody searches it for secrets. In bytes. */
const LONGEST = 1024 * 1024;

/**
 * What is typed to approve a call: 3 to 24 printable ASCII characters that say what it is about, of the value that
 * tells most, and of what does harm in it; never of a secret. Where no value has any the tool's name, else the server's, else a plain word.
 */
export function expectedText(
  { server, tool, arguments: source }: Call,
  show: readonly string[],
  redact: readonly ListedPath[],
): string {
  const names = [tool, server].filter((name) => TYPED.test(name));
  return tellingText(source, show, redact) ?? names[0] ?? 'approve';
}

function tellingText(
  source: JsonSource,
  show: readonly string[],
  redact: readonly ListedPath[],
): string | undefined {
  if (source.bytes.length > LONGEST) return undefined;
  const values = salientValues(source.text, { show });
  // What does harm is what is typed, whatever harmless value stands beside it.
  const harms = values.filter(({ kind, value }) => gravePart(kind, value) !== undefined);
  const typed = [...new Set([...harms, ...values])]
    .map(tellingPart)
    .filter((part) => part !== undefined)
    .filter((part) => TYPED.test(part));
  if (typed.length === 0) return undefined;
  const secrets = secretsIn(source, redact);
  return typed.find((part) => !secrets.some((secret) => secret.includes(part) || part.includes(secret)));
}

/** All of it is one where nobody can say what in it is. */
function secretsIn(source: JsonSource, redact: readonly ListedPath[]): string[] {
  try {
    return findSecrets(source, redact).map(({ secret }) => secret);
  } catch {
    return [''];
  }
}

const PARTS: Readonly<Record<Kind, (value: string) => string | undefined>> = {
  path: (value) =>
    value
      .split(/[/\\]/)
      .findLast((part) => part !== '')
      ?.slice(-MOST),
  url: hostIn,
  recipient: addressIn,
  statement: (value) => firstWords(withoutComments(gravePart('statement', value) ?? value)),
  command: (value) => firstWords(gravePart('command', value) ?? value),
  code: firstWords,
  text: firstWords,
  amount: whole,
  target: idIn,
  other: (value) => (/^(?:true|false|null)$/.test(value) ? undefined : firstWords(value)),
};

function tellingPart({ kind, value }: Salient): string | undefined {
  return PARTS[kind](value.trim())?.trim();
}

function whole(value: string): string {
  return value;
}

/** Of a long one its end: ids differ there. */
function idIn(value: string): string | undefined {
  return value.length > MOST && !/\s/.test(value) ? value.slice(-MOST / 2) : firstWords(value);
}

/** As it is written. Of a long one the end, from which a domain is read. */
function hostIn(value: string): string | undefined {
  const [, authority = value] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#\\\s]*)/.exec(value) ?? [];
  const labels = authority.slice(authority.lastIndexOf('@') + 1).split('.');
  while (labels.join('.').length > MOST && labels.length > 2) labels.shift();
  return labels.join('.');
}

/** The first address of a list; of a long one its domain. */
function addressIn(value: string): string | undefined {
  const [first = ''] = value.split(/\s*[,;]\s*/);
  const address = /<([^<>]*)>\s*$/.exec(first)?.[1] ?? first;
  return address.length > MOST && address.includes('@')
    ? hostIn(address.slice(address.lastIndexOf('@') + 1))
    : address;
}

/** A comment could say anything of what comes after it. */
function withoutComments(text: string): string {
  return text.replace(/^(?:\s+|\(|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+/, '');
}

/** As many whole words as there is room for. */
function firstWords(text: string): string | undefined {
  let said = '';
  for (const word of text.slice(0, 4 * MOST).split(/\s+/)) {
    const more = said === '' ? word : `${said} ${word}`;
    if (more.length > MOST) break;
    said = more;
  }
  return said === '' ? undefined : said;
}
