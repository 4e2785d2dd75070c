import { NEVER_SENT } from '../log/entry.ts';
import type { ReadRecord } from '../log/read-record.ts';

/** What one session left open. Numbers are its calls. */
export interface OpenEnds {
  /** Forwarded, and nobody knows any more what came of it. */
  unknown: number[];
  /** Forwarded or held in a session that still runs, or held in one that was killed. */
  unfinished: number[];
  /** Held in a session that recorded its end without recording the hold's. */
  undecided: number[];
  outcomes: number;
  stopped: boolean;
  /** Its process runs. */
  alive: boolean;
}

/** Follows one session's calls from decision to outcome. */
export class CallTracker {
  private readonly forwarded = new Set<number>();
  private readonly holds = new Map<string, number>();
  private outcomes = 0;
  private observing = false;
  private stopped = false;

  add(record: ReadRecord): void {
    const { type, fields } = record;
    const call = fields['call'] as number;
    if (type === 'session') this.session(fields);
    else if (type === 'decision') {
      // Under mode observe everything is forwarded, whatever the effect would have been.
      const sent = this.observing && !NEVER_SENT.has(fields['rule']);
      if (fields['effect'] === 'allow' || sent) this.forwarded.add(call);
    } else if (type === 'forward') this.forwarded.add(call);
    else if (type === 'refusal') {
      if (fields['cause'] === 'stopped') this.forwarded.delete(call);
    } else if (type === 'outcome') {
      if (this.forwarded.delete(call)) this.outcomes += 1;
    } else if (type === 'hold') {
      if (fields['event'] === 'opened') this.holds.set(String(fields['hold']), call);
    } else if (type === 'verdict') {
      // One approval among several leaves the hold waiting.
      const tally = fields['tally'] as { count?: number; of?: number } | undefined;
      if (tally === undefined || tally.count === tally.of) this.holds.delete(String(fields['hold']));
    }
  }

  /** `running`: whether the session's process still lives. */
  end(running: boolean): OpenEnds {
    const alive = running && !this.stopped;
    const forwarded = [...this.forwarded];
    const held = [...new Set(this.holds.values())].filter((call) => !this.forwarded.has(call));
    return {
      unknown: alive ? [] : forwarded,
      unfinished: [...(alive ? forwarded : []), ...(this.stopped ? [] : held)],
      undecided: this.stopped ? held : [],
      outcomes: this.outcomes,
      stopped: this.stopped,
      alive,
    };
  }

  private session(fields: Record<string, unknown>): void {
    if (fields['event'] === 'stop') this.stopped = true;
    const policy = fields['policy'] as { mode?: unknown } | null | undefined;
    if (policy !== undefined && policy !== null) this.observing = policy.mode === 'observe';
  }
}
