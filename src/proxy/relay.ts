import type { Readable, Writable } from 'node:stream';
import { ClientInput } from './client-input.ts';
import type { ClientOutput } from './client-output.ts';
import type { Enforcer } from './enforce.ts';
import type { ServerLines } from './server-lines.ts';
import type { Upstream } from './upstream/upstream.ts';

/** Gathers what goes to the server while a chunk is worked through, and writes it at once. */
export class ServerInput {
  private readonly to: Upstream;
  private parts: Uint8Array[] = [];

  constructor(to: Upstream) {
    this.to = to;
  }

  add(bytes: Uint8Array): void {
    this.parts.push(bytes);
  }

  flush(): void {
    const { parts } = this;
    if (parts.length === 0) return;
    this.parts = [];
    const [only, ...more] = parts;
    if (only !== undefined) this.to.write(more.length === 0 ? only : Buffer.concat(parts));
  }
}

export interface RelayEnds {
  client: { input: Readable; output: Writable };
  server: Upstream;
  output: ClientOutput;
  enforcer: Enforcer;
  /** Much waits for the policy: it is needed now. */
  policyWanted(): void;
  /** Every byte of the server goes through it, and on to `output`. */
  lines: ServerLines;
  /** The client's stream has ended; `reads`: it may still read the answers. Called once. */
  clientGone(reads: boolean): void;
}

/** Wires the two streams. Bytes of the server pass as they come; lines of the client go through the enforcer. */
export function relay(ends: RelayEnds): ClientInput {
  const { client, server, output, enforcer, lines, policyWanted } = ends;
  const input = new ClientInput({ input: client.input, server, output, enforcer, policyWanted });
  const look = (): void => input.look();
  const gone = once(ends.clientGone);
  server.onBytes((chunk) => {
    lines.push(chunk);
    look();
  });
  server.onTaken(look);
  client.output.on('drain', () => {
    server.resume();
    look();
  });
  // EPIPE, once for each write under way: nobody reads the answers any more, so nobody waits for a call either.
  client.output.on('error', () => {
    output.broke();
    server.resume();
    look();
    gone(false);
  });
  input.start(() => gone(true));
  return input;
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let done = false;
  return (value) => {
    if (done) return;
    done = true;
    act(value);
  };
}
