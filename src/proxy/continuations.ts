import type { Terms } from '../policy/decide/terms.ts';
import type { InputRequired } from '../protocol/server-line.ts';

/** What is remembered of a call in flight, should its server ask for it again. */
export interface Repeatable {
  number: number;
  /** Equal for a call and its repetition, whatever was answered in between. */
  same: string;
  client: string | undefined;
  /** Under which a person, or a pass, let the call through; undefined when the policy allowed it. */
  approved: Terms | undefined;
}

/** A call that its server answered with `input_required`: its client will send it again, with a new id. */
export interface Continuation extends Repeatable {
  requestState: string;
  /** Source text of what the server asked, when it asked. */
  questions: string | undefined;
  untilMono: number;
  untilWall: number;
}

/** Both clocks, in ms. */
export interface Clocks {
  mono(): number;
  wall(): number;
}

/** Of more states than these the oldest are forgotten: a call with one of them is then refused. */
const MOST = 1_024;
/** How long a repetition is derived from the first decision: as long as a pass by default (`approvals.passFor`). */
const WITHIN_MS = 15 * 60_000;

/**
 * The calls that servers asked to be repeated (2026-07-28). A repetition with the server's own `requestState` and
 * without answers is derived from what was decided first, once per state; one with answers is a new call. Nobody is
 * shown what a state says to its server, so one that the server did not give for this very call is refused.
 */
export class Continuations {
  private readonly clocks: Clocks;
  /** Oldest first. */
  private known: Continuation[] = [];
  private readonly spent = new WeakSet<Continuation>();

  constructor(clocks: Clocks) {
    this.clocks = clocks;
  }

  /** The server answered `call` so. Without a state its repetition cannot be told from a new call. */
  asked(call: Repeatable, { requestState, inputRequests: questions }: InputRequired): void {
    if (requestState === undefined) return;
    const untilMono = this.clocks.mono() + WITHIN_MS;
    const untilWall = this.clocks.wall() + WITHIN_MS;
    const others = this.known.filter((one) => one.requestState !== requestState || one.same !== call.same);
    this.known = [...others, { ...call, requestState, questions, untilMono, untilWall }].slice(-MOST);
  }

  /** What a call with this state repeats, if it is the very call that the server asked for. */
  of(call: Pick<Repeatable, 'same' | 'client'>, requestState: string): Continuation | undefined {
    return this.known.find(
      (one) => one.requestState === requestState && one.same === call.same && one.client === call.client,
    );
  }

  /** Whether a repetition may still go on under the first decision. */
  isFresh(continuation: Continuation): boolean {
    const { untilMono, untilWall } = continuation;
    return !this.spent.has(continuation) && this.clocks.mono() < untilMono && this.clocks.wall() < untilWall;
  }

  /** Once per state. */
  spend(continuation: Continuation): void {
    this.spent.add(continuation);
  }
}
