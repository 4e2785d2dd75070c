import { type CallFacts, FACT_KEYS } from '../../policy/decide/call-facts.ts';
import type { RawJson } from './raw-json.ts';

/** The version of the record format. */
export const RECORD_VERSION = 1;

/** Who asked: `--as`, else what the client claims to be. */
export type Caller = { as: string } | { client: string; claimed: true } | { unknown: true };

/** The last record of the session before, so that a cut or deleted file is noticed. All within `<home>/audit`. */
export interface Tip {
  file: string;
  seq: number;
  digest: string;
}

/** Who gave a verdict, and how sure of that we are. */
export interface VerdictBy {
  name: string;
  key?: string | undefined;
  method: string;
  tier: number;
  chain?: readonly string[] | undefined;
}

export interface SessionEntry {
  type: 'session';
  kind: 'run' | 'watch' | 'cli';
  /** `continued`: the file before could not be written any more; `policy`: it goes by another one from here on. */
  event: 'start' | 'stop' | 'continued' | 'policy';
  server?: string | undefined;
  /** The command's digest, never its words: they may hold secrets. */
  command?: string | undefined;
  /** Of a remote server: its origin and path. */
  address?: string | undefined;
  client?: { name: string; version: string } | undefined;
  caller?: Caller | undefined;
  /** `layers`, when there is more than the user's: `digest` is then over theirs. */
  policy?:
    | {
        file: string | null;
        digest: string;
        mode: string;
        layers?: readonly { layer: string; file: string | null; digest: string }[] | undefined;
        /** Where it was compiled at an earlier start: of each layer, the digest of what was kept of it. */
        compiled?: readonly string[] | undefined;
      }
    | undefined;
  /** Digest over the definitions that were accepted of this server before; absent for a server nobody accepted. */
  pins?: string | undefined;
  /** The digest of the list of approvers; null while nobody was ever enrolled. */
  approvers?: string | null | undefined;
  tier?: 0 | 1 | undefined;
  versions?: { holdpoint: string; node: string } | undefined;
  /** Which session of its home it is, from 1; absent when that could not be counted. */
  nth?: number | undefined;
  /** Names the key that masks are made under. */
  maskKey?: string | undefined;
  previousTip?: Tip | null | undefined;
  /** The same of sessions that ran beside that one. */
  otherTips?: readonly Tip[] | undefined;
  exit?: string | undefined;
}

export interface DecisionEntry {
  type: 'decision';
  call: number;
  server: string;
  tool: string;
  /** From `argumentsField`. */
  arguments: RawJson;
  /** The client's answers to a server's questions, from `argumentsField`. */
  input?: RawJson | undefined;
  digest: string;
  callDigest: string;
  bytes: number;
  /** Its facts stand in the record as fields of their own. */
  about?: CallFacts | undefined;
  caller: Caller;
  effect: 'allow' | 'deny' | 'escalate';
  rule: string;
  reason: string;
  diagnostics?: readonly string[] | undefined;
  /** What the call uses up of limits; amounts as decimal text, taken before masking. */
  counted?: readonly { item: string; amount: string }[] | undefined;
  /** A person changed the arguments of that call, which became this one; `by`: their name for the operating system. */
  edited?: { call: number; hold: string; by: string } | undefined;
}

export interface HoldEntry {
  type: 'hold';
  call: number;
  hold: string;
  event: 'opened' | 'detached' | 'attached' | 'tightened';
  obligations?: object | undefined;
  expiresAt?: string | undefined;
}

export interface VerdictEntry {
  type: 'verdict';
  call: number;
  hold: string;
  verdict: 'approve' | 'reject' | 'expired' | 'withdrawn';
  by?: VerdictBy | undefined;
  reason?: string | undefined;
  waitMs?: number | undefined;
  dwellMs?: number | undefined;
  rendered?: unknown;
  /** It was withdrawn because somebody changed it. */
  edited?: { by: VerdictBy } | undefined;
  /** Of an approval among several: which one it is. */
  tally?: { count: number; of: number } | undefined;
  /** `statement` is the text that was signed. */
  signature?: { key: string; statement: string; value: string } | undefined;
}

export interface ForwardEntry {
  type: 'forward';
  call: number;
  hold?: string | undefined;
  pass?: string | undefined;
  grant?: string | undefined;
  /** The call that its server asked to be repeated, and whose approval this one goes on under. */
  continues?: number | undefined;
}

export interface OutcomeEntry {
  type: 'outcome';
  call: number;
  outcome: 'ok' | 'error' | 'cancelled' | 'unknown';
  durationMs?: number | undefined;
  resultDigest?: string | undefined;
  resultBytes?: number | undefined;
  isError?: boolean | undefined;
}

