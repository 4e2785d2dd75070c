/** What a server is to us, however it is reached: bytes to it and from it. How it ends is its stopper's matter. */
export interface Upstream {
  /** Bytes for the server, in order; dropped once it takes none any more. */
  write(bytes: Uint8Array): void;
  /** How many bytes it has not taken yet; 0 once it takes none any more. */
  readonly backlog: number;
  /** Its bytes, as they come; from the first listener on they flow. */
  onBytes(listener: (bytes: Buffer) => void): void;
  /** The first of them have come. */
  onFirstBytes(listener: () => void): void;
  /** The backlog may have become less. */
  onTaken(listener: () => void): void;
  pause(): void;
  resume(): void;
  /** Of a server of which single requests can be lost while it goes on. */
  onUnanswered?(listener: (request: Unanswered) => void): void;
}

/** How a server is ended, and how it ends by itself. Every method is safe to call twice. */
export interface Ender {
  /** Aborted once we were told to end by a signal. */
  readonly hurried: AbortSignal;
  /** The client's stream has ended. */
  inputEnded(): void;
  /** There is no use for the server any more. */
  stop(): void;
  signal(signal: NodeJS.Signals): void;
}

/** A request that the server has not answered and will not. */
export interface Unanswered {
  /** Its id's key. */
  request: string;
  /** `unsent`: no byte of it reached the server; `refused`: the server says that it did not take it. */
  outcome: 'unsent' | 'refused' | 'unknown';
  /** What happened and what to do, as sentences. */
  said: string;
}
