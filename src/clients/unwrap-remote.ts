import type { ConfigFile } from './config-file.ts';
import type { Edit } from './edit.ts';
import type { ServerEntry } from './entries.ts';
import { type MapTree, type Member, placedIn, type Span, type Tree, valueAt } from './formats/tree.ts';
import { ADDRESSES } from './remote.ts';
import { type RemoteWords, remoteWords, wasWritten } from './remote-words.ts';
import { LOCAL, type Local, type Spelled } from './spelled.ts';

/** What gives an entry its address back. */
export interface AddressPlan {
  edits: Edit[];
  /** The address that must be read afterwards. */
  url: unknown;
  keys: (readonly string[])[];
}

/**
 * Gives a wrapped entry of a remote server its address and its headers back, as they stand in it now: a value that its
 * user changed stays changed, and what was added stays. `limit`: the key of a time limit that goes, for wrapping added
 * it. Undefined where the entry has lost its address.
 */
export function addressPlan(
  config: ConfigFile,
  entry: ServerEntry,
  limit: string | undefined,
): AddressPlan | undefined {
  const said = remoteWords(entry.command);
  if (said === undefined || entry.spelled === undefined) return undefined;
  return new Giving(config, entry.spelled, said).plan(limit);
}

class Giving {
  readonly #config: ConfigFile;
  readonly #spelled: Spelled;
  readonly #said: RemoteWords;
  readonly #local: Local;
  readonly #edits: Edit[] = [];
  /** Members that go, by the map that has them. */
  readonly #gone = new Map<MapTree, Set<Member>>();
  /** Members that stand behind the address afterwards. */
  #added = '';

  constructor(config: ConfigFile, spelled: Spelled, said: RemoteWords) {
    this.#config = config;
    this.#spelled = spelled;
    this.#said = said;
    this.#local = LOCAL[config.place.spelling ?? 'words'];
  }

