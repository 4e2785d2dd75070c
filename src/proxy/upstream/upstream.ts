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
}
