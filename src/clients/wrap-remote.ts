import type { ConfigFile } from './config-file.ts';
import type { Edit } from './edit.ts';
import type { ServerEntry } from './entries.ts';
import { type MapTree, type Member, type Span, type Tree, valueAt } from './formats/tree.ts';
import { isPrivate, type Remote } from './remote.ts';
import { asWas, type Was } from './remote-words.ts';
import { LOCAL, type Local } from './spelled.ts';

/** What makes a wrapped entry of a remote one. */
export interface RemotePlan {
  edits: Edit[];
  /** Its command line as it must be read afterwards. */
  command: string[];
  /** Its environment as it must be read afterwards; undefined: it has none of ours. */
  environment: Record<string, unknown> | undefined;
  /** The keys of the entry that change, as they are called before and afterwards. */
  keys: (readonly string[])[];
}

/** Ours in front of the address, and behind it. */
export interface OurWords {
  front: readonly string[];
  back: readonly string[];
}

/** A variable of ours: what it holds is moved as it is spelled. */
interface Variable {
  name: string;
  from: Span;
  value: unknown;
}

/**
 * Turns an entry with an address into one with a command, member by member: the address becomes the command and its
 * words, headers become the environment, where they stand. Undefined where its layout does not allow that.
 */
export function remotePlan(config: ConfigFile, entry: ServerEntry, ours: OurWords): RemotePlan | undefined {
  const { remote } = entry;
  if (remote === undefined) return undefined;
  return new Making(config, remote, LOCAL[config.place.spelling ?? 'words']).plan(ours);
}

class Making {
  readonly #config: ConfigFile;
  readonly #remote: Remote;
  readonly #local: Local;
  readonly #edits: Edit[] = [];
  readonly #was: Was[] = [];
  #environment: Record<string, unknown> | undefined;
  #keys: (readonly string[])[];

  constructor(config: ConfigFile, remote: Remote, local: Local) {
    this.#config = config;
    this.#remote = remote;
    this.#local = local;
    this.#keys = [[remote.anchor.key], [local.program], ['args'], [local.environment]];
  }

