import type { Warning } from '../../harm/warning.ts';
import { type JsonNode, type Member, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import { wordsOf } from '../../salience/kinds.ts';
import { inWords } from '../../text/in-words.ts';
import { counted } from './lines.ts';
import { lookAlike } from './url-view.ts';
import { numbered } from './value-warnings.ts';

/** Before the text of a message: who gets it and what it is about. */
const HEADERS = [
  'to cc bcc recipient recipients sendto phone phonenumber channel channelid channelname chat chatid chatname room roomid',
  'conversation conversationid thread threadid user userid email emails target',
  'from sender replyto inreplyto subject title topic',
]
  .join(' ')
  .split(' ');
const BODIES = new Set(
  'body text message content html htmlbody textbody plain markdown msg caption comment'.split(' '),
);
const GOES = new Set(HEADERS.slice(0, HEADERS.indexOf('from')));

const joined = (name: string): string => wordsOf(name).join('');

/** A message: the order of its members, and what is said of whom it goes to. */
export interface Message {
  rank: (key: string) => number;
  warnings: Warning[];
}

/** Undefined for a call that sends no message. */
export function messageOf(source: JsonSource, members: readonly Member[]): Message | undefined {
  const names = new Set(members.map(({ key }) => joined(key)));
  const goes = [...names].some((name) => GOES.has(name));
  if (!goes || ![...names].some((name) => BODIES.has(name))) return undefined;
  const rank = (key: string): number => {
    const name = joined(key);
    const place = HEADERS.indexOf(name);
    return place !== -1 ? place : BODIES.has(name) ? HEADERS.length + 1 : HEADERS.length;
  };
  return { rank, warnings: warningsOf(source, members) };
}

function warningsOf(source: JsonSource, members: readonly Member[]): Warning[] {
  const warnings: Warning[] = [];
  const addresses: string[] = [];
  for (const { key, value } of members) {
    const name = joined(key);
    if (!/^(?:to|cc|bcc|recipients?|sendto|emails?)$/.test(name)) continue;
    const own = textsOf(source, value)
      .flatMap((text) => text.split(/[,;]/))
      .map((text) => text.trim())
      .filter((text) => text !== '');
    if (name === 'bcc' && own.length > 0)
      warnings.push({
        text: `It goes unseen by the others (bcc) to ${inWords(own.join(', '), 80)}.`,
        tone: 'warn',
      });
    addresses.push(...own);
  }
  const odd = addresses.flatMap((address) => {
    const why = lookAlike(address, address.slice(address.indexOf('@') + 1));
    return why === undefined
      ? []
      : [{ text: `${why}: ${inWords(address, 80)} (${spelled(address)}).`, tone: 'danger' as const }];
  });
  const domains = [
    ...new Set(
      addresses
        .filter((one) => one.includes('@'))
        .map((one) => one.replace(/^.*@/, '').replace(/>$/, '').toLowerCase()),
    ),
  ];
  if (addresses.length > 1 || domains.length > 1) {
    const listed = domains
      .slice(0, 6)
      .map((one) => inWords(one, 64))
      .join(', ');
    const at = domains.length === 0 ? '' : ` at ${counted(domains.length, 'domain')}: ${listed}`;
    warnings.push({
      text: `It goes to ${counted(addresses.length, 'address', 'addresses')}${at}.`,
      tone: domains.length > 1 ? 'warn' : 'note',
    });
  } else if (domains.length === 1)
    warnings.push({ text: `It goes to ${inWords(domains[0] ?? '', 64)}.`, tone: 'note' });
  return [...odd.slice(0, 4), ...warnings];
}

/** The letters that are no plain ones, as their numbers. */
function spelled(address: string): string {
  const odd = [...new Set([...address].filter((letter) => /[^\x20-\x7e]/.test(letter)))].slice(0, 6);
  return odd.map(numbered).join(' ');
}

function textsOf(source: JsonSource, node: JsonNode): string[] {
  if (node.kind === 'string') return [stringOf(source, node)];
  if (node.items !== undefined) return node.items.flatMap((item) => textsOf(source, item));
  return (node.members ?? []).flatMap(({ value }) => textsOf(source, value));
}
