import type { Warning } from '../../harm/warning.ts';
import { stringOf } from '../../protocol/json/json-scan.ts';
import { kindOf } from '../../salience/kinds.ts';
import { unpercented } from '../../text/decoded.ts';
import { inWords } from '../../text/in-words.ts';
import { inOrder, isRightToLeft } from '../../text/visible.ts';
import { type At, quoted } from './call-lines.ts';
import { bounded, type Picture } from './drawing.ts';
import { foreign, ours, type PrettyLine } from './lines.ts';
import { mixedWord } from './value-warnings.ts';

const MOST_PARAMETERS = 60;
/** Scheme, then all as far as a path, a query or a fragment, as a person reads it; a program may see another host. */
const READ = /^([a-z][a-z0-9+.-]{0,20}:\/\/)([^/?#]*)/i;

/** A URL with its host set off, and its query decoded. */
export function urlView({ path, node, source }: At): Picture | undefined {
  if (node.kind !== 'string') return undefined;
  const text = stringOf(source, node);
  const read = READ.exec(text);
  if (read === null || kindOf(path, text) !== 'url' || /\s/.test(text.trim())) return undefined;
  bounded(text, isRightToLeft(text));
  const [whole, scheme = '', authority = ''] = read;
  const host = hostOf(text);
  const shown = quoted(text.slice(whole.length)).slice(1);
  const name = authority.replace(/^.*@/, '').replace(/:\d*$/, '');
  const before = quoted(authority.slice(0, authority.lastIndexOf('@') + 1)).slice(1, -1);
  const behind = quoted(
    authority.slice(before === '' ? name.length : authority.lastIndexOf('@') + 1 + name.length),
  ).slice(1, -1);
  return {
    name: 'url',
    head: [
      ...foreign(`"${scheme}`),
      ...foreign(before, 'danger'),
      ...foreign(quoted(name).slice(1, -1), 'target'),
      ...foreign(`${behind}${shown}`),
    ],
    lines: [hostLine(text, host), ...parameters(text)],
    warnings: warningsOf(text, { authority, name, host }),
  };
}

/** The host that a program will call; undefined where the text is no URL to it. */
function hostOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function hostLine(text: string, url: URL | undefined): PrettyLine {
  if (url === undefined) return ours(0, 'host: none, programs would not take this for a URL', 'warn');
  const port = url.port === '' ? '' : `, port ${url.port}`;
  const user = url.username === '' ? '' : `, as user "${inWords(unpercented(url.username) ?? url.username)}"`;
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  return ours(
    0,
    `host: ${inWords(url.hostname, 253)}${port}${user}${scheme === 'https' ? '' : `, by ${inWords(scheme, 20)}`}`,
    'target',
  );
}

function parameters(text: string): PrettyLine[] {
  const [, query] = /\?([^#]*)/.exec(text) ?? [];
  if (query === undefined || query === '') return [];
  const pairs = query.split('&').slice(0, MOST_PARAMETERS);
  const more = query.split('&').length - pairs.length;
  const read = (part: string): string => unpercented(part.replaceAll('+', ' ')) ?? part;
  const lines = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return ours(2, `${inOrder(quoted(read(name)))} = ${inOrder(quoted(read(value.join('='))))}`);
  });
  return [ours(0, 'query:'), ...lines, ...(more > 0 ? [ours(2, `and ${more} more, above`)] : [])];
}

const OWN = /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cde])/i;

function warningsOf(
  text: string,
  { authority, name, host }: { authority: string; name: string; host: URL | undefined },
): Warning[] {
  const warnings: Warning[] = [];
  const add = (tone: Warning['tone'], said: string): void => void warnings.push({ text: said, tone });
  const real = host?.hostname ?? '';
  const said = inWords(real, 80);
  if (/^169\.254\.|^metadata\./.test(real))
    add('danger', `${said} gives out a cloud machine's own credentials.`);
  else if (OWN.test(real)) add('warn', `${said} is this machine or its own network.`);
  else if (/^\d+\.\d+\.\d+\.\d+$|^\[/.test(real)) add('warn', `The host is a bare address: ${said}.`);
  if (host !== undefined && (host.username !== '' || host.password !== ''))
    add('danger', `What stands before the @ is a user's name; the host is ${said}.`);
  else if (authority.includes('\\') || /[\t\r\n]/.test(text) || (real !== '' && !sameHost(name, real)))
    add('danger', `It is spelled so that it may be read in two ways; a program calls ${said}.`);
  const letters = lookAlike(name, real);
  if (letters !== undefined) add('danger', `${letters}; in plain letters it is ${said}.`);
  if (/%(?:0[0-9a]|1[0-9a-f]|2e%2e|2e\.|\.%2e)|\.\.(?:\/|%2f)/i.test(text))
    add('warn', 'It climbs folders, or has controls in it.');
  if (host !== undefined && /^(?:http|ftp|ws):$/.test(host.protocol) && !OWN.test(real))
    add('note', `It goes over the network unencrypted (${host.protocol.slice(0, -1)}).`);
  if (/^(?:javascript|data|file|gopher|dict|ldap)$/.test(host?.protocol.slice(0, -1) ?? ''))
    add('danger', `Its scheme is ${host?.protocol.slice(0, -1)}, which calls no web server.`);
  return warnings;
}

function sameHost(read: string, real: string): boolean {
  const plain = read.toLowerCase().replace(/\.$/, '');
  return plain === real.replace(/\.$/, '') || /[^\x20-\x7e]/.test(read) || /%/.test(read);
}

/** Letters in a host that are taken for others. */
export function lookAlike(name: string, ascii: string): string | undefined {
  if (/[^\x20-\x7e]/.test(name)) {
    const mixed = mixedWord(name) !== undefined;
    return mixed
      ? 'A name in it mixes letters of two scripts that look alike'
      : 'The name has letters that are not plain Latin ones';
  }
  return /(?:^|\.)xn--/i.test(ascii) ? 'The name stands for one in other letters (xn--)' : undefined;
}
