import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold, type Ran } from '../support/cli.ts';
import { DefinedServer, READ, WRITE } from '../support/defined-server.ts';
import { recordsOf } from '../support/home.ts';

/** A server whose tools somebody accepted by approving its first call. */
async function accepted(): Promise<DefinedServer> {
  const server = await DefinedServer.start([READ, WRITE]);
  await server.list();
  server.proxy.call(1, 'get_note', { id: 'a' });
  const hold = await oneHold(server.home);
  await approveHold(server.home, hold.id);
  await server.proxy.text(1);
  return server;
}
/** Sessions look for what was said ten times a second. */
async function say({ home }: DefinedServer, ...words: string[]): Promise<Ran> {
  const ran = await holdpoint(home, ['tools', 'class', ...words, '--yes']);
  await sleep(150);
  return ran;
}

describe('holdpoint tools class', () => {
  it('holds at once what was taken for a read, until it is taken back', async () => {
    const server = await accepted();
    const { proxy, home } = server;
    const said = await say(server, 'notes/get_note', 'outbound');
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('It counts at once')]);
    proxy.call(2, 'get_note', { id: 'b' });
    const hold = await oneHold(home);
    expect(hold).toMatchObject({ reason: expect.stringContaining('it is of class outbound') });
    await holdpoint(home, ['reject', hold.id]);
    await proxy.answer(2);
    expect((await say(server, 'notes/get_note', 'auto')).code).toBe(0);
    proxy.call(3, 'get_note', { id: 'c' });
    expect(await proxy.text(3)).toBe('ran get_note');
    await proxy.end();
    expect(recordsOf(home, 'pin')).toMatchObject([
      { event: 'accepted' },
      { event: 'class', tool: 'get_note', class: 'outbound', by: { name: expect.any(String) } },
      { event: 'class', tool: 'get_note', class: 'auto' },
    ]);
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it('lets run as a plain read what a person says is one, and nothing else', async () => {
    const server = await accepted();
    await say(server, 'notes/delete_note', 'read');
    server.proxy.call(2, 'delete_note', { id: 'b' });
    expect(await server.proxy.text(2)).toBe('ran delete_note');
    const { stdout } = await holdpoint(server.home, ['tools', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { tool: 'get_note', risk: 'read' },
      { tool: 'delete_note', risk: 'read', sure: true, why: ['you said so (without that: destructive)'] },
    ]);
    const explained = await holdpoint(server.home, ['policy', 'explain', 'notes/delete_note']);
    expect(explained.code).toBe(0);
  });

  it('counts no more once the tool is another, and is kept when another tool is accepted anew', async () => {
    const server = await accepted();
    const { proxy, home } = server;
    await say(server, 'notes/delete_note', 'read');
    server.tools([{ ...READ, description: 'Reads a note, quickly.' }, WRITE]);
    await server.list();
    proxy.call(2, 'get_note', {});
    await holdpoint(home, ['reject', (await oneHold(home)).id]);
    expect((await holdpoint(home, ['tools', 'accept', 'notes', '--yes'])).code).toBe(0);
    proxy.call(3, 'delete_note', { id: 'b' });
    expect(await proxy.text(3)).toBe('ran delete_note');
    server.tools([READ, { ...WRITE, description: 'Deletes a note, and its copies.' }]);
    await server.list();
    proxy.call(4, 'delete_note', { id: 'c' });
    expect(await oneHold(home)).toMatchObject({ rule: 'builtin:changed-tool' });
  });

  it('writes a line that can be sent: the definition and both classes, no server and no arguments', async () => {
    const server = await accepted();
    await say(server, 'notes/get_note', 'write');
    const lines = readFileSync(join(server.home, 'corrections.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { is: 'write', was: 'read', why: expect.any(Array), definition: READ },
    ]);
  });

  it('is detected when somebody writes it into the state by hand', async () => {
    const server = await accepted();
    await server.proxy.end();
    const file = join(server.home, 'state/pins.json');
    const pins = JSON.parse(readFileSync(file, 'utf8'));
    pins.servers.notes.tools.delete_note.class = 'read';
    writeFileSync(file, JSON.stringify(pins));
    const again = await server.again();
    await again.list();
    again.proxy.call(1, 'delete_note', { id: 'b' });
    await again.proxy.text(1);
    await again.proxy.end();
    const { code, stdout } = await holdpoint(server.home, ['audit', 'verify']);
    expect([code, stdout]).toEqual([5, expect.stringContaining('accepted tools that no record')]);
  });

  it.for([
    [['notes/get_note', 'harmless'], 'is none of read, write'],
    [['get_note', 'read'], 'has no server'],
    [['notes/nothing', 'read'], 'No tool "nothing" of notes was accepted'],
    [['other/x', 'read'], 'Nothing is known of a server "other"'],
  ] as const)('%j is refused in a sentence', async ([words, said]) => {
    const server = await accepted();
    const ran = await say(server, ...words);
    expect([ran.code === 0, ran.stderr]).toEqual([false, expect.stringContaining(said)]);
  });

  it('is refused to an agent, and that is recorded', async () => {
    const server = await accepted();
    const ran = await holdpoint(server.home, ['tools', 'class', 'notes/delete_note', 'read', '--yes'], {
      CLAUDECODE: '1',
    });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('agent')]);
    expect(recordsOf(server.home, 'fault')).toMatchObject([{ cause: 'class-refused' }]);
  });
});
