import type { EditedFrom } from '../../policy/decide/edit.ts';
import type { Question, Terms } from '../../policy/decide/terms.ts';
import type { Confirmation } from '../../policy/decide/types.ts';
import type { Grant } from './grant.ts';

/** An escalated call as a person judges it. Times are in ms; digests are lower-case hex SHA-256. */
export interface HeldCall extends Question {
  /** The session's running number of the call. */
  call: number;
  server: string;
  tool: string;
  /** Source text of the judged line's arguments. */
  argumentsText: string;
  digest: string;
  callDigest: string;
  /** It is recorded, and signed for, by keyed digests: plain ones would give away what is masked. */
  keyed: boolean;
  /** How many lines it has in its plain form: `lineCount`. */
  lines: number;
  /** Length of the judged line. */
  bytes: number;
  /** Source text, when the client wants a task instead of a result. */
  task?: string | undefined;
  /** Set when the call carries the client's answers to a server's questions. */
  input?: HeldInput | undefined;
  /** Set when a person changed it while it waited. */
  edited?: EditedFrom | undefined;
  /** `--as`, else undefined. */
  caller: string | undefined;
  /** What the client claims to be. */
  client: string | undefined;
}

/** What a server asked about a call, and what its client answers (2026-07-28): part of what a person judges. */
export interface HeldInput {
  /** Source text of the answers. */
  answers: string;
  /** Source text of the questions; null when the server was not seen to ask them. */
  questions: string | null;
  /** The call that this one goes on with. */
  continues: number | null;
}

export interface Hold {
  id: string;
  held: HeldCall;
  /** `live` while its client waits for the answer, `detached` once the client was told to ask again. */
  state: 'live' | 'detached';
  /** Whose answer is awaited; undefined when detached. */
  request: string | undefined;
  openedAt: number;
  openedMono: number;
  expiresAt: number;
  expiresMono: number;
  /** When the client must have an answer; undefined when it waits as long as the hold. */
  answerByMono: number | undefined;
  /** The same by the wall clock, for people. */
  answerBy: number | undefined;
  /** 128 random bits in hex, in every statement about this hold and about no other. */
  nonce: string;
  /** Who has approved so far, where several must. */
  tally: readonly { name: string; key: string }[];
}

/** A one-time grant for one identical call whose client was told to ask again. */
export interface Pass extends Terms {
  hold: string;
  /** The call that was approved. */
  call: number;
  callDigest: string;
  caller: string;
  expiresAt: number;
  expiresMono: number;
}

/** An approval of a call that its server then asked to be repeated: for that repetition, once (2026-07-28). */
export interface Continuation extends Terms {
  /** The call that was approved. */
  call: number;
  expiresAt: number;
  expiresMono: number;
}

/**
 * Who gave a verdict. At tier 0 the name is the operating system's user and proves no more; at tier 1 it is that of an
 * enrolled key which signed (docs/audit.md has both).
 */
export interface Approver {
  name: string;
  key?: string;
  method: 'watch' | 'cli-tty' | 'cli';
  tier: 0 | 1;
  chain: string[];
  /** Where it was given, where that is less sure than a terminal of one's own. */
  place?: string;
}

/** A signature that was checked: by an enrolled key, under the statement of this very hold. */
export interface CheckedSignature {
  key: string;
  /** The statement, as it was signed. */
  text: string;
  /** base64url. */
  value: string;
  confirmation: Confirmation;
}

/** What was before the person's eyes, as their terminal says. */
export interface Rendered {
  /** SHA-256 of its text. */
  digest: string;
  /** How many secrets were masked in it. */
  masked: number;
  /** The person had them shown. */
  revealed: boolean;
  seen: Seen;
}

/**
 * How much of the call's lines was on the screen, and the SHA-256 of those; or that all of them were printed, one
 * after the other.
 */
export type Seen = { lines: number; of: number; digest: string } | 'printed';

export interface Verdict {
  hold: string;
  verdict: 'approve' | 'reject';
  /** The digests of what the person was shown. */
  digest: string;
  callDigest: string;
  /** What was typed where a text is asked for. */
  confirmation: string | undefined;
  reason: string | undefined;
  by: Approver;
  /** Digest of the tool's definition when the answer came; null when none was seen. */
  definition: string | null;
  dwellMs: number | undefined;
  rendered?: Rendered | undefined;
  /** Undefined for an answer that nobody signed. */
  signature?: CheckedSignature | undefined;
  /** The grant that it asks for beside the approval; `value` is its signature when it was signed. */
  grant?: { grant: Grant; value: string | undefined } | undefined;
}

/** Both clocks: a deadline has passed when either says so (a suspended machine, a clock set back). */
export interface Now {
  wall: number;
  mono: number;
}

/** The identity that a pass and an attachment are bound to. */
export function callerOf(held: Pick<HeldCall, 'caller' | 'client'>): string {
  return held.caller === undefined ? `client:${held.client ?? ''}` : `as:${held.caller}`;
}

export function due(deadline: { expiresAt: number; expiresMono: number }, now: Now): boolean {
  return now.mono >= deadline.expiresMono || now.wall >= deadline.expiresAt;
}
