/** A message of the copy of a log. */
export interface CopyMessage {
  subject: string;
  /** Its place in the whole stream. */
  sequence: number;
  value: Uint8Array;
}

/** What the stream says of itself. */
export interface StreamFacts {
  /** When it was made; ISO 8601. */
  made: string;
  /** How many messages were ever added, and how many there are. */
  added: number;
  there: number;
  /** Whether it refuses deletion and purge. */
  guarded: boolean;
}

/** The stream that keeps copies of a team's logs. Whatever fails rejects with a PlainError. */
export interface LogRelay {
  /** The longest value that it takes, bytes. */
  readonly longest: number;
  /** The last message of a subject; undefined: there is none. */
  last(subject: string): Promise<CopyMessage | undefined>;
  /**
   * Adds one behind that one (0: it is the first of its subject), and gives its place. `moved`: another one is there
   * already.
   */
  append(subject: string, value: Uint8Array, after: number): Promise<number | 'moved'>;
  /** All messages of these subjects, oldest first; `each`: only the last one of each subject. */
  read(subjects: string, which: 'all' | 'last', each: (message: CopyMessage) => void): Promise<void>;
  facts(): Promise<StreamFacts>;
}
