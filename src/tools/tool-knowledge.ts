import { sha256Hex, sha256OfPieces } from '../platform/digest.ts';
import { type Value, valuesOf } from '../policy/decide/json-values.ts';
import type { ToolFacts } from '../policy/decide/types.ts';
import { canonicalText } from '../protocol/json/canonical-json.ts';
import { JsonSource } from '../protocol/json/json-source.ts';
import type { ListedTool } from '../protocol/tool-list.ts';
import type { Risk, ToolDefinition } from '../risk/classes/tool-risk.ts';
import { classify } from '../risk/classify.ts';
import { isPlainRead } from '../risk/plain-read.ts';
import { type Reversible, reversibilityOf } from '../risk/reversibility.ts';
import type { PinnedTool, ToolSet } from './pins-file.ts';

/** Longer definitions are known by their digest alone. In characters. */
const LONGEST_KEPT = 64 * 1024;

/** What a definition says of a tool. */
export interface ToolKnowledge {
  name: string;
  digest: string;
  risk: Risk;
  plainRead: boolean;
  /** Guessed from the definition, also where a person said the class. */
  reversibility: Reversible;
  annotations: Map<string, Value>;
}

/** The same as a decision goes by it, where there is nothing to ask about. */
export function factsOf({ risk, annotations, plainRead, reversibility }: ToolKnowledge): ToolFacts {
  return {
    risk: risk.class,
    sure: risk.sure,
    reversibility: reversibility.answer,
    annotations,
    plainRead,
    change: undefined,
    firstUse: undefined,
  };
}

interface Entry {
  source: JsonSource;
  digest: string;
  knowledge: ToolKnowledge | undefined;
}

/** A server's list of tools: each is looked at when it is first asked for. */
export class KnownTools {
  private readonly entries = new Map<string, Entry>();
  /** Names that stand in the list twice: which of the two is called nobody knows. */
  private readonly twice = new Set<string>();
  private readonly trusted: boolean;

  constructor(tools: readonly ListedTool[], trusted: boolean) {
    this.trusted = trusted;
    for (const { name, source } of tools) {
      if (this.entries.has(name)) this.twice.add(name);
      this.entries.set(name, { source, digest: digestOf(source), knowledge: undefined });
    }
  }

  /** Of a definition that was kept as JSON. */
  static parsed(json: string, digest: string, trusted: boolean): ToolKnowledge | undefined {
    return knowledgeOf(JsonSource.of(json), digest, trusted);
  }

  /** Whether a name stands in the list twice. */
  isTwice(name: string): boolean {
    return this.twice.has(name);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  names(): string[] {
    return [...this.entries.keys()];
  }

  digest(name: string): string | undefined {
    return this.entries.get(name)?.digest;
  }

  json(name: string): string {
    return this.entries.get(name)?.source.text ?? '';
  }

  of(name: string): ToolKnowledge | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined || this.twice.has(name)) return undefined;
    entry.knowledge ??= knowledgeOf(entry.source, entry.digest, this.trusted);
    return entry.knowledge;
  }

  all(): ToolKnowledge[] {
    return this.names().flatMap((name) => this.of(name) ?? []);
  }

  /** To be kept. */
  set(command: string): ToolSet {
    const tools = [...this.entries].map(([name, { source, digest }]): [string, PinnedTool] => [
      name,
      pinnedAs(source, digest),
    ]);
    return { command, at: '', tools: Object.fromEntries(tools) };
  }
}

/** Of a definition in canonical JSON: equal for equal definitions, however they are spelled. */
export function digestOf(source: JsonSource): string {
  return sha256Hex(`holdpoint-tool-v1${canonicalText(source, sha256OfPieces)}`);
}

/** A definition to be kept. */
export function pinnedAs(source: JsonSource, digest = digestOf(source)): PinnedTool {
  const { text } = source;
  return { digest, definition: text.length > LONGEST_KEPT ? '' : text };
}

/** Undefined for a definition that is no object of a tool. */
function knowledgeOf(source: JsonSource, digest: string, trusted: boolean): ToolKnowledge | undefined {
  try {
    const definition = JSON.parse(source.text) as ToolDefinition;
    const risk = riskOf(definition, trusted);
    const hints = valuesOf(source).root.get('annotations');
    const annotations = hints instanceof Map ? hints : new Map<string, Value>();
    const plainRead = isPlainRead(definition, risk);
    const reversibility = reversibilityOf(definition, classify(definition));
    return { name: definition.name, digest, risk, plainRead, reversibility, annotations };
  } catch {
    return undefined;
  }
}

/** A server whose hints are believed may call a tool a read; nobody's hints make anything else of one. */
function riskOf(definition: ToolDefinition, trusted: boolean): Risk {
  const risk = classify(definition);
  const { readOnlyHint, destructiveHint } = (definition.annotations ?? {}) as Record<string, unknown>;
  if (!trusted || readOnlyHint !== true || destructiveHint === true) return risk;
  return { class: 'read', sure: true, why: ['the policy trusts the server, which says readOnlyHint'] };
}
