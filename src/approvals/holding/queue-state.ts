import type { Edit } from '../../policy/decide/edit.ts';
import type { Terms } from '../../policy/decide/terms.ts';
import type { ApprovalSettings, Decision } from '../../policy/decide/types.ts';
import type { Refusal } from '../../protocol/answers.ts';
import type { ApprovedCalls } from './approved-calls.ts';
import { isBraked } from './brake.ts';
import type { Asking, Grant } from './grant.ts';
import {
  type Approver,
  type Continuation,
  callerOf,
  type HeldCall,
  type Hold,
  type Pass,
  type Verdict,
} from './hold.ts';
import type { HoldRecord } from './records.ts';

/** The waiting room of one proxy. Plain data; `reduce` makes the next one. */
export interface Queue {
  holds: ReadonlyMap<string, Hold>;
  passes: readonly Pass[];
  /** Approved calls that their servers asked to be repeated, oldest first. */
  continuations: readonly Continuation[];
  /** Standing permissions that live as long as this session. */
  grants: readonly Grant[];
  /** Of grants that are limited: when (mono) they let a call through, within the last hour. */
  uses: ReadonlyMap<string, readonly number[]>;
  /** Call digest + caller → when (mono) a rejected call may be asked again, and why it was rejected. */
  coolDowns: ReadonlyMap<string, { until: number; reason: string | undefined }>;
  /** What was last approved of each tool. */
  approved: ApprovedCalls;
  /** Approvals in a row that came faster than they can be read. */
  hasty: number;
}

export interface QueueSettings {
  maxLive: number;
  passForMs: number;
  coolDownMs: number;
  headless: 'hold' | 'deny';
  /** From where approvals by command are taken. */
  cli: ApprovalSettings['cli'];
}

export type QueueEvent =
  | {
      type: 'escalated';
      id: string;
      nonce: string;
      /** Why no approval could ever fulfil its obligations, as a sentence. */
      unmet: string | undefined;
      held: HeldCall;
      /** The grant on the disk that lets it run, if there is one. */
      kept: Grant | undefined;
      /** What grants of this session are compared with. */
      asking: Asking;
      /** The call that it repeats as its server asked, with nothing added. */
      repeats: number | undefined;
      request: string;
      approvers: number;
      answerWithinMs: number | undefined;
    }
  /** The server of an approved call asked for it again. */
  | { type: 'askedAgain'; call: number; terms: Terms }
  /** `enrolled`: somebody's signature counts here. */
  | { type: 'verdict'; verdict: Verdict; enrolled: boolean; ref: number }
  /** An approval is recorded. `whole`: the call runs by it. */
  | { type: 'approved'; hold: Hold; verdict: Verdict; whole: boolean }
  /** Tools were accepted: what waits for that is decided anew. */
  | { type: 'accepted' }
  | { type: 'revoked'; grant: string; by: Approver; ref: number }
  /** A person gave a call that waits other arguments. */
  | { type: 'edited'; hold: string; edit: Edit; by: Approver; ref: number }
  | { type: 'cancelled'; request: string; why?: string }
  | { type: 'tick' }
  /** An approval among several could not be recorded, so it does not count. */
  | { type: 'uncounted'; hold: string; key: string }
  /** A grant could not be recorded, so it is none. */
  | { type: 'ungranted'; grant: string }
  /** The hold could not be recorded, so it must not be. */
  | { type: 'abandoned'; hold: string }
  /** Everything is stopped: nothing waits any more, and no approval that was given counts. `why`: sentences. */
  | { type: 'stopped'; why: string }
  /** Another policy is in force: what it makes of each call that waits, and whether what asked about a call still says the same. */
  | {
      type: 'policy';
      decisions: ReadonlyMap<string, Decision | undefined>;
      same: (matched: readonly string[]) => boolean;
    }
  | { type: 'ended'; why: 'client gone' | 'server gone' | 'session ended' };

/** What to do next, in order. `commit` does `written` only when its records are written, else `unwritten`. */
export type Effect =
  | {
      do: 'commit';
      records: HoldRecord[];
      durable: boolean;
      written: Effect[];
      unwritten: (cause: string) => Effect[];
    }
  /** Always behind a `commit` with its record. */
  | { do: 'forward'; request: string; digest: string }
  | { do: 'refuse'; request: string; refusal: Refusal }
  | { do: 'forget'; request: string }
  /** The call is decided anew: it may run now, or be asked about for another reason. `edit`: as a person changed it. */
  | { do: 'again'; request: string; edit?: Edit }
  /** The grant is signed: it is kept on the disk. */
  | { do: 'keep'; grant: Grant; value: string }
  | { do: 'show'; hold: Hold }
  | { do: 'closed'; hold: string; how: string; by: string | undefined }
  | { do: 'reply'; ref: number; ok: boolean; message: string }
  /** The approval is recorded: it is remembered what it was of. */
  | { do: 'remember'; hold: Hold; verdict: Verdict; whole: boolean }
  /** Tools are accepted with the approval that was recorded. */
  | { do: 'accepted' }
  /** Approvals take a step more from now on, or no more. */
  | { do: 'brake'; on: boolean }
  | { do: 'abandon'; hold: string }
  | { do: 'uncount'; hold: string; key: string }
  | { do: 'ungrant'; grant: string };

export interface Step {
  queue: Queue;
  effects: Effect[];
}

export const EMPTY: Queue = {
  holds: new Map(),
  passes: [],
  continuations: [],
  grants: [],
  uses: new Map(),
  coolDowns: new Map(),
  approved: new Map(),
  hasty: 0,
};

export function coolDownKey(held: HeldCall): string {
  return `${held.callDigest} ${callerOf(held)}`;
}

export function withHold(queue: Queue, hold: Hold): Queue {
  return { ...queue, holds: new Map(queue.holds).set(hold.id, hold) };
}

export function without(queue: Queue, id: string): Queue {
  const holds = new Map(queue.holds);
  holds.delete(id);
  return { ...queue, holds };
}

/** Whoever watches is told when approvals begin or cease to take a step more. */
export function brakeChange(before: number, hasty: number): Effect[] {
  return isBraked(before) === isBraked(hasty) ? [] : [{ do: 'brake', on: isBraked(hasty) }];
}

/** An approval that led to nothing is written down too. */
export function passEnded(pass: Pass, verdict: 'expired' | 'withdrawn', reason: string): Effect {
  const record: HoldRecord = { type: 'verdict', call: pass.call, hold: pass.hold, verdict, reason };
  const told: Effect[] = [{ do: 'closed', hold: pass.hold, how: reason, by: undefined }];
  return { do: 'commit', records: [record], durable: false, written: told, unwritten: () => told };
}
