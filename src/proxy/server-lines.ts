import { createHash, type Hash } from 'node:crypto';
import { sha256Hex } from '../platform/digest.ts';
import { type Hidden, withoutHidden } from '../protocol/hidden-tools.ts';
import { joined } from '../protocol/join.ts';
import { withoutEnd } from '../protocol/line-splitter.ts';
import { QuickAnswer } from '../protocol/quick-answer.ts';
import type { ServerAnswer } from '../protocol/server-line.ts';
import { ServerLineReader } from '../protocol/server-line-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
const BRACE = 0x7b;
/**
 * A longer list of tools is not kept: nothing is learned from it, and it passes as it is (what is hidden is denied all
 * the same). No server has a hundredth of this.
 */
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
  /** Whether the line that begins now may be a list of tools, and is wanted as a whole: it costs memory. */
  whole(): boolean;
  /** Whether the line that begins now may be the answer to a call that a person changed. */
  awaitsWord(): boolean;
  /** That answer's line with what its client is told; any other line as it is. */
  withWord(answer: ServerAnswer, line: Uint8Array): Uint8Array;
  /** Whether an answer is one to `tools/list`. */
  isList(answer: ServerAnswer): boolean;
  answer(answer: ServerAnswer, line: LineBytes): void;
  /** Not one clean message: it passes unchanged and teaches nothing. */
  odd(cause: string, line: LineBytes): void;
}

export interface ServerLinesWay {
  /** To the client. */
  relay(bytes: Uint8Array): void;
  /**
   * Set where tools may have to leave the lists: a line that may be a list is then held back until its end.
   * `unknown`: the policy is not there yet, and `release` will be called when it is.
   */
  hidden: (() => Hidden | 'unknown' | undefined) | undefined;
}

/**
 * The server's bytes on their way to the client, read line by line as they pass: each is relayed first, for what is
 * learned from it changes nothing about it. Only what may be a list from which tools have to be taken, or the answer
 * to a call that a person changed, is held back until its line has ended.
 */
export class ServerLines {
  private readonly ports: ServerLinesPorts;
  private readonly way: ServerLinesWay;
  private readonly reader = new ServerLineReader();
  private readonly quick = new QuickAnswer();
  private bytes = 0;
  private hash: Hash | undefined;
  /** What came of the line so far, where it is wanted as a whole. */
  private kept: Uint8Array[] | undefined;
  /** The line in hand has not been relayed: `kept` is all of it. */
  private held = false;
  private brace = false;
  /** A CR is part of the line unless the LF comes right behind it. */
  private heldCr = false;
  /** A list that waits for the policy, and what came behind it. */
  private waiting: { list: Uint8Array; behind: Uint8Array[] } | undefined;

