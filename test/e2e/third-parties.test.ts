import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, oneHold } from '../support/cli.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { BIN } from '../support/proxy-process.ts';
import { type AnyClient, CLIENTS } from '../support/sdk-clients.ts';

const MODULES = resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol');
const FILESYSTEM = join(MODULES, 'server-filesystem/dist/index.js');
const EVERYTHING = join(MODULES, 'server-everything/dist/index.js');

const textOf = (result: unknown): string =>
  (result as { content: { text?: string }[] }).content[0]?.text ?? '';

describe.each(CLIENTS)('%s', (_, connect) => {
  it('reads, asks before it writes, and is denied through the wrapped filesystem server', async () => {
    const folder = newFolder();
    const home = newHome({ deny: ['filesystem/move_file'], allow: ['filesystem/{read,list}_*'] });
    writeFileSync(join(folder, 'there.txt'), 'hello');
    const client = await connect([BIN, 'run', '--home', home, '--', process.execPath, FILESYSTEM, folder]);
    const read = await client.callTool({
      name: 'read_text_file',
      arguments: { path: join(folder, 'there.txt') },
    });
    expect(textOf(read)).toBe('hello');
    const path = join(folder, 'new.txt');
    const writing = client.callTool({ name: 'write_file', arguments: { path, content: 'approved' } });
    const { id, server } = await oneHold(home);
    expect([server, existsSync(path)]).toEqual(['filesystem', false]);
    await approveHold(home, id);
    expect(textOf(await writing)).toContain('Successfully wrote');
    expect(readFileSync(path, 'utf8')).toBe('approved');
    const moved = await client.callTool({
      name: 'move_file',
      arguments: { source: path, destination: `${path}2` },
    });
    expect(moved).toMatchObject({ isError: true });
    expect(textOf(moved)).toContain("The user's policy denies this call");
    expect(existsSync(path)).toBe(true);
    expect(recordsOf(home, 'decision').map((record) => record['effect'])).toEqual([
      'allow',
      'escalate',
      'deny',
    ]);
  });

  it('gets the same from server-everything with holdpoint in between as without', async () => {
    const home = newHome({ allow: ['*'], servers: { everything: { newTools: 'policy' } } });
    const direct = await connect([EVERYTHING]);
    const wrapped = await connect([BIN, 'run', '--home', home, '--', process.execPath, EVERYTHING]);
    expect(await wrapped.listTools()).toEqual(await direct.listTools());
    for (const call of [
      { name: 'echo', arguments: { message: 'naïve \u{1f680}' } },
      { name: 'get-sum', arguments: { a: 2, b: 40 } },
      { name: 'get-structured-content', arguments: { location: 'New York' } },
      { name: 'get-annotated-message', arguments: { messageType: 'error', includeImage: true } },
      { name: 'echo', arguments: {} },
      { name: 'no-such-tool' },
    ]) {
      const outcome = (client: AnyClient) =>
        client.callTool(call).catch((error: Error) => `threw ${error.message}`);
      expect(await outcome(wrapped)).toEqual(await outcome(direct));
    }
  });
});
