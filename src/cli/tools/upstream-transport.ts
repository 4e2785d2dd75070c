import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import type { StartedServer } from '../run/started-server.ts';

/** A server as `run` reaches it, for the SDK's client: what it is asked here, it is asked in the same way. */
export class UpstreamTransport implements Transport {
  private readonly server: StartedServer;
  private rest = '';
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  /** Why a request got no answer, for people. */
  fault: string | undefined;

  constructor(server: StartedServer) {
    this.server = server;
  }

  async start(): Promise<void> {
    const { upstream, ended } = this.server;
    upstream.onUnanswered?.(({ request, said }) => {
      this.fault = said;
      // The client counts its requests, so each key is that of a number.
      const id = Number(request.slice('n:'.length));
      this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32603, message: said } });
    });
    upstream.onBytes((bytes) => this.take(bytes.toString()));
    void ended.then(() => this.onclose?.());
  }

  private take(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const read = JSONRPCMessageSchema.safeParse(parsed(line));
      if (read.success) this.onmessage?.(read.data);
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.server.upstream.write(Buffer.from(`${JSON.stringify(message)}\n`));
  }

  async close(): Promise<void> {
    this.server.ender.stop();
    await this.server.ended;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
