import type { ReplyEnd } from './reply-reader.ts';
import type { Waiting } from './waiting.ts';
import type { Outgoing } from './wire/outgoing.ts';

/** A line on its way. */
export interface Sending {
  line: Outgoing;
  waiting: Waiting | undefined;
  /** How often it was sent where the server said that it had not taken it. */
  sent: number;
  /** The session that it was sent in last. */
  session: string | undefined;
  renewals: number;
  /** Its reply has begun. */
  began?: () => void;
}

/** How it ended, and the `Authorization` that went with it. */
export interface Ended {
  end: ReplyEnd;
  used: string | undefined;
}

/** As a sentence. */
export function asSentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
