import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { initialized } from './http-script.ts';

/** A request as it stands on the wire. */
export interface RawRequest {
  method: string;
  headers: string;
  json: { id?: unknown; method?: string } | undefined;
  /** Head and body together. */
  bytes: number;
}

export interface RawServer {
  url: string;
  /** Ids of the calls that it ran: of which it read every byte. */
  ran: unknown[];
  connections(): number;
}

export interface RawPlan {
  /** Of the next call: after how many of its bytes the connection is cut, and how. Undefined: it is read whole. */
  readAtMost?(): number | undefined;
  /** What is written in return, and whether the connection is cut behind it. */
  reply(request: RawRequest): { bytes: string; cut: 'end' | 'reset' | undefined };
  reset?: boolean;
}

/** HTTP by hand over bare sockets, which can stop at every byte. */
export async function rawServer(plan: RawPlan): Promise<RawServer> {
  const ran: unknown[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    let read = Buffer.alloc(0);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      read = Buffer.concat([read, chunk]);
      const most = isCall(read) ? plan.readAtMost?.() : undefined;
      if (most !== undefined && read.length >= most)
        return void cut(socket, plan.reset === true ? 'reset' : 'end');
      for (let request = requestIn(read); request !== undefined; request = requestIn(read)) {
        read = read.subarray(request.bytes);
        if (request.json?.method === 'tools/call') ran.push(request.json.id);
        const { bytes, cut: how } = own(request) ?? plan.reply(request);
        socket.write(bytes, () => how && cut(socket, how));
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, ran, connections: () => connections };
}

/** With a body of known length, unless it says otherwise. */
export function reply(head: string, body: string): string {
  return `HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function chunked(type: string, ...parts: string[]): string {
  const chunks = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`);
  return `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`;
}

function own({ method, json, headers }: RawRequest): { bytes: string; cut: undefined } | undefined {
  const said = (bytes: string) => ({ bytes, cut: undefined });
  if (method === 'DELETE') return said(reply('200 OK', ''));
  if (method === 'GET' && !headers.includes('last-event-id')) return said(reply('405 No', ''));
  if (json?.method === 'initialize')
    return said(
      reply('200 OK\r\ncontent-type: application/json\r\nmcp-session-id: one', initialized(json.id)),
    );
  return json !== undefined && json.id === undefined ? said(reply('202 Accepted', '')) : undefined;
}

function isCall(read: Buffer): boolean {
  return (
    read.length > 0 &&
    read.toString('latin1', 0, 4) === 'POST'.slice(0, Math.min(4, read.length)) &&
    read.includes('tools/call')
  );
}

function requestIn(read: Buffer): RawRequest | undefined {
  const end = read.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const headers = read.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/.exec(headers)?.[1] ?? 0);
  const bytes = end + 4 + length;
  if (read.length < bytes) return undefined;
  const body = read.toString('utf8', end + 4, bytes);
  const json = body === '' ? undefined : JSON.parse(body);
  return { method: headers.split(' ')[0] ?? '', headers, json, bytes };
}

function cut(socket: Socket, how: 'end' | 'reset'): void {
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}
