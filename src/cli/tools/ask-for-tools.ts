import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { PlainError } from '../../platform/plain-error.ts';
import { VERSION } from '../../platform/this-machine.ts';

const MOST_PAGES = 1_000;

/** Starts a server, asks for all its tools, and ends it. Rejects with a PlainError when it does not answer. */
export async function askForTools([command = '', ...args]: readonly string[]): Promise<unknown[]> {
  const client = new Client({ name: 'holdpoint', version: VERSION });
  const env = Object.fromEntries(
    Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
  );
  try {
    await client.connect(new StdioClientTransport({ command, args, env, stderr: 'inherit' }));
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
    throw new PlainError(
      `The server ${command} did not say which tools it has: ${(error as Error).message}.`,
    );
  } finally {
    await client.close();
  }
}
