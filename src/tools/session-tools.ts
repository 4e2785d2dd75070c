import type { Seal, SealCheck } from '../config/seals.ts';
import type { Offered } from '../policy/decide/terms.ts';
import type { ToolFacts } from '../policy/decide/types.ts';
import { definitionsDigest } from './pin-record.ts';
import type { PinnedTool, PinsFile, ServerPins, ToolSet } from './pins-file.ts';
import { asSaid } from './said-class.ts';
import type { SeenTools } from './seen-tools.ts';
import { digestOf, factsOf, KnownTools, pinnedAs, type ToolKnowledge } from './tool-knowledge.ts';
import { changeOf, firstUseWords, newToolWords, unreadWords } from './tool-words.ts';

/** Of which server a session is, and what it may do by itself. */
export interface ToolsParts {
  server: string;
  command: string;
  /** Of a remote server. */
  address?: string | undefined;
  pins: PinsFile;
  /** While somebody is enrolled: only what they signed is accepted. */
  sealed: SealCheck | undefined;
  /** Nobody wrote a policy, so a person accepts the server's tools at its first call. */
  asks: boolean;
  /** `--trust-first`: they are accepted without. */
  trustFirst: boolean;
  /** The policy believes the server's hints. */
  trusted: boolean;
  now(): string;
  /** Milliseconds since whenever. */
  ms(): number;
  /** Called before pins change, with what changes. A throw keeps them as they are. */
  record(event: 'accepted' | 'first sight' | 'changed', pins: ToolSet, by: string): void;
}

/** A look costs some microseconds, as much as many a call. */
const LOOK_EVERY_MS = 100;

/** What a session knows of its server's tools: what passes, what was accepted, and how the two differ. */
export class SessionTools {
  private readonly parts: ToolsParts;
  private readonly seen: SeenTools;
  private pins: ServerPins | undefined;
  private stamp: string;
  /** Tools were accepted, and by nobody who may. */
  private unsigned = false;
  private known: { version: number; tools: KnownTools } | undefined;
  /** Of tools about which there is nothing to ask: the same until another list passes, or pins change. */
  private readonly settled = new Map<string, KnownTool>();
  private settledAt = 0;
  private lookedAt = 0;

  constructor(parts: ToolsParts, seen: SeenTools) {
    this.parts = parts;
    this.seen = seen;
    this.pins = this.inForce();
    this.stamp = parts.pins.stamp();
  }

  /** What is known of a tool at this moment. May throw when pins cannot be written. */
  facts(tool: string): KnownTool {
    if (this.settledAt !== this.seen.version) this.unsettle();
    this.lookAgain();
    const settled = this.settled.get(tool);
    if (settled !== undefined) return settled;
    const found = this.look(tool);
    const asked = [found.change, found.newTool, found.firstUse].some((why) => why !== undefined);
    // Somebody may have accepted meanwhile what would be asked about now: `holdpoint tools accept`.
    if (asked) return this.refresh() ? this.look(tool) : found;
    if (this.settled.size < MOST_SETTLED) this.settled.set(tool, found);
    return found;
  }

  /** What a person says of a tool holds for sessions that run, though there was nothing to ask about. */
  private lookAgain(): void {
    const now = this.parts.ms();
    if (Math.abs(now - this.lookedAt) < LOOK_EVERY_MS) return;
    this.lookedAt = now;
    this.refresh();
  }

  private unsettle(): void {
    this.settled.clear();
    this.settledAt = this.seen.version;
  }

  /** Digest of a tool's definition, as `facts` gives it. */
  definition(tool: string): string | undefined {
    return this.knowledge(tool, this.list())?.digest;
  }

