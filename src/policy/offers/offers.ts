import { readJson } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { RiskClass } from '../../risk/classes/risk-class.ts';
import type { Obligations } from '../decide/types.ts';
import { type Argument, argumentsOf, type Role } from './roles.ts';
import { equals, named, onlyNames, quoted } from './written.ts';

/** A call that a person may permit more of. */
export interface Offering {
  server: string;
  tool: string;
  arguments: JsonSource;
  risk: RiskClass;
  obligations: Obligations;
}

/** What may be permitted beforehand, in the policy's own language. */
export interface Offer {
  scope: 'exact' | 'bounded' | 'tool';
  /** The allow item. */
  item: { tool: string; risk?: RiskClass; when?: string };
  /** An escalate item beside it: more than so many are asked about. */
  limit?: { tool: string; when: string; over: string };
  /** For people: "in /home/ada/shop/src". */
  words: string;
}

/** Sends to one recipient, at most; then a person looks again. */
export const MOST_SENT = '10/hour';
/** Rules stand in a policy that people read. */
const MOST_ARGUMENTS = 12;

/** Why nothing is offered for a call, as a sentence; undefined: something may be. */
export function whyNoOffer({ obligations }: Pick<Offering, 'obligations'>): string | undefined {
  if (!obligations.remember) return 'Its rule says that approvals are never remembered.';
  if (obligations.approvals > 1) return 'It takes more than one person.';
  if (obligations.level === 'critical') return 'Calls of its class are looked at one by one.';
  if (obligations.confirm === 'passphrase' || obligations.confirm === 'both')
    return 'It takes the passphrase each time.';
  return undefined;
}

/** What may be permitted of a call's kind, the narrowest first; none where it cannot be written. Pure; never throws. */
export function offersFor(call: Offering): Offer[] {
  return made(call, 1);
}

/** Whether a rule that was once offered, as its text, covers this call too: it would be offered for it, or for a folder above. */
export function isOfferedFor(text: string, call: Offering): boolean {
  return made(call, MOST_FOLDERS).some((offer) => offerText(offer) === text);
}

/** Folders above a file that are compared with a rule's. */
const MOST_FOLDERS = 32;

function made(call: Offering, folders: number): Offer[] {
  if (whyNoOffer(call) !== undefined) return [];
  const tool = patternOf(call);
  const all = argumentsRead(call.arguments);
  if (tool === undefined || all === undefined || all.length > MOST_ARGUMENTS) return [];
  const exact = all.length === 0 ? undefined : conditionOf(all, call.arguments, () => false);
  const found: Offer[] = [];
  if (exact !== undefined)
    found.push({ scope: 'exact', item: { tool, when: exact }, words: 'with these very arguments' });
  found.push(...boundedOffers(call, { tool, all, folders }));
  if (call.risk === 'read')
    found.push({ scope: 'tool', item: { tool, risk: 'read' }, words: 'with whatever arguments' });
  return found;
}

/** Names that mean themselves in a pattern. */
function patternOf({ server, tool }: Offering): string | undefined {
  return [server, tool].every((name) => /^[\w.: ()@+-]{1,80}$/.test(name)) ? `${server}/${tool}` : undefined;
}

function argumentsRead(source: JsonSource): Argument[] | undefined {
  try {
    return argumentsOf(readJson(source.text).root, source);
  } catch {
    return undefined;
  }
}

/** Every argument but the free ones as it is, and no others. The same text in whatever order a call has them. */
function conditionOf(
  all: readonly Argument[],
  source: JsonSource,
  free: (argument: Argument) => boolean,
  bounds: readonly string[] = [],
): string | undefined {
  const sorted = all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const only = onlyNames(sorted.map(({ name }) => name));
  const fixed = sorted.filter((one) => !free(one)).map((one) => equals(one, source));
  if (only === undefined || fixed.some((one) => one === undefined)) return undefined;
  const freed = sorted.flatMap((one) => (free(one) && one.bound !== undefined ? [one.bound] : []));
  return [only, ...bounds, ...fixed, ...freed].join(' && ');
}

/** The roles that are free where a target bounds the call. */
const FREE: Readonly<Partial<Record<RiskClass, readonly Role[]>>> = {
  read: ['content', 'within', 'file', 'how'],
  write: ['content', 'within'],
  outbound: ['content', 'within'],
};

