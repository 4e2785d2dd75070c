import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { ListedPath } from '../../protocol/json/listed-path.ts';
import type { RiskClass } from '../../risk/classes/risk-class.ts';
import type { Reversibility } from '../../risk/reversibility.ts';
import type { OwnPlaces } from '../paths/own-places.ts';
import type { Stage } from './approvers-at.ts';
import type { CallFacts } from './call-facts.ts';
import type { Condition } from './condition.ts';
import type { LostIn, Value } from './json-values.ts';
import type { Counted, Over, Spent } from './over.ts';
import type { Offered } from './terms.ts';

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
  confirm: Confirmation;
  /** What is typed where that is asked for; there is always such a text. */
  expected: string;
  /** How much harm its class can do. */
  level: Level;
  /** `all`: every line of the call has been on the screen; `told`: or the person was told how many were not. */
  seen: 'all' | 'told';
  /** A very long call may be approved too. */
  large: boolean;
  /** Argument names to show first and in full. */
  show: string[];
  /** How many approvers must approve, each with a key of their own. */
  approvals: number;
  /** Names of those who may approve; null: whoever is enrolled. */
  approvers: string[] | null;
  /** Who else may when those have not answered for a while, soonest first; absent: nobody. */
  next?: Stage[];
  /** Only a signed approval counts. */
  sign: boolean;
  /** Whether an approval may be remembered for later calls. */
  remember: boolean;
}

/** What an approver can be called: shown beside a decision, so it holds nothing that could mislead. */
export const APPROVER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

export type Level = 'low' | 'high' | 'critical';

/** What a rule may ask for, weakest first: one key, the tool's name typed, the approver key unlocked for this one. */
export const RULE_CONFIRMATIONS = ['key', 'type', 'passphrase'] as const;
/** Weakest first; `both`: a text typed and the passphrase. */
export const CONFIRMATIONS = [...RULE_CONFIRMATIONS, 'both'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

export interface Decision {
  effect: Effect;
  /** The id of the item that decided: its own, or `deny[0]`, `builtin:…`, `default`. */
  rule: string;
  reason: string;
  /** Every matching item of the deciding list, in order. */
  matched: string[];
  /** Present when the effect is `escalate`. */
  obligations: Obligations | undefined;
  /** What could not be evaluated, and why. */
  diagnostics: string[];
  /** What the call uses up of limits, unless it is denied. */
  counted: Counted[];
  /** What it was made by, besides the call: known to whoever made the facts. */
  about?: CallFacts | undefined;
  /** What is accepted with an approval of the call: known to whoever made the facts. */
  offers?: { digest: string; offered: readonly Offered[] } | undefined;
  /** Set where a policy only observes: the call is forwarded whatever the effect. */
  observed?: true;
}

/** Of an allow item: what runs unasked where nobody wrote a policy, of a server whose tools somebody accepted. */
export const PLAIN_READ = 'plain-read';
export type ItemRisk = RiskClass | typeof PLAIN_READ;

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
  /** Empty: whatever the tool may do. */
  risk: ItemRisk[];
  /** The item covers a call only when this is true. */
  when: Condition | undefined;
  /** The item does not cover a call for which this is true. */
  unless: Condition | undefined;
  /** The item covers only what goes beyond this limit. */
  over: Over | undefined;
  /** Of deny: the tools it names leave the server's list. */
  hide: boolean;
  reason: string | undefined;
  timeoutMs: number | undefined;
  /** Instead of what the call's class asks for. */
  confirm: Confirmation | undefined;
  /** Besides what the call's class asks for: of a text that may only tighten. */
  confirmAtLeast: Confirmation | undefined;
  /** Whether a very long call may be approved. */
  large: boolean | undefined;
  show: string[];
  approvals: number | undefined;
  /** Empty: whoever is enrolled. */
  approvers: string[];
  /** Who is asked besides when those have not answered for so long. */
  next?: Stage | undefined;
  /** False: its approvals are for one call only. */
  remember: boolean;
}