  private look(tool: string): KnownTool {
    const { unread, whole } = this.seen;
    if (unread !== undefined)
      return { ...factsAbout(undefined), ...NO_QUESTION, change: unreadWords(unread) };
    const list = this.list();
    const first = this.pins === undefined && list !== undefined ? this.firstSight(list) : undefined;
    const absent = whole && list !== undefined && !list.has(tool);
    const facts = { ...factsAbout(this.knowledge(tool, list)), ...(absent && { absent: true as const }) };
    if (first !== undefined) {
      const words = firstUseWords(list?.all() ?? [], whole);
      const asked = this.parts.asks ? { firstUse: words } : { newTool: words };
      return { ...facts, ...NO_QUESTION, ...asked, offers: first, offered: offeredOf(list, list?.names()) };
    }
    const { pins } = this;
    if (pins === undefined && this.unsigned) return { ...facts, ...NO_QUESTION, newTool: UNSIGNED_WORDS };
    if (pins === undefined) return { ...facts, ...NO_QUESTION, unlisted: true };
    const { command, address } = this.parts;
    const parts = { pins, command, address, list, whole, versions: this.seen.versionsOf(tool) };
    const change = changeOf(tool, parts);
    if (change !== undefined && list !== undefined) this.remember(pins, list);
    const isNew = change === undefined && !Object.hasOwn(pins.tools, tool);
    return { ...facts, ...NO_QUESTION, change, ...(isNew ? this.newTool(tool, pins, list) : {}) };
  }

  /** A name that nobody accepted, and what approving its call accepts: every such name of this list. */
  private newTool(
    tool: string,
    pins: ServerPins,
    list: KnownTools | undefined,
  ): Pick<KnownTool, 'newTool' | 'offers' | 'offered'> {
    const names = (list?.names() ?? []).filter((name) => !Object.hasOwn(pins.tools, name));
    const known = names.flatMap((name) => list?.of(name) ?? []);
    const newTool = newToolWords(tool, known, Object.keys(pins.tools));
    if (list === undefined || !names.includes(tool)) return { newTool };
    this.remember(pins, list);
    const { tools } = list.set(pins.command);
    const added = Object.fromEntries(known.map(({ name }) => [name, tools[name] as PinnedTool]));
    const offers = { command: pins.command, at: '', tools: { ...pins.tools, ...added } };
    return { newTool, offers, offered: offeredOf(list, Object.keys(added)) };
  }

  /** A person approved a call and was told what they accept by it. What came meanwhile is not in it. */
  accepted(offers: ToolSet, by: string, seal: Seal | undefined): void {
    this.refresh();
    const { pins } = this;
    if (pins === undefined) return this.pin(offers, { by, how: 'approved', seal });
    if (pins.command !== offers.command) return;
    const added = Object.entries(offers.tools).filter(([name]) => !Object.hasOwn(pins.tools, name));
    if (added.length === 0) return;
    const tools = { ...pins.tools, ...Object.fromEntries(added) };
    this.pin({ ...pins, tools }, { by, how: 'approved', seal });
  }

  /** What somebody accepted who may: while anybody is enrolled, that is what they signed. */
  private inForce(): ServerPins | undefined {
    const { server, pins, sealed, trustFirst } = this.parts;
    const found = pins.of(server);
    this.unsigned = false;
    if (found === undefined || sealed === undefined) return found;
    if (trustFirst && found.how === 'trusted first') return found;
    const digest = definitionsDigest(found);
    if (sealed(found.seal, { what: 'tools', of: server, digest })) return found;
    this.unsigned = true;
    return undefined;
  }

  private list(): KnownTools | undefined {
    const { current, version } = this.seen;
    if (current === undefined) return undefined;
    if (this.known?.version !== version)
      this.known = { version, tools: new KnownTools(current, this.parts.trusted) };
    return this.known.tools;
  }

  private refresh(): boolean {
    const stamp = this.parts.pins.stamp();
    if (stamp === this.stamp) return false;
    const before = this.pins;
    this.stamp = stamp;
    this.pins = this.inForce();
    // Accepted anew: what a tool was before that is no change any more.
    if (this.pins?.at !== before?.at) this.seen.settled();
    this.unsettle();
    return true;
  }

  /** What a person would accept by approving the call; undefined when it is accepted already. */
  private firstSight(list: KnownTools): ToolSet | undefined {
    const { asks, trustFirst, command } = this.parts;
    const set = list.set(command);
    if (trustFirst && this.seen.whole) this.pin(set, { by: '--trust-first', how: 'trusted first' });
    else if (asks || this.parts.sealed !== undefined) return set;
    else this.pin(set, { by: 'nobody', how: 'first sight' });
    return undefined;
  }