  plan({ front, back }: OurWords): RemotePlan | undefined {
    const { anchor, url, transport, headers, byVariable } = this.#remote;
    if (anchor.name === undefined) return undefined;
    this.#was.push(['url', anchor.key, this.#source(anchor.name)]);
    for (const type of this.#remote.types) if (!this.#typed(type)) return undefined;
    const address = isPrivate(url) ? this.#fresh('URL', anchor.value) : undefined;
    const held = (headers?.all ?? []).map(({ member }, at) => this.#fresh(`HEADER_${at + 1}`, member.value));
    const added = this.#environed(address, held);
    if (added === undefined) return undefined;
    if (byVariable !== undefined) this.#passedOn(byVariable);
    const named = [
      ...(headers?.all ?? []).flatMap(({ name }, at) => ['--header-env', `${name}=${held[at]?.name}`]),
      ...(byVariable?.all ?? []).flatMap(({ name, variable, bearer }) =>
        bearer ? ['--bearer-env', variable] : ['--header-env', `${name}=${variable}`],
      ),
    ];
    const words = [
      ...front,
      ...(address === undefined ? ['--url', url] : ['--url-env', address.name]),
      ...named,
      ...(transport === undefined ? [] : ['--transport', transport]),
      ...['--was', asWas(this.#was, this.#config.format)],
      ...back,
      '--',
    ];
    this.#commanded(words, address === undefined ? front.length + 1 : undefined, added);
    return { edits: this.#edits, command: words, environment: this.#environment, keys: this.#keys };
  }

  /** The address's member becomes the command's, and what it needs stands behind it. */
  #commanded(words: readonly string[], urlAt: number | undefined, added: string): void {
    const { anchor } = this.#remote;
    const { format } = this.#config;
    const { program, list } = this.#local;
    const spelled = words.map((word, at) =>
      at === urlAt ? this.#source(anchor.value) : JSON.stringify(word),
    );
    const [command = '', ...rest] = spelled;
    this.#replace(anchor.name as Span, format.key(program));
    const whole = list === program;
    this.#replace(anchor.value, whole ? `[${spelled.join(', ')}]` : command);
    const args = whole ? '' : `${anchor.sibling(list)}[${rest.join(', ')}]`;
    const at = anchor.value.to;
    if (args + added !== '') this.#edits.push({ from: at, to: at, text: args + added });
  }

  /** What says that a server is remote says that it is local. */
  #typed({ key, value }: Member): boolean {
    const text = JSON.stringify(this.#local.type);
    this.#was.push([key, value.kind === 'scalar' ? String(value.value) : '', this.#source(value)]);
    this.#keys.push([key]);
    this.#replace(value, text);
    return value.to > value.from;
  }

  /** Puts variables into the entry's environment. Returns what is written behind the command for it. */
  #environed(address: Variable | undefined, held: readonly Variable[]): string | undefined {
    const { entry, headers } = this.#remote;
    const { environment } = this.#local;
    const there = valueAt(entry, environment);
    if (there === undefined && headers?.path.length === 1) return this.#renamed(address, held);
    const all = [...(address === undefined ? [] : [address]), ...held];
    if (all.length === 0) return '';
    if (there !== undefined) return this.#inserted(there.kind === 'map' ? there : undefined, all);
    this.#was.push(['+', environment, this.#config.format.key(environment)]);
    this.#emptied();
    this.#environment = valuesOf(all);
    const pairs = all.map((one) => this.#pair(one)).join(', ');
    return `${this.#remote.anchor.sibling(environment)}{ ${pairs} }`;
  }

  /** The headers themselves become the environment: each keeps its place, its value and its comments. */
  #renamed(address: Variable | undefined, held: readonly Variable[]): string | undefined {
    const { headers } = this.#remote;
    const { format } = this.#config;
    const { environment } = this.#local;
    if (headers?.member.name === undefined) return undefined;
    this.#was.push([environment, headers.member.key, this.#source(headers.member.name)]);
    this.#keys.push(headers.path);
    this.#replace(headers.member.name, format.key(environment));
    for (const [at, { name, member }] of headers.all.entries()) {
      if (member.name === undefined) return undefined;
      const variable = held[at]?.name ?? '';
      const source = this.#source(member.name);
      if (source !== format.key(name)) this.#was.push([variable, name, source]);
      this.#replace(member.name, format.key(variable));
    }
    const all = [...(address === undefined ? [] : [address]), ...held];
    this.#environment = valuesOf(all);
    if (address === undefined) return '';
    return this.#inFront(headers.map, [address]) ? '' : undefined;
  }

  /** There is an environment already: ours go in front of it, and the headers stay without their values. */
  #inserted(map: MapTree | undefined, all: readonly Variable[]): string | undefined {
    if (map === undefined || !this.#inFront(map, all)) return undefined;
    this.#emptied();
    const theirs = map.members.map(({ key, value }) => [
      key,
      value.kind === 'scalar' ? value.value : undefined,
    ]);
    this.#environment = { ...Object.fromEntries(theirs), ...valuesOf(all) };
    return '';
  }

  #inFront(map: MapTree, all: readonly Variable[]): boolean {
    const [first] = map.members;
    const at = first === undefined ? map.from + 1 : first.start;
    if (at === undefined) return false;
    if (first === undefined && this.#config.text[map.from] !== '{') return false;
    const between = first?.between ?? ', ';
    const text = all.map((one) => this.#pair(one)).join(between);
    this.#edits.push({ from: at, to: at, text: first === undefined ? text : text + between });
    return true;
  }

  #emptied(): void {
    const { headers } = this.#remote;
    if (headers === undefined) return;
    this.#keys.push(headers.path);
    for (const { member } of headers.all) this.#replace(member.value, '""');
  }

  /** Variables that the client has are handed on by their names. */
  #passedOn({ member, all }: NonNullable<Remote['byVariable']>): void {
    const { format } = this.#config;
    const names = [...new Set(all.map(({ variable }) => variable))];
    this.#was.push(['env_vars', member.key, this.#source(member.name as Span)]);
    this.#was.push(['env_vars:', '', this.#source(member.value)]);
    this.#keys.push([member.key], ['env_vars']);
    this.#replace(member.name as Span, format.key('env_vars'));
    this.#replace(member.value, JSON.stringify(names));
  }

  /** A name that the entry's environment does not have. */
  #fresh(name: string, from: Tree): Variable {
    const there = valueAt(this.#remote.entry, this.#local.environment);
    const taken = new Set(there?.kind === 'map' ? there.members.map(({ key }) => key) : []);
    let free = `HOLDPOINT_${name}`;
    while (taken.has(free)) free += '_';
    return { name: free, from, value: from.kind === 'scalar' ? from.value : undefined };
  }

  #pair({ name, from }: Variable): string {
    const { key, colon } = this.#config.format;
    return `${key(name)}${colon}${this.#source(from)}`;
  }

  #replace({ from, to }: Span, text: string): void {
    this.#edits.push({ from, to, text });
  }

  #source({ from, to }: Span): string {
    return this.#config.text.slice(from, to);
  }
}

function valuesOf(all: readonly Variable[]): Record<string, unknown> {
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}
