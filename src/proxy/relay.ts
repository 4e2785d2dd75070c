import type { Readable, Writable } from 'node:stream';
import { LineSplitter } from '../protocol/line-splitter.ts';
import { holdOutput, type ServerProcess } from './child.ts';
import type { ClientOutput } from './client-output.ts';
import type { Enforcer } from './enforce.ts';

/** A longer line of the client is refused (DESIGN 5); a longer one of the server passes unobserved. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** Gathers what goes to the server while a chunk is worked through, and writes it at once. */
export class ServerInput {
  private readonly to: Writable;
  private parts: Uint8Array[] = [];

  constructor(to: Writable) {
    this.to = to;
  }

  add(bytes: Uint8Array): void {
    this.parts.push(bytes);
  }

  flush(): void {
    const { parts } = this;
    if (parts.length === 0) return;
    this.parts = [];
    if (this.to.destroyed || this.to.writableEnded) return;
    this.to.write(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  }
}

export interface RelayEnds {
  client: { input: Readable; output: Writable };
  server: ServerProcess;
  output: ClientOutput;
  enforcer: Enforcer;
  /** The client's stream has ended, or it no longer reads. Called once. */
  clientGone(): void;
}

/** Wires the two streams. Bytes of the server pass as they come; lines of the client go through the enforcer. */
export function relay(ends: RelayEnds): void {
  const gone = once(ends.clientGone);
  fromClient(ends, gone);
  fromServer(ends, gone);
}

function fromClient({ client, server, enforcer }: RelayEnds, gone: () => void): void {
  const lines = new LineSplitter(MAX_LINE_BYTES);
  client.input.on('data', (chunk: Buffer) => {
    enforcer.take(lines.push(chunk));
    if (server.stdin.writableNeedDrain) client.input.pause();
  });
  server.stdin.on('drain', () => client.input.resume());
  // A server that closed its input still ends in its own way; its exit tells the rest.
  server.stdin.on('error', () => client.input.resume());
  const end = (): void => {
    if (lines.pending > 0) enforcer.unfinished(lines.pending);
    gone();
  };
  client.input.once('end', end);
  client.input.once('error', end);
}

function fromServer({ client, server, output, enforcer }: RelayEnds, gone: () => void): void {
  const lines = new LineSplitter(MAX_LINE_BYTES);
  server.stdout.on('data', (chunk: Buffer) => {
    for (const line of lines.push(chunk)) if (!('overlong' in line)) enforcer.open.observe(line);
    if (!output.relay(chunk)) server.stdout.pause();
  });
  holdOutput(server, false);
  server.stdout.resume();
  client.output.on('drain', () => server.stdout.resume());
  // EPIPE, once for each write under way: nobody reads the answers any more, so nobody waits for a call either.
  client.output.on('error', () => {
    server.stdout.resume();
    gone();
  });
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