interface Read {
  tool: string;
  all: readonly Argument[];
  folders: number;
}

function boundedOffers(call: Offering, { tool, all, folders }: Read): Offer[] {
  const free = FREE[call.risk];
  const target = targetOf(call, all, folders);
  if (free === undefined || target === undefined) return [];
  const isFree = (one: Argument): boolean => one === target.argument || free.includes(one.role);
  // A text that is free says nothing where nothing else is.
  if (target.bounds.length === 0 && !all.some(isFree)) return [];
  const bounds = target.bounds.length === 0 ? [[]] : target.bounds.map((one) => [one.condition]);
  return bounds.flatMap((bound, at) => {
    const when = conditionOf(all, call.arguments, isFree, bound);
    if (when === undefined) return [];
    const words = target.bounds[at]?.words ?? target.words;
    // Of a tool that is of another class one day nothing was permitted.
    const item = { tool, risk: call.risk, when };
    if (call.risk !== 'outbound') return [{ scope: 'bounded' as const, item, words }];
    const limit = { tool, when, over: MOST_SENT };
    return [
      {
        scope: 'bounded' as const,
        item,
        limit,
        words: `${words}, at most ${MOST_SENT.replace('/', ' an ')}`,
      },
    ];
  });
}

interface Target {
  /** Bounded instead of equal; undefined: the target's own arguments stay as they are. */
  argument: Argument | undefined;
  bounds: { condition: string; words: string }[];
  words: string;
}

const WAY_UP = /^\.\.(?:\/|$)|^[^\n]{0,1000}\/\.\.(?:\/|$)/;

/** What bounds a call: the argument that names its target. */
function targetOf({ risk }: Offering, all: readonly Argument[], folders: number): Target | undefined {
  const of = (role: Role): Argument[] => all.filter((one) => one.role === role);
  const said = (some: readonly Argument[]): string => some.map(({ text }) => text).join('/');
  if (risk === 'outbound') {
    const to = [...of('channel'), ...of('repository')];
    return to.length === 0 ? undefined : { argument: undefined, bounds: [], words: `to ${said(to)}` };
  }
  const [folder, host] = [of('folder')[0], of('host')[0]];
  // A way up that stays as it is leads out of the folder from another place in it.
  if (folder !== undefined)
    return all.some(({ role, text }) => role === 'other' && WAY_UP.test(text))
      ? undefined
      : inFolder(folder, folders);
  if (host !== undefined) return risk === 'read' ? onHost(host) : undefined;
  const places = [...of('repository'), ...of('place'), ...of('channel')];
  return places.length === 0 ? undefined : { argument: undefined, bounds: [], words: `in ${said(places)}` };
}

/** A folder of a folder of the root, at least: nobody means all of a home. */
const LEAST_DEPTH = 3;

function inFolder(file: Argument, folders: number): Target | undefined {
  // Hidden folders and files hold keys, and what starts by itself: hooks, settings of shells and editors.
  const left = named(file.name);
  if (left === undefined || file.text.includes('/.')) return undefined;
  const parts = file.text.split('/').slice(1, -1);
  const bounds: Target['bounds'] = [];
  for (let depth = parts.length; depth >= LEAST_DEPTH && bounds.length < folders; depth -= 1) {
    const folder = `/${parts.slice(0, depth).join('/')}`;
    const right = quoted(folder);
    if (right === undefined) continue;
    bounds.push({
      condition: `under(${left}, ${right}) && !${left}.contains('/.')`,
      words: `in ${folder}`,
    });
  }
  return bounds.length === 0 ? undefined : { argument: file, bounds, words: '' };
}

function onHost(address: Argument): Target | undefined {
  const at = /^https:\/\/([^/?#]+)\//.exec(address.text)?.[1];
  const left = named(address.name);
  if (at === undefined || left === undefined) return undefined;
  // The host as it is written, so that no port stands behind it.
  const condition = `host(${left}) == '${at}' && ${left}.startsWith('https://${at}/')`;
  return { argument: address, bounds: [{ condition, words: `on ${at}` }], words: `on ${at}` };
}

/** The offer as one text: two are the same where this is. */
export const offerText = ({ item, limit }: Pick<Offer, 'item' | 'limit'>): string =>
  JSON.stringify(limit === undefined ? { allow: item } : { allow: item, escalate: limit });
