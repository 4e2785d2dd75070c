import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Whole lines of a file, with their LFs; a torn one is alone and has none. Valid until the next ones are asked for. */
export interface LineChunk {
  bytes: Buffer;
  /** Where in the file they begin. */
  offset: number;
  torn: boolean;
}

/** Stays in the processor's cache while it is looked through. */
const CHUNK = 256 * 1024;
const LEAST = 4 * 1024;
const LF = 0x0a;

/** A file in pieces of whole lines, from a byte on. Throws errors of the system. */
export function* lineChunks(path: string, from = 0): Generator<LineChunk> {
  const fd = openSync(path, 'r');
  try {
    // No longer than the file, though one that grows is read on: most files are short, and there may be thousands.
    let buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(LEAST, fstatSync(fd).size)));
    /** Bytes at the buffer's beginning that were read before, of a line without its end; where they stand in the file. */
    let kept = 0;
    let offset = from;
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer], 2 * kept);
      const read = readSync(fd, buffer, kept, buffer.length - kept, offset + kept);
      const filled = kept + read;
      if (read === 0) {
        if (filled > 0) yield { bytes: buffer.subarray(0, filled), offset, torn: true };
        return;
      }
      const end = buffer.subarray(0, filled).lastIndexOf(LF) + 1;
      if (end > 0) yield { bytes: buffer.subarray(0, end), offset, torn: false };
      buffer.copyWithin(0, end, filled);
      kept = filled - end;
      offset += end;
    }
  } finally {
    closeSync(fd);
  }
}
