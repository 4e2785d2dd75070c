import type { Readable } from 'node:stream';
import { LineSplitter } from '../protocol/line-splitter.ts';
import type { ClientOutput } from './client-output.ts';
import type { Enforcer } from './enforce.ts';
import type { Upstream } from './upstream/upstream.ts';

/** A longer line of the client is refused. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

const MiB = 1024 * 1024;
/**
 * What a server that does not read leaves with us. More than a stream's own mark, because behind it in the same
 * pipe come the cancellation of a held call and the end of the input, which concern us and not the server.
 */
const MAX_TO_SERVER = 1 * MiB;
/**
 * Answers of ours that the client has not read. Far more than the server's bytes may take, which stop the server
 * alone: a client that writes much before it reads anything must not meet a proxy that waits for it to read.
 */
const MAX_TO_CLIENT = 4 * MiB;
/** What may wait for the policy. A short line that waits costs more than its bytes. */
const MAX_EARLY = 4 * MiB;
const LINE_COST = 512;

export interface InputEnds {
  input: Readable;
  server: Upstream;
  output: ClientOutput;
  enforcer: Enforcer;
  /** Much waits for the policy: it is needed now. */
  policyWanted(): void;
}

/** Reads the client line by line into the enforcer, and stops reading while that would only pile up. */
export class ClientInput {
  private readonly ends: InputEnds;
  private readonly lines = new LineSplitter(MAX_LINE_BYTES, Buffer.concat);
  private early = 0;
  private decided = false;
  private paused = false;
  private over = false;

  constructor(ends: InputEnds) {
    this.ends = ends;
  }

  /** Begins to read. `ended` is called when the client's stream has, once or more. */
  start(ended: () => void): void {
    const { input, enforcer } = this.ends;
    input.on('data', (chunk: Buffer) => this.take(chunk));
    input.once('end', () => {
      if (this.lines.pending > 0) enforcer.unfinished(this.lines.pending);
      ended();
    });
    input.on('error', ended);
    input.once('close', ended);
  }

  /** Calls wait for the policy no more, nor for a part of it. */
  policySettled(): void {
    this.decided = true;
    this.early = 0;
    this.look();
  }

  /** The server is gone: nothing that the client says now can be carried out. */
  serverEnded(): void {
    this.over = true;
    this.look();
  }

  /** Something that input was stopped for may be over. */
  look(): void {
    const full = this.full();
    if (full === this.paused) return;
    this.paused = full;
    if (full) this.ends.input.pause();
    else this.ends.input.resume();
  }

  /** A part of the policy may be wanted later: then calls wait once more. */
  private get waits(): boolean {
    return !this.decided || this.ends.enforcer.waits;
  }

  private take(chunk: Buffer): void {
    const lines = this.lines.push(chunk);
    if (this.waits) this.early += chunk.length + lines.length * LINE_COST;
    this.ends.enforcer.take(lines);
    this.look();
  }

  private full(): boolean {
    if (this.over) return true;
    const { server, output, policyWanted } = this.ends;
    if (this.waits && this.early > MAX_EARLY) {
      policyWanted();
      return true;
    }
    return server.backlog > MAX_TO_SERVER || output.unread > MAX_TO_CLIENT;
  }
}
