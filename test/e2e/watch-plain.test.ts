import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { ONE_KEY, recordsOf } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

function plain(home: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [BIN, 'watch', '--plain', '--home', home], {
    stdio: 'pipe',
    env: cleanEnv(env),
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const exit = new Promise((settle) => child.once('close', settle));
  return {
    say: (line: string) => child.stdin.write(`${line}\n`),
    shows: (what: string) => eventually(`"${what}" in:\n${text}`, () => text.includes(what)),
    text: () => text,
    exit,
  };
}

describe('watch --plain', () => {
  it('tells of a held call line by line and takes the answer', async () => {
    const server = await toolsProxy({ escalate: [ONE_KEY] });
    const watch = plain(server.home);
    await watch.shows('Attached to srv.');
    server.proxy.call(1, 'echo', { text: 'a\n\u001b[2Jb' });
    const { id } = await oneHold(server.home);
    await watch.shows(`${id} waits: echo on srv`);
    await watch.shows('| \\u{001b}[2Jb');
    watch.say(`approve ${id}`);
    await watch.shows('The call was forwarded');
    await server.proxy.answer(1);
    expect(server.executed()).toEqual(['echo']);
    expect(watch.text()).not.toContain('\u001b');
    watch.say('quit');
    expect(await watch.exit).toBe(0);
  });

  it('rejects with a reason and says what it does not know', async () => {
    const server = await toolsProxy({});
    const watch = plain(server.home);
    server.proxy.call(1, 'echo', {});
    const { id } = await oneHold(server.home);
    await watch.shows(id);
    watch.say('approve zzzzz');
    await watch.shows('No call zzzzz waits.');
    watch.say('what');
    watch.say(`reject ${id} too soon`);
    expect(await server.proxy.text(1)).toContain('Reason: too soon.');
  });

  it('approves nothing for the client that made the call, whatever it pipes in', async () => {
    const server = await toolsProxy({ approvals: { cli: 'person' } });
    const watch = plain(server.home);
    server.proxy.call(1, 'echo', {});
    const { id } = await oneHold(server.home);
    await watch.shows(id);
    watch.say(`approve ${id}`);
    watch.say(`approve ${id}`);
    await watch.shows('This shell belongs to the MCP client that made the call');
    watch.say('quit');
    await watch.exit;
    expect(server.executed()).toEqual([]);
    const faults = recordsOf(server.home, 'fault');
    expect(faults).toEqual([
      expect.objectContaining({
        cause: 'approval-refused',
        what: expect.stringContaining(`approve ${id}: This shell belongs to the MCP client`),
        by: expect.objectContaining({ method: 'watch' }),
      }),
    ]);
  });
});
