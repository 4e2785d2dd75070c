import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { initApprover, PASSPHRASE } from '../support/approver.ts';
import { holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

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

/** Types the approval of a call, which may still be taken back. */
async function approvesOne(server: ToolsProxy, terminal: Terminal): Promise<string> {
  await terminal.shows('Attached to srv.');
  server.proxy.call(1, 'echo', { path: '/srv/orders.csv' });
  const { id } = await oneHold(server.home);
  await terminal.shows(`approve ${id} orders.csv`);
  terminal.type(`approve ${id} orders.csv\r`);
  await terminal.shows('undo takes it back');
  return id;
}

describe('watch --plain', () => {
  it('stops everything once that is confirmed, and tells of it and of its end', async () => {
    const server = await toolsProxy({ escalate: [ONE_KEY] });
    const { home, proxy } = server;
    const watch = plain(home);
    await watch.shows('Attached to srv.');
    watch.say('stop It deletes mail');
    await watch.shows('Type yes to stop.');
    watch.say('no');
    await watch.shows('Nothing was stopped.');
    expect(recordsOf(home, 'stop')).toEqual([]);
    watch.say('stop It deletes mail');
    await eventually('another question', () => watch.text().split('Type yes to stop.').length === 3);
    watch.say('yes');
    await watch.shows('Everything is stopped since');
    proxy.call(1, 'echo', {});
    expect(await proxy.text(1)).toContain('Reason: It deletes mail.');
    watch.say('stop');
    await watch.shows('To go on: holdpoint resume.');
    await holdpoint(home, ['resume']);
    await watch.shows('Resumed: calls are decided by the policy again.');
    watch.say('quit');
    await watch.exit;
    expect(server.executed()).toEqual([]);
  });

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

  it('lists what waits, shows the text as it stands, and rejects several at once', async () => {
    const server = await toolsProxy({});
    const watch = plain(server.home);
    server.proxy.call(1, 'echo', { sql: 'SELECT 1; DROP TABLE x' });
    server.proxy.call(2, 'echo', { sql: 'SELECT 2' });
    await eventually('two calls', () => watch.text().split(' waits: ').length === 3);
    const [one, two] = [...watch.text().matchAll(/(\w+) waits: /g)].map(([, id]) => id);
    await watch.shows('Statement 2 of 2 drops a table');
    watch.say('list');
    await watch.shows(`${one}  ▲ unknown  srv/echo  SELECT 1; DROP TABLE x`);
    watch.say(`plain ${one}`);
    await watch.shows('"sql": "SELECT 1; DROP TABLE x"');
    watch.say('undo');
    await watch.shows('There is no answer to take back');
    watch.say(`reject ${one},${two} not today`);
    expect(await server.proxy.text(1)).toContain('Reason: not today.');
    expect(await server.proxy.text(2)).toContain('Reason: not today.');
    watch.say('history');
    await watch.shows('rejected by');
    expect(server.executed()).toEqual([]);
  });

  it.skipIf(!LONG)(
    'takes an answer back for two seconds at a terminal, and approves what is typed',
    async () => {
      const server = await toolsProxy({});
      const terminal = new Terminal({
        words: ['watch', '--home', server.home],
        env: { INK_SCREEN_READER: 'true' },
        columns: 120,
        rows: 60,
      });
      const id = await approvesOne(server, terminal);
      terminal.type('undo\r');
      await terminal.shows('Taken back');
      terminal.type(`approve ${id} orders.csv\r`);
      await terminal.shows('The call was forwarded');
      expect(server.executed()).toEqual(['echo']);
    },
  );

  it.skipIf(!LONG)('sends no approval that a rejection follows before it was sent', async () => {
    const server = await toolsProxy({});
    const terminal = new Terminal({
      words: ['watch', '--plain', '--home', server.home],
      columns: 120,
      rows: 60,
    });
    const id = await approvesOne(server, terminal);
    terminal.type(`reject ${id} no\r`);
    await terminal.shows('Taken back: approve');
    expect(await server.proxy.text(1)).toContain('Reason: no.');
    expect(server.executed()).toEqual([]);
  });

  it('asks for the passphrase where the call takes it, and reads no command from what is typed', async () => {
    const home = newHome({ escalate: [{ tool: '*', confirm: 'passphrase' }] });
    await initApprover(home, 'ada');
    const server = await toolsProxy({}, { home });
    const terminal = new Terminal({ words: ['watch', '--plain', '--home', home], columns: 120, rows: 60 });
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('Attached to srv.');
    server.proxy.call(1, 'echo', {});
    const { id } = await oneHold(home);
    await terminal.shows(`${id} waits`);
    terminal.type(`approve ${id}\r`);
    await terminal.shows(/Passphrase of ada[\s\S]*Passphrase of ada/);
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('The call was forwarded');
    expect(terminal.written).not.toContain(PASSPHRASE);
  });
});