  plan(limit: string | undefined): AddressPlan | undefined {
    const { entry, program, list, anchor } = this.#spelled;
    const address = this.#address();
    if (address?.kind !== 'scalar' || anchor.name === undefined) return undefined;
    const key = this.#written('url') ?? this.#config.format.key('url');
    this.#replace(anchor.name, key);
    const place = program ?? list;
    if (place === undefined) return undefined;
    this.#typed();
    this.#unsaid();
    this.#passedBack();
    this.#go(entry, program === undefined ? undefined : this.#member('args'));
    this.#go(entry, limit === undefined ? undefined : this.#member(limit));
    this.#replace(place, this.#source(address) + this.#added);
    for (const [map, members] of this.#gone) this.#edits.push(...removals(map, members));
    return { edits: this.#edits, url: address.value, keys: this.#keys(limit) };
  }

  #address(): Tree | undefined {
    const { url, urlVariable } = this.#said;
    const { program, list } = this.#spelled;
    if (urlVariable !== undefined) return valueAt(this.#environment(), urlVariable);
    if (url === undefined) return undefined;
    const item = list?.items[program === undefined ? url.at : url.at - 1];
    // `--url=X` is a word of a person's own.
    return item?.kind === 'scalar' && item.value === url.text ? item : undefined;
  }

  #environment(): MapTree | undefined {
    const found = valueAt(this.#spelled.entry, this.#local.environment);
    return found?.kind === 'map' ? found : undefined;
  }

  /** What says that the server is local says again what it said, unless its user wrote something else. */
  #typed(): void {
    for (const key of this.#said.was.keys()) {
      const value = valueAt(this.#spelled.entry, key);
      if (value?.kind !== 'scalar' || value.value !== this.#local.type) continue;
      this.#replace(value, this.#written(key) ?? '');
    }
  }

  /** Takes our variables out of the environment, and gives the headers their values back. */
  #unsaid(): void {
    const map = this.#environment();
    if (map === undefined) return;
    const held = this.#said.headers.filter(({ variable }) => valueAt(map, variable) !== undefined);
    const ours = new Set([this.#said.urlVariable, ...held.map(({ variable }) => variable)]);
    const theirs = map.members.filter(({ key }) => !ours.has(key));
    const member = this.#member(this.#local.environment);
    const headers = this.#written(this.#local.environment);
    if (headers !== undefined && theirs.length === 0 && member?.name !== undefined) {
      this.#replace(member.name, headers);
      this.#go(map, memberOf(map, this.#said.urlVariable));
      for (const { name, variable } of held) this.#renamed(map, variable, name);
      return;
    }
    const whole = this.#said.was.has('+') && theirs.length === 0;
    if (whole) this.#go(this.#spelled.entry, member);
    else for (const one of map.members) if (ours.has(one.key)) this.#go(map, one);
    this.#filled(map, held, headers);
  }

  #renamed(map: MapTree, variable: string, name: string): void {
    const member = memberOf(map, variable);
    if (member?.name === undefined) return;
    this.#replace(member.name, this.#written(variable) ?? this.#config.format.key(name));
  }

  /** Headers that stayed without values get them; where they are gone they are written anew. */
  #filled(map: MapTree, held: RemoteWords['headers'], key: string | undefined): void {
    const { entry, anchor } = this.#spelled;
    const { format } = this.#config;
    const nested = valueAt(valueAt(entry, 'requestOptions'), 'headers');
    const left = [valueAt(entry, 'headers'), valueAt(entry, 'http_headers'), nested].find(
      (one) => one?.kind === 'map',
    );
    const lost: string[] = [];
    for (const { name, variable } of held) {
      const value = valueAt(map, variable) as Tree;
      const place = valueAt(left, name);
      if (place !== undefined) this.#replace(place, this.#source(value));
      else lost.push(`${format.key(name)}${format.colon}${this.#source(value)}`);
    }
    if (lost.length === 0) return;
    // The key is spelled already.
    const lead = anchor.sibling('\0').replace(JSON.stringify('\0'), '\0');
    this.#added += `${lead.replace('\0', key ?? format.key('headers'))}{ ${lost.join(', ')} }`;
  }

  #passedBack(): void {
    const member = this.#member('env_vars');
    const [name, value] = [this.#written('env_vars'), this.#written('env_vars:')];
    if (name === undefined || value === undefined) return;
    if (member?.name === undefined) {
      this.#added += `${this.#spelled.anchor.sibling(name)}${value}`;
      return;
    }
    this.#replace(member.name, name);
    this.#replace(member.value, value);
  }

  #keys(limit: string | undefined): (readonly string[])[] {
    const { program, list, environment } = this.#local;
    const all = [...ADDRESSES.keys(), ...this.#said.was.keys(), program, list, environment, limit ?? ''];
    const headers = [
      ['headers'],
      ['http_headers'],
      ['env_http_headers'],
      ['bearer_token_env_var'],
      ['requestOptions', 'headers'],
    ];
    return [...all.map((key) => [key]), ...headers];
  }

  #member(key: string): Member | undefined {
    return memberOf(this.#spelled.entry, key);
  }

  #go(map: MapTree, member: Member | undefined): void {
    if (member === undefined) return;
    this.#gone.set(map, (this.#gone.get(map) ?? new Set()).add(member));
  }

  #written(what: string): string | undefined {
    const was = this.#said.was.get(what);
    return was === undefined ? undefined : wasWritten(was, this.#config.format);
  }

  #replace({ from, to }: Span, text: string): void {
    this.#edits.push({ from, to, text });
  }

  #source({ from, to }: Span): string {
    return this.#config.text.slice(from, to);
  }
}

function memberOf(map: MapTree, key: string | undefined): Member | undefined {
  return map.members.find((member) => member.key === key);
}

/** Takes members out of a map: each run of them with what separates it from the member before it, else behind it. */
function removals(map: MapTree, gone: ReadonlySet<Member>): Edit[] {
  const placed = placedIn(map);
  const edits: Edit[] = [];
  for (let at = 0; at < placed.length; at += 1) {
    if (!gone.has(placed[at] as Member)) continue;
    const before = placed[at - 1];
    const first = placed[at];
    while (placed[at + 1] !== undefined && gone.has(placed[at + 1] as Member)) at += 1;
    const [last, next] = [placed[at], placed[at + 1]];
    if (first === undefined || last === undefined) continue;
    const from = before === undefined ? first.start : before.value.to;
    const to = before === undefined && next !== undefined ? next.start : last.value.to;
    edits.push({ from, to, text: '' });
  }
  return edits;
}
