import type { Readable, Writable } from 'node:stream';
import { ClientInput } from './client-input.ts';
import type { ClientOutput } from './client-output.ts';
import type { Enforcer } from './enforce.ts';
import type { ListFilter } from './list-filter.ts';
import { ServerLines } from './server-lines.ts';
import { holdOutput, type ServerProcess } from './upstream/server-process.ts';

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
  /** Much waits for the policy: it is needed now. */
  policyWanted(): void;
  /** Whether the policy may hide tools: then lists of them pass through `filter`. */
  filter: ListFilter | undefined;
  /** The client's stream has ended; `reads`: it may still read the answers. Called once. */
  clientGone(reads: boolean): void;
}

/** Wires the two streams. Bytes of the server pass as they come; lines of the client go through the enforcer. */
export function relay(ends: RelayEnds): ClientInput {
  const { client, server, output, enforcer, policyWanted } = ends;
  const input = new ClientInput({ input: client.input, server, output, enforcer, policyWanted });
  const look = (): void => input.look();
  const gone = once(ends.clientGone);
  fromServer(ends, look);
  for (const event of ['drain', 'error', 'close']) server.stdin.on(event, look);
  client.output.on('drain', () => {
    server.stdout.resume();
    look();
  });
  // EPIPE, once for each write under way: nobody reads the answers any more, so nobody waits for a call either.
  client.output.on('error', () => {
    output.broke();
    server.stdout.resume();
    look();
    gone(false);
  });
  input.start(() => gone(true));
  return input;
}

function fromServer({ server, output, enforcer, filter }: RelayEnds, passed: () => void): void {
  const lines = new ServerLines(enforcer.open);
  server.stdout.on('data', (chunk: Buffer) => {
    // Passed on first: what is learned from it changes nothing about it.
    if (filter !== undefined) filter.push(chunk);
    else if (!output.relay(chunk)) server.stdout.pause();
    lines.push(chunk);
    passed();
  });
  holdOutput(server, false);
  server.stdout.resume();
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let done = false;
  return (value) => {
    if (done) return;
    done = true;
    act(value);
  };
}
