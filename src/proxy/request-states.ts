import type { Terms } from '../policy/decide/terms.ts';
import type { InputRequired } from '../protocol/server-line.ts';

/** What is remembered of a call in flight, should its server ask for it again. */
export interface Repeatable {
  number: number;
  /** Equal for a call and its repetition, whatever was answered in between. */
  same: string;
  client: string | undefined;
  /** Under which the call was let through, where the policy asked for a person; undefined when it allowed it. */
  approved: Terms | undefined;
}

/** What a call goes on with. */
export interface Continued {
  call: number;
  /** Source text of what the server asked, when it asked. */
  questions: string | undefined;
}

interface Given extends Continued {
  requestState: string;
  same: string;
  client: string | undefined;
}

/** Of more states than these the oldest are forgotten: a call with one of them is then refused. */
const MOST = 1_024;

/**
 * The states that servers gave their client to repeat a call with (2026-07-28). Nobody is shown what a state says to
 * its server, so one that the server did not give for this very call is refused.
 */
export class RequestStates {
  /** Oldest first. */
  private given: Given[] = [];

  /** The server answered `call` so. Without a state its repetition cannot be told from a new call. */
  note(
    { number, same, client }: Repeatable,
    { requestState, inputRequests: questions }: InputRequired,
  ): void {
    if (requestState === undefined) return;
    const others = this.given.filter((one) => one.requestState !== requestState || one.same !== same);
    this.given = [...others, { call: number, questions, requestState, same, client }].slice(-MOST);
  }

  /** What a call with this state goes on with, if it is the very call that the server asked for. */
  of(call: Pick<Repeatable, 'same' | 'client'>, requestState: string): Continued | undefined {
    return this.given.find(
      (one) => one.requestState === requestState && one.same === call.same && one.client === call.client,
    );
  }
}