export interface ApprovalSettings {
  /** How long a hold waits for a person. */
  timeoutMs: number;
  /** How long a client is kept waiting before it is told to ask again; `auto` by the client's known limit. */
  answerWithinMs: number | 'auto';
  headless: 'hold' | 'deny';
  cli: 'person' | 'outside' | 'tty' | 'any' | 'off';
  maxLive: number;
  passForMs: number;
  /** `required`: every approval must be signed by an enrolled key. */
  sign: 'off' | 'required';
  /** Who is called when a call waits. */
  notify?: NotifySettings | undefined;
}

/** A command of the user's that is run when a call waits. Times of the day are minutes from midnight, local. */
export interface NotifySettings {
  command: string[];
  afterMs: number;
  /** So long before the call's time is over it is run once more. */
  remindMs?: number | undefined;
  quiet?: { from: number; to: number } | undefined;
}

export interface AuditSettings {
  durability: 'process' | 'disk';
  /** Absolute path of the file that gets the ends of session files. */
  checkpoint: string | undefined;
  /** How much of a call's arguments is recorded: their source, their names and kinds, nothing. */
  arguments: 'source' | 'keys' | 'none';
  /** Arguments that are masked whatever they look like. */
  redact: ListedPath[];
  /** Session files that began longer ago are removed. */
  keepDays: number;
  /** Whether a team's relay gets a copy of each record: afterwards, or before a call goes on. */
  mirror: 'off' | 'follow' | 'required';
}

/** How a team is reached, and what of it is believed. */
export interface TeamSettings {
  /** `tls://` or, for this machine alone, `nats://`. */
  url: string[];
  space: string;
  /** Absolute path of a .creds file, an nkey seed, or user and password. */
  credentials: string | undefined;
  /** Absolute path of a certificate, PEM. */
  ca: string | undefined;
  /** Approvers who can read the copy of the log. */
  auditors: string[];
  /** How long the list of approvers counts after somebody vouched for it. */
  freshMs: number;
  policyRequired: boolean;
}

export interface Policy {
  /** Nobody wrote one: plain reads run, and a server that is new is asked about once. */
  builtIn: boolean;
  /** Servers whose hints about their own tools are believed. */
  trusted: string[];
  /** Servers of which a new tool is decided by the lists, like any other. */
  newToolsByPolicy: string[];
  /** `observe`: calls are decided and recorded, and then forwarded whatever was decided. */
  mode: 'enforce' | 'observe';
  default: 'escalate' | 'deny';
  deny: Item[];
  escalate: Item[];
  allow: Item[];
  approvals: ApprovalSettings;
  audit: AuditSettings;
  /** Undefined: approvals stay on this machine. */
  team?: TeamSettings | undefined;
}

/** What is known of a tool. */
export interface ToolFacts {
  /** Undefined: its definition was neither seen nor pinned. */
  risk: RiskClass | undefined;
  /** Whether nothing speaks against the class. */
  sure: boolean;
  /** Whether what it does can be taken back, as far as its definition tells; absent: nothing tells. */
  reversibility?: Reversibility | undefined;
  /** Its server's hints, as it gives them: claims. */
  annotations: Map<string, Value>;
  /** A read that needs no question where nobody wrote a policy. */
  plainRead: boolean;
  /** What differs from what was accepted, in words; undefined: nothing. */
  change: string | undefined;
  /** Why its name is new to whoever accepted the server's tools, in words; undefined: it was accepted, or nothing was. */
  newTool?: string | undefined;
  /** What a person is told while nobody has accepted the server's tools; undefined: somebody has. */
  firstUse: string | undefined;
}

/** Everything that a decision needs besides the call. */
export interface Facts {
  /** Undefined: nothing is known of the called tool. */
  tool?: ToolFacts | undefined;
  places: OwnPlaces;
  /** Milliseconds since 1970; never less than at the decision before. */
  now: number;
  /** What calls have used up of a limit. */
  spent: Spent;
  /** Whether somebody's signature counts here; asked only where it matters. Without it: nobody's. */
  enrolled?: (() => boolean) | undefined;
  /** Of a recorded call: what of its arguments the record does not hold. */
  lost?: LostIn | undefined;
}
