import { isHeaderName, isLoopback } from '../remote/wire/web-names.ts';
import { type ByVariable, byVariableOf } from './by-variable.ts';
import { type MapTree, type Member, type ScalarTree, type Tree, twice, valueAt } from './formats/tree.ts';
import { article, isNothing } from './spelled.ts';
import type { Spelling } from './table.ts';

/** A header that an entry of a remote server gives its client to send. */
export interface Header {
  name: string;
  member: Member;
}

/** What an entry of a remote server says, as far as `run` can be told the same. */
export interface Remote {
  entry: MapTree;
  /** The member with the address, behind whose value we write others. */
  anchor: Member & { value: ScalarTree };
  url: string;
  transport: 'http' | 'sse' | undefined;
  /** The members that say what kind of server it is. */
  types: Member[];
  /** Where its headers stand, and in which member of the entry. */
  headers: { path: readonly string[]; member: Member; map: MapTree; all: Header[] } | undefined;
  /** Headers whose values are those of variables that its client has: by the variable's name. */
  byVariable: ByVariable | undefined;
}

/** Where clients keep the address; what stands in the second word's place says how it is spoken to. */
export const ADDRESSES: ReadonlyMap<string, Remote['transport']> = new Map([
  ['url', undefined],
  ['serverUrl', undefined],
  ['uri', undefined],
  ['httpUrl', 'http'],
  ['sse', 'sse'],
] as const);
const TYPES: ReadonlyMap<string, Remote['transport'] | 'socket'> = new Map([
  ...['http', 'streamable-http', 'streamableHttp', 'streamable_http', 'streamableHTTP'].map(
    (word) => [word, 'http'] as const,
  ),
  ['sse', 'sse'],
  ['remote', undefined],
  ['ws', 'socket'],
  ['websocket', 'socket'],
]);
const TYPE_KEYS = ['type', 'transport', 'transportType', 'source'];
/** Ways to sign in or to connect that no option of `run` can say. */
const UNSAYABLE =
  /oauth|^auth|^scopes?$|headersHelper|api_?key|bearer(?!_token_env_var$)|(?<!^bearer_)token|socket|cert|prox(?:y|ies)|tls|ssl|requestInit|eventSourceInit/i;
/** The one reason for which no entry of such a server can be guarded, however it is written. */
export const SOCKET = 'it speaks WebSocket, before which holdpoint cannot stand';

/** What makes an entry one of a remote server, as a person would look for it; undefined: it is none. */
export function remoteBy(entry: MapTree): string | undefined {
  for (const key of TYPE_KEYS) {
    const word = textAt(entry, key);
    if (word !== undefined && TYPES.has(word)) return `${key} ${word}`;
  }
  return addressesOf(entry)[0]?.key;
}

/** What an entry of a remote server says, or as the end of a sentence why `run` cannot be told the same. */
export function remoteOf(entry: MapTree, spelling: Spelling): Remote | string {
  const types = entry.members.filter(
    ({ key, value }) => TYPE_KEYS.includes(key) && value.kind === 'scalar' && TYPES.has(String(value.value)),
  );
  const said = types.map(({ value }) => TYPES.get(String((value as ScalarTree).value)));
  if (said.includes('socket')) return SOCKET;
  const doubled = [...twice(entry)][0];
  if (doubled !== undefined) return `its "${doubled}" stands twice`;
  const [anchor, second] = addressesOf(entry);
  if (anchor === undefined) return 'it has no address';
  if (second !== undefined) return `it has two addresses, "${anchor.key}" and "${second.key}": leave one`;
  const { value } = anchor;
  if (value.kind !== 'scalar' || typeof value.value !== 'string')
    return `its "${anchor.key}" is ${article(value)}, not a text`;
  if (['command', 'cmd', 'args'].some((key) => !isNothing(valueAt(entry, key))))
    return `it has a command beside its "${anchor.key}", and which its client uses is not known: leave one`;
  const wrong = addressFault(value.value) ?? unsayable(entry, spelling);
  if (wrong !== undefined) return wrong;
  const headers = headersOf(entry);
  if (typeof headers === 'string') return headers;
  // Goose puts what its keyring has into headers, and hands an environment on as it stands.
  const filled = [
    value.value,
    ...(headers?.all ?? []).map(({ member }) => String((member.value as ScalarTree).value)),
  ];
  if (spelling === 'cmd' && filled.some((text) => text.includes('$')))
    return 'its client fills variables into headers and addresses, and not into what a command gets: write the values themselves, or leave it';
  const byVariable = byVariableOf(
    entry,
    (headers?.all ?? []).map(({ name }) => name),
  );
  if (typeof byVariable === 'string') return byVariable;
  const transport = said.find((one) => one === 'http' || one === 'sse') ?? ADDRESSES.get(anchor.key);
  return {
    entry,
    anchor: { ...anchor, value },
    url: value.value,
    transport,
    types: types.filter(({ key }) => key !== 'source'),
    headers,
    byVariable,
  };
}