export interface RefusalEntry {
  type: 'refusal';
  /** Of an escalated call that was not asked: the record of its decision. */
  call?: number | undefined;
  cause: string;
  /** Undefined for a line that was too long to be kept. */
  digest?: string | undefined;
  /** Undefined for a call that was let through and not sent. */
  bytes?: number | undefined;
  count?: number | undefined;
}

export interface PolicyEntry {
  type: 'policy';
  event: 'applied' | 'ignored';
  file: string | null;
  digest: string;
  previousDigest?: string | undefined;
  /** Why a file that is ignored counts for nothing at all. */
  why?: string | undefined;
  by?: object | undefined;
}

export interface FaultEntry {
  type: 'fault';
  cause: string;
  what: string;
  by?: object | undefined;
}

/** Everything was stopped, or resumed. */
export interface StopEntry {
  type: 'stop';
  event: 'stopped' | 'resumed';
  reason?: string | undefined;
  by?: object | undefined;
}

/** Rules of calls that are refused whatever the policy's mode is: nobody could decide them, or nothing may run. */
export const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'builtin:stopped',
  'builtin:fault',
  'builtin:policy-invalid',
]);

/** A file that retention removes: written before it goes. */
export interface PrunedEntry {
  type: 'pruned';
  file: string;
  records: number;
  tip: { seq: number; digest: string };
  keepDays: number;
}

/** A run of the user's notifier. */
export interface NotifyEntry {
  type: 'notify';
  event: 'waiting' | 'reminder';
  /** The holds that it was told of. */
  holds: readonly string[];
  /** How it ended, in words: "exit code 0". */
  exit: string;
}

/** A person signed in to a remote server, or out of it: never with what, only where. */
export interface SignInEntry {
  type: 'sign-in';
  event: 'login' | 'logout';
  /** Origin and path. */
  server: string;
  by?: object | undefined;
}

/** This home's part in a team. */
export interface TeamEntry {
  type: 'team';
  event: 'made' | 'joined' | 'left' | 'published';
  space: string;
  machine: string;
  /** Of the key that the space's list of approvers begins with: its id. */
  root?: string | undefined;
  /** Of its policy, and what that version's text is. */
  version?: number | undefined;
  digest?: string | undefined;
  by?: object | undefined;
}

/** Changes whose fields their own rooms define. */
export interface ChangeEntry {
  type: 'grant' | 'pin' | 'approver';
  event: string;
  [field: string]: unknown;
}

/** What a room gives the journal to write down. RawJson is honoured as a direct field only, not deeper. */
export type Entry =
  | SessionEntry
  | DecisionEntry
  | HoldEntry
  | VerdictEntry
  | ForwardEntry
  | OutcomeEntry
  | RefusalEntry
  | PolicyEntry
  | FaultEntry
  | StopEntry
  | PrunedEntry
  | NotifyEntry
  | SignInEntry
  | TeamEntry
  | ChangeEntry;
export type EntryType = Entry['type'];

/** What the journal itself puts before an entry. */
export interface RecordHeader {
  /** Dense, from 0. */
  seq: number;
  /** Wall time, ISO 8601 in UTC. */
  time: string;
  /** Milliseconds since the journal was opened; an integer. */
  mono: number;
  session: string;
  /** SHA-256 of the previous line's bytes without its LF, lower-case hex. */
  prev: string;
}

/** The keys of each type in the order in which they stand in the file; docs/design.md says when each is written. */
export const ENTRY_KEYS: Record<EntryType, readonly string[]> = {
  session:
    'kind event server command address client caller policy pins approvers tier versions nth maskKey previousTip otherTips exit'.split(
      ' ',
    ),
  decision:
    `call server tool arguments input digest callDigest bytes ${FACT_KEYS.join(' ')} caller effect rule reason diagnostics counted edited`.split(
      ' ',
    ),
  hold: 'call hold event obligations expiresAt'.split(' '),
  verdict: 'call hold verdict by reason waitMs dwellMs rendered edited tally brake signature'.split(' '),
  forward: 'call hold pass grant continues'.split(' '),
  outcome: 'call outcome durationMs resultDigest resultBytes isError'.split(' '),
  refusal: 'call cause digest bytes count'.split(' '),
  policy: 'event file digest previousDigest why by'.split(' '),
  fault: 'cause what by'.split(' '),
  stop: 'event reason by'.split(' '),
  pruned: 'file records tip keepDays'.split(' '),
  notify: 'event holds exit'.split(' '),
  'sign-in': 'event server by'.split(' '),
  team: 'event space machine root version digest by'.split(' '),
  grant: ['event'],
  pin: ['event'],
  approver: ['event'],
};
