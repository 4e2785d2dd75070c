import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, holds, oneHold } from '../support/cli.ts';
import { auditFiles, newHome } from '../support/home.ts';
import { part } from '../support/long.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

async function recorded(): Promise<string> {
  const home = newHome({ deny: ['srv/sleep'], allow: ['srv/read'] });
  const { proxy } = await toolsProxy({}, { home });
  proxy.call(1, 'echo', { command: 'npm test' });
  await approveHold(home, (await oneHold(home)).id);
  await proxy.answer(1);
  proxy.call(2, 'echo', { command: 'npm publish' });
  const [hold] = await holds(home, 1);
  await holdpoint(home, ['reject', hold!.id, '--reason', 'not today']);
  await proxy.answer(2);
  proxy.call(3, 'sleep', {});
  await proxy.answer(3);
  await proxy.end();
  return home;
}

describe.each(
  part(
    [
      [80, 24],
      [120, 40],
      [200, 60],
    ],
    3,
  ),
)('the page of the record at %sx%s', (columns, rows) => {
  it('shows what ran, was rejected and was denied, filters, opens a call, and gives the day in numbers', async () => {
    const home = await recorded();
    const terminal = new Terminal({ words: ['watch', '--home', home], columns, rows });
    await terminal.shows('No MCP server runs');
    terminal.type('l');
    await terminal.shows('3 calls, the newest first');
    for (const said of ['denied', 'rejected', 'approved']) expect(terminal.text()).toContain(said);
    terminal.type('/');
    await terminal.shows('3 of 3');
    terminal.type('publish');
    await terminal.shows('1 of 3');
    terminal.type('\r');
    await sleep(300);
    terminal.type('\r');
    await terminal.shows('npm publish');
    await terminal.shows('not today');
    terminal.type('x');
    await terminal.shows('1 of 3');
    terminal.type('d');
    await terminal.shows('the last 24 hours');
    terminal.type('x');
    await terminal.shows('1 of 3');
    terminal.type('\u001b');
    await terminal.shows('3 calls, the newest first');
    terminal.type('\u001b');
    await terminal.shows('No MCP server runs');
  });
});

describe('the page of a record that is damaged', () => {
  it('says so above the list, and above a call', async () => {
    const home = await recorded();
    const [file = ''] = auditFiles(home);
    appendFileSync(file, '{"type":"decision","call":99,"bro\n');
    const terminal = new Terminal({ words: ['watch', '--home', home], columns: 80, rows: 24 });
    await terminal.shows('No MCP server runs');
    terminal.type('l');
    await terminal.shows('Not all of it can be read');
    expect(terminal.text()).toContain('rejected');
    terminal.type('d');
    await terminal.shows('the last 24 hours');
    expect(terminal.text()).toContain('holdpoint: ');
  });
});
