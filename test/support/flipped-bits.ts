import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A file of which one bit at a time is another. In place: a file that is cut and written anew waits for the disk. */
export class FlippedBits {
  private readonly bytes: Buffer;
  private readonly fd: number;

  constructor(path: string) {
    this.bytes = readFileSync(path);
    this.fd = openSync(path, 'r+');
  }

  /** What is seen while this bit is flipped, counted from the first byte's lowest; after it the file is as it was. */
  flipped<T>(bit: number, see: () => T): T {
    const at = bit >> 3;
    const byte = this.bytes[at];
    if (byte === undefined) throw new RangeError(`The file has no bit ${bit}.`);
    writeSync(this.fd, Uint8Array.of(byte ^ (1 << (bit & 7))), 0, 1, at);
    try {
      return see();
    } finally {
      writeSync(this.fd, Uint8Array.of(byte), 0, 1, at);
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}