  constructor(ports: ServerLinesPorts, way: ServerLinesWay) {
    this.ports = ports;
    this.way = way;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      // The stream's chunk may be used again by whoever gave it.
      if (this.waiting !== undefined) return void this.waiting.behind.push(Uint8Array.from(rest));
      if (!this.mayHold()) {
        this.way.relay(rest);
        return this.follow(rest);
      }
      const lf = rest.indexOf(LF);
      const part = lf === -1 ? rest : rest.subarray(0, lf + 1);
      const passes = this.bytes > 0 && !this.held;
      if (passes) this.way.relay(part);
      this.follow(part);
      rest = rest.subarray(part.length);
    }
  }

  /** The policy is there, or there will be none. */
  release(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    this.deliver(waiting.list);
    for (const chunk of waiting.behind) this.push(chunk);
  }

  /** The server will write no more: what is left of a line goes as it is. */
  end(): void {
    this.release();
    this.letGo();
  }

  private mayHold(): boolean {
    if (this.held || this.ports.awaitsWord()) return true;
    return this.way.hidden !== undefined && this.ports.whole();
  }

  private follow(chunk: Uint8Array): void {
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
      this.ends(chunk, start, lf);
      start = lf + 1;
    }
    if (start < chunk.length) this.more(chunk.subarray(start));
  }

  private begins(): void {
    if (this.ports.digests()) this.hash = createHash('sha256');
    if (this.ports.whole() || this.ports.awaitsWord()) this.kept = [];
    this.held = this.mayHold();
  }

  private more(part: Uint8Array): void {
    if (this.bytes === 0) this.begins();
    this.kept?.push(Uint8Array.from(part));
    if (this.heldCr) this.hash?.update('\r');
    this.heldCr = part.at(-1) === CR;
    this.hash?.update(this.heldCr ? part.subarray(0, -1) : part);
    this.bytes += part.length;
    if (this.bytes > LONGEST_WHOLE) this.letGo();
    this.brace ||= part.includes(BRACE);
    this.reader.feed(part);
  }

  /** The line's LF stands at `lf` in the chunk; what is left of it began at `start`. */
  private ends(chunk: Uint8Array, start: number, lf: number): void {
    if (this.bytes === 0) {
      if (!this.mayHold()) {
        const answer = this.quick.read(chunk, start, lf);
        if (answer !== undefined) return this.ports.answer(answer, new WholeLine(chunk, start, lf));
      }
      const raw = chunk.subarray(start, lf + 1);
      const whole = withoutEnd(raw);
      this.reader.feed(whole);
      return this.ended(raw, this.mayHold(), new WholeLine(chunk, start, start + whole.length));
    }
    if (start < lf) this.more(chunk.subarray(start, lf));
    const bytes = this.bytes - (this.heldCr ? 1 : 0);
    const raw = this.kept && joined([...this.kept, chunk.subarray(lf, lf + 1)], this.bytes + 1);
    const whole = raw?.subarray(0, bytes);
    const line = { bytes, digest: this.hash?.digest('hex'), whole, mayBeMessage: this.brace };
    const { held } = this;
    this.kept = undefined;
    this.hash = undefined;
    this.bytes = 0;
    this.held = this.brace = this.heldCr = false;
    this.ended(raw, held, line);
  }

  private ended(raw: Uint8Array | undefined, held: boolean, line: LineBytes): void {
    const seen = this.reader.end();
    const answer = 'odd' in seen ? undefined : seen.answer;
    if (held && raw !== undefined) {
      if (answer === undefined) this.way.relay(raw);
      else if (this.ports.isList(answer)) this.deliver(raw);
      else this.way.relay(this.ports.withWord(answer, raw));
    }
    if ('odd' in seen) this.ports.odd(seen.odd, line);
    else if (answer !== undefined) this.ports.answer(answer, line);
  }

  private deliver(list: Uint8Array): void {
    const hidden = this.way.hidden?.();
    if (hidden === 'unknown') this.waiting = { list: Uint8Array.from(list), behind: [] };
    else this.way.relay(hidden === undefined ? list : withoutHidden(list, hidden));
  }

  /** What is kept of a line is kept no longer. */
  private letGo(): void {
    if (this.held) for (const part of this.kept ?? []) this.way.relay(part);
    this.kept = undefined;
    this.held = false;
  }
}

/** A line that came whole in its chunk: nothing of it is worked out before it is asked for. */
class WholeLine implements LineBytes {
  private readonly chunk: Uint8Array;
  private readonly start: number;
  private readonly end: number;

  /** `end`: exclusive, the line's end not included. */
  constructor(chunk: Uint8Array, start: number, end: number) {
    this.chunk = chunk;
    this.start = start;
    this.end = end;
  }

  get bytes(): number {
    return this.end - this.start;
  }

  get whole(): Uint8Array {
    return this.chunk.subarray(this.start, this.end);
  }

  get mayBeMessage(): boolean {
    return this.whole.includes(BRACE);
  }

  get digest(): string {
    return sha256Hex(this.whole);
  }
}
