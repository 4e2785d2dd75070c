import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { readTools } from '../../src/cli/tools/saved-lists.ts';
import { newFolder } from '../support/home.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the pack for filesystem', () => {
  it('knows the tools that the real server lists, with their arguments', async () => {
    const server = join(ROOT, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [server, newFolder()], stderr: 'ignore' }),
    );
    const { tools } = await client.listTools();
    await client.close();
    const saved = readTools([`filesystem=${join(ROOT, 'policies/filesystem/tools.json')}`]);
    const argumentsOf = (schema: unknown): string[] =>
      Object.keys((schema as { properties?: object } | undefined)?.properties ?? {}).sort();
    expect(tools.map(({ name, inputSchema }) => [name, argumentsOf(inputSchema)]).sort()).toEqual(
      saved.map(({ tool, inputSchema }) => [tool, argumentsOf(inputSchema)]).sort(),
    );
  });
});
