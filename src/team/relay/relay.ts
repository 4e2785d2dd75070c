/** Where something lies in a space. */
export type Bucket = 'holds' | 'answers' | 'ends' | 'presence' | 'trust' | 'policy';

/** What lies at a key now; `value` undefined: it was taken away. */
export interface Entry {
  key: string;
  value: Uint8Array | undefined;
}

/**
 * What carries a team's messages, trusted with nothing but that: it may drop, delay, reorder, repeat and read them.
 * Keys are words joined by dots. Whatever fails rejects with a PlainError.
 */
export interface Relay {
  /** The longest value that it takes, bytes. */
  readonly longest: number;
  /** Whether it is reached at this moment. */
  readonly reached: boolean;
  /** Called whenever that changes; gives what ends that. */
  onReached(changed: (reached: boolean) => void): () => void;
  put(bucket: Bucket, key: string, value: Uint8Array): Promise<void>;
  /** False where something lies there already. */
  create(bucket: Bucket, key: string, value: Uint8Array): Promise<boolean>;
  /** What lies there now; undefined: nothing. */
  get(bucket: Bucket, key: string): Promise<Uint8Array | undefined>;
  remove(bucket: Bucket, key: string): Promise<void>;
  /**
   * What lies at the keys of this pattern (`*`: one word, `>`: all that follow), and then whatever changes; `caughtUp`
   * once all that lay there was given.
   */
  watch(
    bucket: Bucket,
    pattern: string,
    seen: (entry: Entry) => void,
    caughtUp?: () => void,
  ): Promise<() => void>;
  close(): Promise<void>;
}
