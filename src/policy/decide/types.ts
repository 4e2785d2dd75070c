import type { JsonSource } from '../../protocol/json-source.ts';

/** What a rule asks for. */
export type Effect = 'allow' | 'deny' | 'escalate';

/** One `tools/call` as the policy sees it. */
export interface Call {
  server: string;
  tool: string;
  /** Their source; `{}` when the call has none. */
  arguments: JsonSource;
  /** What the client answers to the server's questions about this call (2026-07-28). */
  inputResponses?: JsonSource | undefined;
  /** The identity given by `--as`: set by the person who wrote the command line. */
  caller: string | undefined;
  /** The name that the client claims for itself. */
  client: string | undefined;
}

/** What enforcement must do with an escalation, or else deny. */
export interface Obligations {
  timeoutMs: number;
  /** `type`: the person types the tool's name; `key`: one key. */
  confirm: 'key' | 'type';
  /** Argument names to show first and in full. */
  show: string[];
}

export interface Decision {
  effect: Effect;
  /** The id of the item that decided: its own, or `deny[0]`, `builtin:…`, `default`. */
  rule: string;
  reason: string;
  /** Every matching item of the deciding list, in order. */
  matched: string[];
  /** Present when the effect is `escalate`. */
  obligations: Obligations | undefined;
  diagnostics: string[];
}

/** A `server/tool` pattern, braces expanded. */
export interface Target {
  server: string;
  tool: string;
}

export interface Item {
  id: string;
  /** How the item reads in the file, for people. */
  source: string;
  tool: Target[];
  except: Target[];
  server: string[];
  caller: string[];
  client: string[];
  reason: string | undefined;
  timeoutMs: number | undefined;
  confirm: 'key' | 'type' | undefined;
  show: string[];
}

export interface ApprovalSettings {
  /** How long a hold waits for a person. */
  timeoutMs: number;
  /** How long a client is kept waiting before it is told to ask again; `auto` by the client's known limit. */
  answerWithinMs: number | 'auto';
  headless: 'hold' | 'deny';
  cli: 'person' | 'tty' | 'any' | 'off';
  maxLive: number;
  passForMs: number;
}

export interface AuditSettings {
  durability: 'process' | 'disk';
}

export interface Policy {
  default: 'escalate' | 'deny';
  deny: Item[];
  escalate: Item[];
  allow: Item[];
  approvals: ApprovalSettings;
  audit: AuditSettings;
}

/** Where this process's own files lie, for the built-in items. Absolute paths. */
export interface OwnPlaces {
  holdpointHome: string;
  userHome: string;
  workingFolder: string;
}

/** Everything that a decision needs besides the call. */
export interface Facts {
  places: OwnPlaces;
}
