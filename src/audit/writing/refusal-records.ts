import { performance } from 'node:perf_hooks';
import type { RefusalEntry } from '../log/entry.ts';
import { Repeats } from './repeats.ts';

const COUNTS_WITHIN_MS = 1_000;
const SERVER_COUNTS_WITHIN_MS = 60_000;
/** Marks the cause of a line that came from the server. */
export const SERVER = 'server:';

/** A line or a call that was refused. */
export interface Refused {
  cause: string;
  digest: string | undefined;
  bytes: number;
}

/** Refusals on their way to the journal: beyond the first of a flood they are counted, and the count is recorded. */
export class RefusalRecords {
  private readonly stage: (entry: RefusalEntry) => void;
  /** Something was staged that may wait a little. */
  private readonly soon: () => void;
  private readonly repeats = new Repeats(COUNTS_WITHIN_MS);
  /** Some servers log to their stdout all day long. */
  private readonly serverRepeats = new Repeats(SERVER_COUNTS_WITHIN_MS);
  private timer: NodeJS.Timeout | undefined;

  constructor(stage: (entry: RefusalEntry) => void, soon: () => void) {
    this.stage = stage;
    this.soon = soon;
  }

  take(line: Refused): void {
    if (this.alone(line)) this.stage({ type: 'refusal', ...line });
  }

  /** Whether it gets a record of its own; else it is counted, and the count recorded when its time is over. */
  alone({ cause, ...line }: Refused): boolean {
    const repeats = cause.startsWith(SERVER) ? this.serverRepeats : this.repeats;
    const alone = repeats.take(cause, line, performance.now());
    if (!alone) this.timer ??= setTimeout(() => this.counted(), COUNTS_WITHIN_MS);
    return alone;
  }

  /** Every count that is still open is staged. */
  end(): void {
    clearTimeout(this.timer);
    this.counts(true);
  }

  private counted(): void {
    this.timer = undefined;
    this.counts(false);
    if (this.repeats.pending || this.serverRepeats.pending)
      this.timer = setTimeout(() => this.counted(), COUNTS_WITHIN_MS);
    this.soon();
  }

  private counts(all: boolean): void {
    for (const repeats of [this.repeats, this.serverRepeats]) {
      for (const one of repeats.settle(performance.now(), all)) this.stage({ type: 'refusal', ...one });
    }
  }
}
