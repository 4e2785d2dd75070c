import type { ChainLink } from '../../platform/process-chain.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import type { ListedPath } from '../../protocol/json/listed-path.ts';
import type { Grant, Remember } from '../holding/grant.ts';
import type { HeldCall, Rendered } from '../holding/hold.ts';

/**
 * What crosses the socket between a proxy and its approvers: one JSON object a line, data only, versioned by the
 * first message of each side. Whoever can open the socket is this OS user (tier 0); only a signature says who.
 */
export const WIRE_VERSION = 6;

/** An approver sends little, at most changed arguments; a proxy may send a call's whole arguments (a line of at most 32 MiB, escaped). */
export const MAX_APPROVER_LINE = 1024 * 1024;
/** Of changed arguments, in characters of their source: nobody edits more by hand. */
export const LONGEST_EDIT = 256 * 1024;
export const MAX_PROXY_LINE = 256 * 1024 * 1024;

/** A hold as its approvers get it: the held call, and what became of it so far. */
export interface HoldView extends Omit<HeldCall, 'bytes' | 'caller' | 'client'> {
  id: string;
  nonce: string;
  /** Who has approved so far, where several must. */
  approvedBy: string[];
  caller: string | null;
  client: string | null;
  /** ISO 8601. */
  openedAt: string;
  expiresAt: string;
  /** Of a call of another machine that is recorded by keyed digests: those, as that machine gives them. */
  keyedAs?: { digest: string; callDigest: string };
  /** When its client is told to ask again; null: it waits as long as the hold, or nobody waits. */
  answerBy: string | null;
  /** The last approved call of its tool in this session; null: there is none. */
  before: Before | null;
  state: 'live' | 'detached';
}

/** What was approved of a tool so far. */
export interface Before {
  /** How many calls of it. */
  approved: number;
  /** When the last one was; ISO 8601. */
  at: string;
  by: string;
  /** The last one's arguments, source text with its secrets; null where they are not kept, or long. */
  argumentsText: string | null;
}

export interface SessionView {
  session: string;
  /** The machine of the team that it runs on; absent for this one. */
  machine?: string;
  server: string;
  pid: number;
  /** The proxy's ancestors, nearest first: the MCP client is among them. */
  ancestors: ChainLink[];
  /** The proxy's controlling terminal; null for none. */
  terminal: string | null;
  client: string | null;
  startedAt: string;
  /** The proxy's own version; older ones do not say it. */
  version?: string;
  /** Where the server's relative paths begin; null where its files are not this machine's, or nobody can say. */
  folder: string | null;
  cli: 'person' | 'outside' | 'tty' | 'any' | 'off';
  /** Digests of the server's command and of the policy in force. */
  command: string;
  policy: string;
  /** Paths of arguments that the policy masks. */
  redact: ListedPath[];
  /** What runs without asking until this session ends, or sooner. */
  grants: Grant[];
  /** Approvals take a step more for now: the last ones came faster than they can be read. */
  brake: boolean;
  /** Somebody's signature counts here. */
  enrolled: boolean;
  /** Why it goes by an earlier policy than the one in force, as a sentence. */
  keeps?: string;
  /** Sentences that a person should see: a changed policy file, for one. */
  notices: string[];
}

export type ProxyMessage =
  | ({ type: 'hello'; v: number } & SessionView)
  | { type: 'hold'; hold: HoldView }
  | { type: 'closed'; hold: string; how: string; by: string | null }
  /** What `brake` of the session is now. */
  | { type: 'brake'; on: boolean; enrolled: boolean }
  | { type: 'ready' }
  /** Too many are attached, and another one came: the proxy lets go of this one. */
  | { type: 'busy' }
  | { type: 'result'; ref: number; ok: boolean; message: string }
  | ({ type: 'braked'; ref: number } & Braked)
  | ({ type: 'reread'; ref: number } & Reread)
  /** The session goes by another policy now, or says why it does not; `said`: a sentence. */
  | { type: 'session'; session: SessionView; said: string };

/** What became of a proxy's reading of its policy anew. */
export interface Reread {
  /** `kept`: it goes by what it had, for a reason; `same`: nothing has changed. */
  took: 'new' | 'same' | 'kept';
  /** A sentence. */
  said: string;
}

/** What a proxy found when it was told to look whether everything is stopped. */
export interface Braked {
  stopped: boolean;
  /** How many calls that waited it refused for that. */
  refused: number;
  /** How many calls its server has, which run on. */
  running: number;
}

export interface VerdictMessage {
  type: 'verdict';
  ref: number;
  hold: string;
  verdict: 'approve' | 'reject';
  digest: string;
  callDigest: string;
  method: 'watch' | 'cli-tty' | 'cli';
  chain: string[];
  /** Where it was given, where that is less sure than a terminal of one's own. */
  place?: string;
  confirmation?: string;
  reason?: string;
  dwellMs?: number;
  rendered?: Rendered;
  /** The approval is for later calls too. */
  remember?: Remember;
  signature?: AnswerSignature;
}

/** An approver's signature under the statement that both ends build for themselves (signed-answer.ts). */
export interface AnswerSignature {
  /** The key's id. */
  key: string;
  /** base64url. */
  value: string;
  confirmation: Confirmation;
  /** ISO 8601. */
  decidedAt: string;
  /** Under the grant that is asked for, base64url. */
  grant?: string;
  /** Of a call of another machine that is signed by that one's digests: under the plain ones of what was shown. */
  call?: string;
}

/** A person gives a call that waits other arguments: it is decided anew, and waits anew for its approval. */
export interface EditMessage {
  type: 'edit';
  ref: number;
  hold: string;
  /** The digests of what they changed. */
  digest: string;
  callDigest: string;
  /** JSON source of an object. */
  argumentsText: string;
  /** From the approval terminal only. */
  method: 'watch';
  chain: string[];
  place?: string;
}

/** Takes a grant of this session back. */
export interface RevokeMessage {
  type: 'revoke';
  ref: number;
  grant: string;
  method: VerdictMessage['method'];
  chain: string[];
}

/** Something of the home has changed: the proxy is to look for itself. It says nothing, and needs no right. */
export interface LookMessage {
  type: 'look';
  ref: number;
  at: 'stop' | 'policy';
}

export type ApproverMessage =
  | { type: 'hello'; v: number; attending: boolean }
  | VerdictMessage
  | EditMessage
  | RevokeMessage
  | LookMessage;

/** One message as its line. JSON.stringify escapes every control, so a line is one line. */
export function wireLine(message: ProxyMessage | ApproverMessage): string {
  return `${JSON.stringify(message)}\n`;
}
