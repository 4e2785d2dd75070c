import type { Obligations } from '../policy/decide/types.ts';
import type { InputRequired } from '../protocol/server-line.ts';

/** What a person was asked to approve: the same again is the same question. */
export interface Terms {
  matched: string[];
  definition: string | null;
  obligations: Obligations;
}

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

/** Of more states than these the oldest are forgotten: their calls are then decided and held like any other. */
const MOST = 64;
/** As long as a pass (DESIGN 4, `passFor`). */
const WITHIN_MS = 15 * 60_000;

/**
 * The calls that servers asked to be repeated (2026-07-28). A repetition with the server's own `requestState` and
 * without answers is derived from what was decided first, once per state; one with answers is a new call.
 */
export class Continuations {
  private readonly clocks: Clocks;
  private known: Continuation[] = [];

  constructor(clocks: Clocks) {
    this.clocks = clocks;
  }

  /** The server answered `call` so. Without a state its repetition cannot be told from a new call. */
  asked(call: Repeatable, { requestState, inputRequests: questions }: InputRequired): void {
    if (requestState === undefined) return;
    const untilMono = this.clocks.mono() + WITHIN_MS;
    const untilWall = this.clocks.wall() + WITHIN_MS;
    const others = this.current().filter((one) => one.requestState !== requestState);
    this.known = [...others, { ...call, requestState, questions, untilMono, untilWall }].slice(-MOST);
  }

  /** What a call with this state repeats, if it is the very call that the server asked for. */
  of(call: Repeatable, requestState: string): Continuation | undefined {
    return this.current().find(
      (one) => one.requestState === requestState && one.same === call.same && one.client === call.client,
    );
  }

  /** Once per state. */
  spend(continuation: Continuation): void {
    this.known = this.known.filter((one) => one !== continuation);
  }

  private current(): Continuation[] {
    const [mono, wall] = [this.clocks.mono(), this.clocks.wall()];
    return this.known.filter((one) => mono < one.untilMono && wall < one.untilWall);
  }
}
