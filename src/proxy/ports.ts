import type { Edit, EditedFrom } from '../policy/decide/edit.ts';
import type { Question, Terms } from '../policy/decide/terms.ts';
import type { Call, Decision } from '../policy/decide/types.ts';
import type { Refusal } from '../protocol/answers.ts';
import type { ClientInfo } from '../protocol/client-info.ts';
import type { ListRequest } from '../protocol/client-message.ts';
import type { JsonSource } from '../protocol/json/json-source.ts';
import type { ToolPage } from '../protocol/tool-list.ts';
import type { Continued } from './request-states.ts';

/** The decision point, once the policy is loaded. Pure; a throw is answered as a refusal. */
export type Decide = (call: Call) => Decision;

/** A call that was judged. Digests are lower-case hex SHA-256; `bytes` is the judged line's length. */
export interface DigestedCall {
  call: number;
  tool: string;
  arguments: JsonSource;
  /** Set when the client wants a task instead of a result (2025-11-25). */
  task: JsonSource | undefined;
  /** The client's answers to what a server asked it for this call (2026-07-28). */
  inputResponses: JsonSource | undefined;
  digest: string;
  callDigest: string;
  bytes: number;
  /** Set when a person changed it while it waited. */
  edited?: EditedFrom;
}

export interface OutcomeRecord {
  call: number;
  outcome: 'ok' | 'error' | 'cancelled' | 'unknown';
  durationMs: number;
  /** Only for calls that were held: what came back, as bytes. */
  result: { digest: string | undefined; bytes: number } | undefined;
  isError: boolean;
}

/** What the policy calls the two ends. */
export interface Identity {
  server: string;
  commandDigest: string;
  caller: string | undefined;
}

/** What follows from a line, once the records of its whole chunk are written. */
export interface Action {
  run(): void;
  /** Instead of `run`, when the records could not be written: only for what needs one. */
  unrecorded?(cause: string): void;
}

/** Where decisions are written. Nothing is on disk before `commit` returns; it throws when it cannot be. */
export interface Recorder {
  decision(call: DigestedCall, decision: Decision): void;
  /** A line of the client that was not one clean message; without a digest when it was too long to keep. */
  refusal(cause: string, digest: string | undefined, bytes: number): void;
  /** The same of a line of the server, which passes all the same; the digest of a long one is not known. */
  serverLine(cause: string, digest: string | undefined, bytes: number): void;
  outcome(record: OutcomeRecord): void;
  commit(): void;
}

/** An escalated call, handed to the waiting room. */
export interface Escalation extends DigestedCall, Question {
  client: string | undefined;
  /** The call that this one goes on with, and what the server had asked (source text). */
  continues: Continued | undefined;
}

/** The waiting room. It answers through `Delivery`, at once or much later, exactly once for each request. */
export interface Approvals {
  escalated(escalation: Escalation, request: string, hasProgressToken: boolean): void;
  /** The server of a call that was approved under these terms asked for it again. */
  askedAgain(call: number, terms: Terms): void;
  /** True when the request was held: then its cancellation must not reach the server. */
  cancelled(request: string, reason: string): boolean;
  /** The same where its server answered it without having got it. */
  answered(request: string): boolean;
  end(why: 'client gone' | 'server gone' | 'session ended'): void;
}

/** What the waiting room may ask of the enforcement point. `request` is the id's key. */
export interface Delivery {
  /** False when the call is gone or its bytes are not those of this digest; then nothing was sent. */
  forward(request: string, digest: string): boolean;
  refuse(request: string, refusal: Refusal): void;
  forget(request: string): void;
  /**
   * What is known of its tool has changed: the call is decided anew, as one that comes in now. `edit`: with other
   * arguments, as it was decided already.
   */
  again(request: string, edit?: Edit): void;
  /** The judged line of a call that waits, with other arguments; or why that would be no call, as a sentence. */
  respelled(request: string, argumentsText: string): { line: Uint8Array } | { fault: string };
  keepAlive(request: string, n: number, message: string): void;
  /** How many calls the server has and did not answer yet. */
  running(): number;
}

/** Whoever wants to know which tools the server has. */
export interface ToolsPort {
  /** A page of the server's own list, on its way to the client. `sole`: no other answer can have come before it. */
  listed(request: ListRequest, page: ToolPage, sole: boolean): void;
  /** A list was asked for, and its client may have read one that we could not: how it is, as "cannot be read". */
  unlisted(how: string): void;
}

export interface EnforcerPorts {
  tools: ToolsPort;
  /** Bytes for the server; gathered and written once per `flush`. */
  toServer(bytes: Uint8Array): void;
  flush(): void;
  /** One whole line of ours for the client. */
  toClient(line: string): void;
  /** Something waits for the policy: load it now. May be called again. */
  policyWanted(): void;
  /** What calls waited for is there, or will not be. */
  settled(): void;
  /** The client named itself. */
  client(info: ClientInfo): void;
  mono(): number;
  /** Why no call may run at all, as sentences; undefined: they may. Looked at before each. Never throws. */
  stopped(): string | undefined;
  /**
   * Settles once all that was recorded by now is copied to where the policy wants a copy first; undefined: nothing has
   * to be waited for. Rejects, with a sentence, where that is not to be had: then nothing is sent.
   */
  copied?(): Promise<void> | undefined;
}
