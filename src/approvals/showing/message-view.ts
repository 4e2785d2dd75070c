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
    // More of them than a call may have arguments.
    for (const one of own) addresses.push(one);
  }
  const odd = addresses.flatMap((address): Warning[] => {
    const why = lookAlike(address, address.slice(address.indexOf('@') + 1));
    return why === undefined
      ? []
      : [{ text: `${why}: ${inWords(address, 80)} (${spelled(address)}).`, tone: 'danger' }];
  });
  const domains = domainsOf(addresses);
  const twins = nearTwins(domains);
  // Of a near twin it is said already who that is.
  if (twins.length === 0) warnings.push(...loneAddresses(domains, addresses.length));
  if (addresses.length > 1 || domains.length > 1) {
    // The rarest first: of many alike nobody looks for the one that is not.
    const listed = domains
      .toSorted((a, b) => a.who.length - b.who.length)
      .slice(0, 6)
      .map(({ domain }) => inWords(domain, 64))
      .join(', ');
    const more = domains.length > 6 ? ` and ${domains.length - 6} more` : '';
    const at = domains.length === 0 ? '' : ` at ${counted(domains.length, 'domain')}: ${listed}${more}`;
    warnings.push({
      text: `It goes to ${counted(addresses.length, 'address', 'addresses')}${at}.`,
      tone: domains.length > 1 ? 'warn' : 'note',
    });
  } else if (domains.length === 1)
    warnings.push({ text: `It goes to ${inWords(domains[0]?.domain ?? '', 64)}.`, tone: 'note' });
  return [...odd.slice(0, 4), ...twins.slice(0, 2), ...warnings];
}

interface Domain {
  domain: string;
  /** The addresses at it. */
  who: string[];
}

/** In the order in which they come. */
function domainsOf(addresses: readonly string[]): Domain[] {
  const found = new Map<string, string[]>();
  for (const address of addresses.filter((one) => one.includes('@'))) {
    const domain = address.replace(/^.*@/, '').replace(/>$/, '').toLowerCase();
    const known = found.get(domain);
    if (known === undefined) found.set(domain, [address]);
    else known.push(address);
  }
  return [...found].map(([domain, who]) => ({ domain, who }));
}

/** Among so many it is no outlier that is told. */
const MOST_COMPARED = 40;

/** Domains that are taken for others that it goes to as well. */
function nearTwins(domains: readonly Domain[]): Warning[] {
  if (domains.length > MOST_COMPARED) return [];
  const rare = domains.toSorted((a, b) => a.who.length - b.who.length);
  return rare.flatMap(({ domain, who }, at): Warning[] => {
    const twin = rare.slice(at + 1).find((other) => nearlySame(domain, other.domain));
    if (twin === undefined) return [];
    const said = `${inWords(who[0] ?? '', 64)}: ${inWords(domain, 64)} is not ${inWords(twin.domain, 64)}`;
    return [{ text: `Two domains differ by one letter. ${said}.`, tone: 'danger' }];
  });
}

/** Whoever stands alone outside of where nearly all others are. */
function loneAddresses(domains: readonly Domain[], count: number): Warning[] {
  const main = domains.find(({ who }) => who.length * 4 >= count * 3);
  const outside = domains.filter((one) => one !== main).flatMap(({ who }) => who);
  if (main === undefined || count < 4 || outside.length === 0) return [];
  const listed = outside.slice(0, 3).map((one) => inWords(one, 64));
  const more = outside.length > 3 ? ` and ${outside.length - 3} more` : '';
  return [{ text: `Not at ${inWords(main.domain, 64)}: ${listed.join(', ')}${more}.`, tone: 'warn' }];
}

/** One letter other, more or less, or two that changed places. */
function nearlySame(one: string, other: string): boolean {
  // Names that are as short differ by a letter without any harm.
  if (Math.abs(one.length - other.length) > 1 || one.lastIndexOf('.') < 4) return false;
  let head = 0;
  while (head < one.length && one[head] === other[head]) head += 1;
  const [a, b] = [one.slice(head), other.slice(head)];
  const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return swapped || a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
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
