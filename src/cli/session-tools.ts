import type { PinsFile, ServerPins, ToolSet } from '../config/pins-file.ts';
import type { ToolFacts } from '../policy/decide/types.ts';
import type { SeenTools } from './seen-tools.ts';
import { KnownTools, type ToolKnowledge } from './tool-knowledge.ts';
import { changeOf, firstUseWords } from './tool-words.ts';

/** Of which server a session is, and what it may do by itself. */
export interface ToolsParts {
  server: string;
  command: string;
  pins: PinsFile;
  /** Nobody wrote a policy, so a person accepts the server's tools at its first call. */
  asks: boolean;
  /** `--trust-first`: they are accepted without. */
  trustFirst: boolean;
  /** The policy believes the server's hints. */
  trusted: boolean;
  now(): string;
  /** Called before pins change, with what changes. A throw keeps them as they are. */
  record(event: 'accepted' | 'first sight' | 'changed', pins: ToolSet, by: string): void;
}

/** What a session knows of its server's tools: what passes, what was accepted, and how the two differ. */
export class SessionTools {
  private readonly parts: ToolsParts;
  private readonly seen: SeenTools;
  private pins: ServerPins | undefined;
  private stamp: string;
  private known: { version: number; tools: KnownTools } | undefined;
  /** Of tools about which there is nothing to ask: the same until another list passes, or pins change. */
  private readonly settled = new Map<string, SessionFacts>();
  private settledAt = 0;
  /** What a person was told of, and would accept with the first call. */
  private offered: ToolSet | undefined;

  constructor(parts: ToolsParts, seen: SeenTools) {
    this.parts = parts;
    this.seen = seen;
    this.pins = parts.pins.of(parts.server);
    this.stamp = parts.pins.stamp();
  }

  /** What is known of a tool at this moment. May throw when pins cannot be written. */
  facts(tool: string): SessionFacts {
    if (this.settledAt !== this.seen.version) this.unsettle();
    const settled = this.settled.get(tool);
    if (settled !== undefined) return settled;
    const found = this.look(tool);
    const asked = found.change !== undefined || found.firstUse !== undefined;
    // Somebody may have accepted meanwhile what would be asked about now: `holdpoint tools accept`.
    if (asked) return this.refresh() ? this.look(tool) : found;
    if (this.settled.size < MOST_SETTLED) this.settled.set(tool, found);
    return found;
  }

  private unsettle(): void {
    this.settled.clear();
    this.settledAt = this.seen.version;
  }

  /** Digest of a tool's definition, as `facts` gives it. */
  definition(tool: string): string | undefined {
    return this.knowledge(tool, this.list())?.digest;
  }

  private look(tool: string): SessionFacts {
    const list = this.list();
    if (this.pins === undefined && list !== undefined) this.firstSight(list.set(this.parts.command));
    const knowledge = this.knowledge(tool, list);
    const change = this.changeIn(tool, list);
    const offers = this.pins === undefined && this.offered !== undefined;
    const firstUse = offers ? firstUseWords(list?.all() ?? []) : undefined;
    return { ...factsOf(knowledge), change, firstUse };
  }

  /** A person approved the first call: so they accept what they were told of. */
  accepted(by: string): void {
    const { offered } = this;
    this.offered = undefined;
    if (offered !== undefined && this.pins === undefined) this.pin(offered, by, 'approved');
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
    this.stamp = stamp;
    this.pins = this.parts.pins.of(this.parts.server);
    this.unsettle();
    return true;
  }

  private firstSight(set: ToolSet): void {
    const { asks, trustFirst } = this.parts;
    if (trustFirst) this.pin(set, '--trust-first', 'trusted first');
    else if (asks) this.offered = set;
    else this.pin(set, 'nobody', 'first sight');
  }

  private pin(set: ToolSet, by: string, how: ServerPins['how']): void {
    const { server, pins, record, now } = this.parts;
    const stamped = { ...set, at: now() };
    record(how === 'first sight' ? 'first sight' : 'accepted', stamped, by);
    this.pins = { ...stamped, by, how };
    this.unsettle();
    pins.put(server, this.pins);
    this.stamp = pins.stamp();
  }

  /** What was accepted stands in for a list that was not seen, never for a tool that the list does not have. */
  private knowledge(tool: string, list: KnownTools | undefined): ToolKnowledge | undefined {
    return list === undefined ? this.pinned(tool) : list.of(tool);
  }

  private pinned(tool: string): ToolKnowledge | undefined {
    const pinned = this.pins?.tools[tool];
    return pinned === undefined || pinned.definition === ''
      ? undefined
      : KnownTools.parsed(pinned.definition, pinned.digest, this.parts.trusted);
  }

  private changeIn(tool: string, list: KnownTools | undefined): string | undefined {
    const { pins } = this;
    if (pins === undefined) return undefined;
    const change = changeOf(tool, { pins, command: this.parts.command, list });
    if (change !== undefined && list !== undefined) this.remember(list);
    return change;
  }

  /** For whoever accepts it later, and once: the list is kept beside what was accepted. */
  private remember(list: KnownTools): void {
    const { pins, parts } = this;
    const set = { ...list.set(parts.command), at: parts.now() };
    if (pins === undefined || sameSet(pins.seen, set)) return;
    parts.record('changed', set, parts.server);
    pins.seen = set;
    parts.pins.saw(parts.server, set);
    this.stamp = parts.pins.stamp();
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

/** An agent that makes up names must not fill the memory. */
const MOST_SETTLED = 4_096;

/** What is known of a tool, and the digest of its definition. */
export type SessionFacts = ToolFacts & { definition: string | undefined };

function factsOf(tool: ToolKnowledge | undefined): Omit<SessionFacts, 'change' | 'firstUse'> {
  if (tool === undefined)
    return { risk: undefined, sure: false, annotations: new Map(), plainRead: false, definition: undefined };
  const { risk, annotations, plainRead, digest } = tool;
  return { risk: risk.class, sure: risk.sure, annotations, plainRead, definition: digest };
}
