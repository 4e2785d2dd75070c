import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { cleanEnv } from './proxy-process.ts';

/** What both generations of the SDK's client can do, as far as tests need it. */
export interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: Call, onprogress?: (progress: number) => void): Promise<unknown>;
  readResource(params: { uri: string }): Promise<unknown>;
  getPrompt(params: { name: string; arguments: Record<string, string> }): Promise<unknown>;
  listChanges(): number;
  /** What the server has logged so far, in order. */
  logged(): unknown[];
  server(): { name: string; version: string } | undefined;
  /** The negotiated protocol version. */
  version(): string | undefined;
}

export interface Call {
  name: string;
  arguments?: Record<string, unknown>;
}

/** To the address of a server, or to what these words start. */
type Connect = (to: string[] | URL) => Promise<AnyClient>;

const INFO = { name: 'matrix', version: '1' };
const YES = { action: 'accept' as const, content: { sure: true } };
/** A server of 2026-07-28 logs only for a request that asks for it. */
const LOGS = { _meta: { 'io.modelcontextprotocol/logLevel': 'info' } };
const capabilities = { elicitation: { form: {} } };

const stdio = (words: string[]) => ({
  command: process.execPath,
  args: words,
  env: cleanEnv(),
  stderr: 'ignore' as const,
});

async function v1(to: string[] | URL): Promise<AnyClient> {
  const changes: unknown[] = [];
  const logged: unknown[] = [];
  const client = new ClientV1(INFO, {
    capabilities,
    listChanged: {
      tools: { autoRefresh: false, debounceMs: 0, onChanged: (error) => void changes.push(error) },
    },
  });
  client.setRequestHandler(ElicitRequestSchema, () => YES);
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logged.push(params));
  // This client tells only its transport which version it agreed on.
  let version: string | undefined;
  const transport = Object.assign(to instanceof URL ? new HttpV1(to) : new StdioV1(stdio(to)), {
    setProtocolVersion: (agreed: string) => {
      version = agreed;
    },
  });
  await client.connect(transport as Transport);
  onTestFinished(() => client.close());
  return {
    listTools: () => client.listTools(),
    callTool: (call, onprogress) =>
      client.callTool(call, undefined, onprogress && { onprogress: ({ progress }) => onprogress(progress) }),
    readResource: (params) => client.readResource(params),
    getPrompt: (params) => client.getPrompt(params),
    listChanges: () => changes.length,
    logged: () => logged,
    server: () => client.getServerVersion(),
    version: () => version,
  };
}

function v2(mode: 'legacy' | 'auto'): Connect {
  return async (to) => {
    const changes: unknown[] = [];
    const logged: unknown[] = [];
    const client = new ClientV2(INFO, {
      capabilities,
      versionNegotiation: { mode },
      listChanged: {
        tools: { autoRefresh: false, debounceMs: 0, onChanged: (error) => void changes.push(error) },
      },
    });
    client.setRequestHandler('elicitation/create', () => YES);
    client.setNotificationHandler('notifications/message', ({ params }) => void logged.push(params));
    await client.connect(to instanceof URL ? new HttpV2(to) : new StdioV2(stdio(to)));
    onTestFinished(() => client.close());
    return {
      listTools: () => client.listTools(),
      callTool: (call, onprogress) =>
        client.callTool(
          { ...call, ...LOGS },
          onprogress && { onprogress: ({ progress }) => onprogress(progress) },
        ),
      readResource: (params) => client.readResource(params),
      getPrompt: (params) => client.getPrompt(params),
      listChanges: () => changes.length,
      logged: () => logged,
      server: () => client.getServerVersion(),
      version: () => client.getNegotiatedProtocolVersion(),
    };
  };
}

export const CLIENTS: [string, Connect][] = [
  ['SDK v1', v1],
  ['SDK v2, legacy', v2('legacy')],
  ['SDK v2, auto', v2('auto')],
];
