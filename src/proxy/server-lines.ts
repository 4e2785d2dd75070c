import { createHash, type Hash } from 'node:crypto';
import { sha256Hex } from '../platform/digest.ts';
import { joined } from '../protocol/join.ts';
import type { ServerAnswer } from '../protocol/server-line.ts';
import { ServerLineReader } from '../protocol/server-line-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const BRACE = 0x7b;
/** A longer list of tools is not kept, so nothing is learned from it. No server has a hundredth of this. */
const LONGEST_WHOLE = 16 * 1024 * 1024;

/** A line of the server as bytes, without its end. The digest is undefined when nobody asked for it in time. */
export interface LineBytes {
  bytes: number;
  digest: string | undefined;
  /** All of it, when it was asked for before it began and is not too long. */
  whole: Uint8Array | undefined;
  /** It holds a bracket by which an object begins: without one it is no message to anybody. */
  mayBeMessage: boolean;
}

export interface ServerLinesPorts {
  /** Whether the digest of the line that begins now may be wanted: it costs time over a long line. */
  digests(): boolean;
  /** Whether the line that begins now is wanted as a whole: it costs memory. */
  whole(): boolean;
  answer(answer: ServerAnswer, line: LineBytes): void;
  /** Not one clean message: it passes unchanged and teaches nothing. */
  odd(cause: string, line: LineBytes): void;
}

/** Follows the server's bytes as they pass, line by line, without keeping them. */
export class ServerLines {
  private readonly ports: ServerLinesPorts;
  private readonly reader = new ServerLineReader();
  private bytes = 0;
  private hash: Hash | undefined;
  /** What came of the line so far, where it is wanted as a whole. */
  private kept: Uint8Array[] | undefined;
  private brace = false;
  /** A CR is part of the line unless the LF comes right behind it. */
  private heldCr = false;

  constructor(ports: ServerLinesPorts) {
    this.ports = ports;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
      this.ends(chunk.subarray(start, lf));
      start = lf + 1;
    }
    if (start < chunk.length) this.more(chunk.subarray(start));
  }

  private more(part: Uint8Array): void {
    if (this.bytes === 0 && this.ports.digests()) this.hash = createHash('sha256');
    if (this.bytes === 0 && this.ports.whole()) this.kept = [];
    // The stream's chunk may be used again by whoever gave it.
    if (this.bytes + part.length > LONGEST_WHOLE) this.kept = undefined;
    else this.kept?.push(Uint8Array.from(part));
    if (this.heldCr) this.hash?.update('\r');
    this.heldCr = part.at(-1) === CR;
    this.hash?.update(this.heldCr ? part.subarray(0, -1) : part);
    this.bytes += part.length;
    this.brace ||= part.includes(BRACE);
    this.reader.feed(part);
  }

  private ends(part: Uint8Array): void {
    const whole = this.bytes === 0 ? withoutCr(part) : undefined;
    let line: LineBytes;
    if (whole !== undefined) {
      this.reader.feed(whole);
      line = {
        bytes: whole.length,
        whole,
        get mayBeMessage() {
          return whole.includes(BRACE);
        },
        get digest() {
          return sha256Hex(whole);
        },
      };
    } else {
      if (part.length > 0) this.more(part);
      const bytes = this.bytes - (this.heldCr ? 1 : 0);
      const kept = this.kept && joined(this.kept, this.bytes).subarray(0, bytes);
      line = { bytes, digest: this.hash?.digest('hex'), whole: kept, mayBeMessage: this.brace };
    }
    this.kept = undefined;
    this.bytes = 0;
    this.brace = false;
    this.hash = undefined;
    this.heldCr = false;
    const seen = this.reader.end();
    if ('odd' in seen) this.ports.odd(seen.odd, line);
    else if (seen.answer !== undefined) this.ports.answer(seen.answer, line);
  }
}

function withoutCr(part: Uint8Array): Uint8Array {
  return part.at(-1) === CR ? part.subarray(0, -1) : part;
}
