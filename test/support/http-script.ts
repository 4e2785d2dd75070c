import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Unanswered } from '../../src/proxy/upstream/upstream.ts';
import { remoteAddress } from '../../src/remote/address.ts';
import { Bridge, type BridgeParts } from '../../src/remote/bridge.ts';
import { HttpClient } from '../../src/remote/http/http-client.ts';
import { eventually } from './eventually.ts';

export interface Came {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** What the body says, where it is JSON. */
  json: { id?: unknown; method?: string; params?: Record<string, unknown> } | undefined;
}

export type Script = (came: Came, response: ServerResponse, all: readonly Came[]) => void;

export interface HttpServer {
  url: string;
  /** Every request whose body came whole, in order. */
  came: Came[];
  calls(): unknown[];
}

/** A server over HTTP that answers by a script. */
export async function httpServer(script: Script, host = '127.0.0.1'): Promise<HttpServer> {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('data', (chunk) => parts.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const body = Buffer.concat(parts).toString();
      const json = body.startsWith('{') ? JSON.parse(body) : undefined;
      const one = { method, path, headers, body, json };
      came.push(one);
      script(one, response, came);
    });
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/mcp`;
  const calls = (): unknown[] =>
    came.filter(({ json }) => json?.method === 'tools/call').map(({ json }) => json?.id);
  return { url, came, calls };
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const EVENTS = { 'content-type': 'text/event-stream' };

/** The answer to `initialize`, and 202 to every notification; what is left goes to `rest`. */
export function session(rest: Script, headers: Record<string, string> = { 'mcp-session-id': 'one' }): Script {
  return (came, response, all) => {
    const { method, json } = came;
    if (method === 'GET') return void response.writeHead(405).end();
    if (method === 'DELETE') return void response.writeHead(200).end();
    if (json?.method === 'initialize')
      return void response.writeHead(200, { ...JSON_TYPE, ...headers }).end(initialized(json.id));
    if (json?.id === undefined) return void response.writeHead(202).end();
    rest(came, response, all);
  };
}

export function initialized(id: unknown, version = '2025-06-18'): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    result: {
      protocolVersion: version,
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
    },
  });
}

export const INITIALIZE =
  '{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}';
export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';

export const call = (id: number, tool = 'echo'): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${tool}","arguments":{}}}`;
export const answer = (id: unknown): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[]}}`;

export interface Bridged {
  bridge: Bridge;
  lines: string[];
  unanswered: Unanswered[];
  said: string[];
  say(...lines: string[]): void;
  /** Waits until a line holds this. */
  line(part: string): Promise<string>;
  lost(request: string, ms?: number): Promise<Unanswered>;
}

/** A bridge to a server, and what comes of it. */
export async function bridged(url: string, more: Partial<BridgeParts> = {}, env = {}): Promise<Bridged> {
  const said: string[] = [];
  const bridge = new Bridge({
    address: remoteAddress(url),
    http: await HttpClient.load(env),
    headers: {},
    credentials: {
      header: async () => undefined,
      refused: async () => ({ said: 'Sign in: holdpoint login X' }),
    },
    transport: 'auto',
    say: (sentence) => said.push(sentence),
    ...more,
  });
  onTestFinished(() => bridge.close(50));
  const lines: string[] = [];
  const unanswered: Unanswered[] = [];
  bridge.onBytes((bytes) => lines.push(bytes.toString()));
  bridge.onUnanswered((one) => unanswered.push(one));
  return {
    bridge,
    lines,
    unanswered,
    said,
    say: (...all) => bridge.write(Buffer.from(all.map((line) => `${line}\n`).join(''))),
    line: (part) => eventually(`a line with ${part}`, () => lines.find((line) => line.includes(part))),
    lost: (request, ms) =>
      eventually(`the word on ${request}`, () => unanswered.find((one) => one.request === request), ms),
  };
}

/** The same with a session that stands. */
export async function inSession(url: string, more: Partial<BridgeParts> = {}): Promise<Bridged> {
  const all = await bridged(url, more);
  all.say(INITIALIZE);
  await all.line('"init"');
  all.say(INITIALIZED);
  await all.bridge.settled(5_000);
  return all;
}