  private pin(set: ToolSet, { by, how, seal }: Pick<ServerPins, 'by' | 'how' | 'seal'>): void {
    const { server, pins, record, now } = this.parts;
    const { command, tools } = set;
    const stamped = { command, tools, at: now(), ...this.place(command) };
    record(how === 'first sight' ? 'first sight' : 'accepted', stamped, by);
    this.pins = { ...stamped, by, how, ...(seal && { seal }) };
    this.unsettle();
    pins.put(server, this.pins);
    this.stamp = pins.stamp();
  }

  /** Where the server of this command is, if it is this session's and remote. */
  private place(command: string): Pick<ToolSet, 'address'> {
    const { address } = this.parts;
    return address === undefined || command !== this.parts.command ? {} : { address };
  }

  /** What was accepted stands in where no list was asked for, never for a tool that the list does not have. */
  private knowledge(tool: string, list: KnownTools | undefined): ToolKnowledge | undefined {
    const known = list === undefined ? this.pinned(tool) : list.of(tool);
    const pins = this.pins?.tools;
    return asSaid(known, pins !== undefined && Object.hasOwn(pins, tool) ? pins[tool] : undefined);
  }

  private pinned(tool: string): ToolKnowledge | undefined {
    const pinned = this.pins?.tools[tool];
    return pinned === undefined || pinned.definition === ''
      ? undefined
      : KnownTools.parsed(pinned.definition, pinned.digest, this.parts.trusted);
  }

  /** For whoever accepts it later, and once: what was seen is kept beside what was accepted. */
  private remember(pins: ServerPins, list: KnownTools): void {
    const { parts, seen } = this;
    const { command, tools } = list.set(parts.command);
    // Of a list that goes on the rest is as it was; a change that was taken back is still one to accept.
    const all = seen.whole ? tools : { ...pins.tools, ...tools };
    const set = {
      command,
      at: parts.now(),
      ...this.place(command),
      tools: { ...all, ...this.takenBack(pins, list) },
    };
    if (sameSet(pins.seen, set)) return;
    parts.record('changed', set, parts.server);
    pins.seen = set;
    parts.pins.saw(parts.server, set);
    this.stamp = parts.pins.stamp();
  }

  private takenBack(pins: ServerPins, list: KnownTools): Record<string, PinnedTool> {
    const found = list.names().flatMap((name): [string, PinnedTool][] => {
      const accepted = pins.tools[name]?.digest;
      if (accepted === undefined || list.digest(name) !== accepted) return [];
      const other = this.seen.versionsOf(name).findLast(({ source }) => digestOf(source) !== accepted);
      return other === undefined ? [] : [[name, pinnedAs(other.source)]];
    });
    return Object.fromEntries(found);
  }
}

function sameSet(a: ToolSet | undefined, b: ToolSet): boolean {
  if (a?.command !== b.command) return false;
  const names = Object.keys(a.tools);
  return (
    names.length === Object.keys(b.tools).length &&
    names.every((name) => a.tools[name]?.digest === b.tools[name]?.digest)
  );
}

const UNSIGNED_WORDS =
  'The tools of this server were accepted by nobody whose signature counts, and its client has asked for no list of them';

/** More are not told one by one. */
const MOST_OFFERED = 500;

function offeredOf(list: KnownTools | undefined, names: readonly string[] = []): Offered[] {
  return names.slice(0, MOST_OFFERED).map((name) => {
    const risk = list?.of(name)?.risk;
    return { name, risk: risk?.class ?? 'unknown', unsure: risk?.sure !== true };
  });
}

/** An agent that makes up names must not fill the memory. */
const MOST_SETTLED = 4_096;

/** What is known of a tool, and the digest of its definition. */
export interface KnownTool extends ToolFacts {
  definition: string | undefined;
  /** What a person accepts who approves the call. */
  offers?: ToolSet | undefined;
  /** What those tools may do. */
  offered?: readonly Offered[] | undefined;
  /** Its client asked for no list, and nobody ever accepted one. */
  unlisted?: true;
  /** Its server has listed its tools whole, and this is none of them. */
  absent?: true;
}

const NO_QUESTION = { change: undefined, newTool: undefined, firstUse: undefined };

function factsAbout(tool: ToolKnowledge | undefined): Omit<KnownTool, 'change' | 'newTool' | 'firstUse'> {
  if (tool === undefined)
    return { risk: undefined, sure: false, annotations: new Map(), plainRead: false, definition: undefined };
  return { ...factsOf(tool), definition: tool.digest };
}
