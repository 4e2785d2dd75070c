import type { Bucket, Entry, Relay } from '../../src/team/relay/relay.ts';

interface Watcher {
  bucket: Bucket;
  pattern: RegExp;
  seen(entry: Entry): void;
}

/** What a relay of the test does with a message to one watcher: how often, and after how many turns, it is given. */
export type Mischief = (bucket: Bucket, entry: Entry) => { entry: Entry; after: number }[];

export const HONEST: Mischief = (_, entry) => [{ entry, after: 0 }];

function patternOf(text: string): RegExp {
  const words = text
    .split('.')
    .map((word) => (word === '*' ? '[^.]+' : word === '>' ? '.+' : word.replace(/\W/g, '\\$&')));
  return new RegExp(`^${words.join('\\.')}$`);
}

/** A relay in memory that may do whatever a relay can. Time is what a test makes of it: `turn`. */
export class MemoryRelay {
  readonly values = new Map<string, Uint8Array>();
  /** All that was ever put, for replays and for reading along. */
  readonly past: { bucket: Bucket; entry: Entry }[] = [];
  mischief: Mischief = HONEST;
  /** Writes fail. */
  refuses = false;
  private readonly watchers = new Set<Watcher>();
  private waiting: { after: number; give(): void }[] = [];
  private readonly reachers = new Set<(reached: boolean) => void>();

  /** An end of it, for one member. */
  readonly end = (): Relay => ({
    longest: 1024 * 1024,
    reached: true,
    onReached: (changed) => {
      this.reachers.add(changed);
      return () => this.reachers.delete(changed);
    },
    put: async (bucket, key, value) => {
      this.assertWritable();
      this.set(bucket, { key, value });
    },
    create: async (bucket, key, value) => {
      this.assertWritable();
      if (this.values.has(`${bucket}/${key}`)) return false;
      this.set(bucket, { key, value });
      return true;
    },
    get: async (bucket, key) => this.values.get(`${bucket}/${key}`),
    remove: async (bucket, key) => {
      this.assertWritable();
      this.set(bucket, { key, value: undefined });
    },
    watch: async (bucket, pattern, seen, caughtUp) => {
      const watcher = { bucket, pattern: patternOf(pattern), seen };
      this.watchers.add(watcher);
      for (const [place, value] of this.values) {
        const key = place.slice(place.indexOf('/') + 1);
        if (place.startsWith(`${bucket}/`) && watcher.pattern.test(key)) this.give(watcher, { key, value });
      }
      caughtUp?.();
      return () => this.watchers.delete(watcher);
    },
    close: async () => {},
  });

  private assertWritable(): void {
    if (this.refuses) throw new Error('The relay cannot be reached: refused by the test.');
  }

  private set(bucket: Bucket, entry: Entry): void {
    const place = `${bucket}/${entry.key}`;
    if (entry.value === undefined) this.values.delete(place);
    else this.values.set(place, entry.value);
    this.past.push({ bucket, entry });
    this.tell(bucket, entry);
  }

  /** Gives everybody something, whoever put it or not. */
  tell(bucket: Bucket, entry: Entry): void {
    for (const watcher of this.watchers)
      if (watcher.bucket === bucket && watcher.pattern.test(entry.key)) this.give(watcher, entry);
  }

  private give(watcher: Watcher, first: Entry): void {
    for (const { entry, after } of this.mischief(watcher.bucket, first)) {
      const give = (): void => {
        if (this.watchers.has(watcher) && watcher.pattern.test(entry.key)) watcher.seen(entry);
      };
      if (after === 0) give();
      else this.waiting.push({ after, give });
    }
  }

  /** One turn of time. */
  turn(): void {
    const now = this.waiting;
    this.waiting = [];
    for (const one of now)
      if (one.after <= 1) one.give();
      else this.waiting.push({ ...one, after: one.after - 1 });
  }

  reachedAgain(): void {
    for (const changed of this.reachers) changed(true);
  }
}