function addressesOf(entry: MapTree): Member[] {
  return entry.members.filter(({ key, value }) => ADDRESSES.has(key) && !isNothing(value));
}

function textAt(entry: MapTree, key: string): string | undefined {
  const value = valueAt(entry, key);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** Why `run` would not go there. What its client fills in is not known here. */
function addressFault(text: string): string | undefined {
  if (/^wss?:/i.test(text)) return SOCKET;
  if (hasReference(text)) return undefined;
  if (!URL.canParse(text)) return 'its address is none that holdpoint understands';
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return undefined;
  return protocol === 'http:'
    ? 'its address is plain http, which holdpoint speaks to this machine alone: write https'
    : 'its address is neither https nor http';
}

function unsayable(entry: MapTree, spelling: Spelling): string | undefined {
  // opencode takes no key in a local entry that it does not know there, whatever stands behind it.
  const found = entry.members.find(
    ({ key, value }) => UNSAYABLE.test(key) && (spelling === 'array' || !isNothing(value)),
  );
  if (found === undefined) return undefined;
  return `its "${found.key}" says how to sign in or to connect in a way that holdpoint cannot be told: put a whole header into its headers instead, or leave "${found.key}" out and sign in with "holdpoint login"`;
}

function headersOf(entry: MapTree): Remote['headers'] | string {
  const nested = valueAt(entry, 'requestOptions');
  const other = nested?.kind === 'map' ? nested.members.find(({ key }) => key !== 'headers') : undefined;
  if (other !== undefined || (nested !== undefined && nested.kind !== 'map'))
    return `its "requestOptions" says more than headers (${other?.key ?? 'not a map'}), which holdpoint cannot be told: leave that out; proxies and certificates are those of its environment (HTTPS_PROXY, NODE_EXTRA_CA_CERTS)`;
  const found = [
    ...within(entry, ['headers']),
    ...within(entry, ['http_headers']),
    ...within(entry, ['requestOptions', 'headers']),
  ];
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second !== undefined) return 'it has headers in two places: leave one';
  const { value } = first.member;
  if (value.kind !== 'map') return `its headers are ${article(value)}, not a map`;
  // Of two that differ in case alone one would be sent.
  const names = value.members.map(({ key }) => key.toLowerCase());
  if (new Set(names).size < names.length) return 'one of its headers stands twice';
  for (const { key, value: one } of value.members) {
    if (!isHeaderName(key)) return 'one of its headers has a name that no header can have';
    if (one.kind !== 'scalar' || typeof one.value !== 'string')
      return `its header ${key} is ${article(one)}, not a text on one line`;
    if (one.value.trim() === '') return `its header ${key} is empty: take it out`;
  }
  return { ...first, map: value, all: value.members.map((member) => ({ name: member.key, member })) };
}

function within(entry: MapTree, path: readonly string[]): { path: readonly string[]; member: Member }[] {
  const holder = path.slice(0, -1).reduce<Tree | undefined>((at, key) => valueAt(at, key), entry);
  const member = holder?.kind === 'map' ? holder.members.find(({ key }) => key === path.at(-1)) : undefined;
  if (member === undefined || (member.value.kind !== 'map' && isNothing(member.value))) return [];
  return [{ path, member }];
}

/** What a client may fill in: `${input:x}`, `$VAR`, `{env:X}`, `%VAR%`. */
function hasReference(text: string): boolean {
  return /[${}]|%[A-Za-z_]\w*%/.test(text);
}

/** Many letters and digits without a break: some addresses have a key in their path. */
const KEY_IN_PATH = /\/(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w~.-]{20,}(?:\/|$)/;

/** Whether an address must not stand among arguments, where every program of the machine can read it. */
export function isPrivate(text: string): boolean {
  if (KEY_IN_PATH.test(text.replace(/^[^/]*\/\/[^/]*/, ''))) return true;
  if (hasReference(text) || /[?#]/.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash !== '';
}

/** An address as it may be shown: without user information and query. */
export function shownAddress(text: string): string {
  if (URL.canParse(text) && !hasReference(text)) {
    const { origin, pathname } = new URL(text);
    if (origin !== 'null') return `${origin}${pathname}`;
  }
  return text.replace(/[?#].*$/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1');
}
