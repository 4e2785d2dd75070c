import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { VERSION } from '../../platform/this-machine.ts';
import type { RemoteOptions } from '../../session/remote-options.ts';
import { visible } from '../../text/visible.ts';
import type { RemoteServer } from '../run/remote-server.ts';
import { UpstreamTransport } from './upstream-transport.ts';

const MOST_PAGES = 1_000;

/** Starts a server, asks for all its tools, and ends it. Rejects with a PlainError when it does not answer. */
export function askForTools([command = '', ...args]: readonly string[]): Promise<unknown[]> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
  );
  return ask(new StdioClientTransport({ command, args, env, stderr: 'inherit' }), command);
}

/** The same of a remote server, reached as `run` reaches it. */
export async function askRemote(server: RemoteServer, remote: RemoteOptions, home: Home): Promise<unknown[]> {
  const { startedRemote } = await import('../run/remote-server.ts');
  const say = (sentence: string): void => void process.stderr.write(`holdpoint: ${sentence}\n`);
  const transport = new UpstreamTransport(await startedRemote(server, remote, { home, say }));
  return ask(transport, `at ${visible(server.address.shown)}`, () => transport.fault);
}

async function ask(
  transport: Transport,
  name: string,
  fault: () => string | undefined = () => undefined,
): Promise<unknown[]> {
  const client = new Client({ name: 'holdpoint', version: VERSION });
  try {
    await client.connect(transport);
    const tools: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const result = await client.listTools(cursor === undefined ? {} : { cursor });
      tools.push(...result.tools);
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  } catch (error) {
    const why = fault() ?? `${(error as Error).message}.`;
    throw new PlainError(`The server ${name} did not say which tools it has: ${why}`);
  } finally {
    await client.close();
  }
}
