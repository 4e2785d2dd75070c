import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { newFolder, newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

const watch = (home: string, size: { columns?: number; rows?: number } = {}) =>
  new Terminal({ words: ['watch', '--home', home], ...size });

describe('the approval terminal', () => {
  it('loads the React that keeps no measurements of its frames, whatever the environment says', async () => {
    const told = join(newFolder(), 'modules');
    const NODE_OPTIONS = `--require=${resolve(import.meta.dirname, '../fixtures/tell-modules.cjs')}`;
    const env = { NODE_OPTIONS, TELL_MODULES: told, NODE_ENV: 'development' };
    const terminal = new Terminal({ words: ['watch', '--home', newHome({})], env });
    await terminal.shows('No MCP server runs behind holdpoint yet');
    terminal.type('q');
    await terminal.exit;
    const react = readFileSync(told, 'utf8')
      .split('\n')
      .filter((path) => path.includes('react'));
    expect(react.some((path) => path.endsWith('react.production.js'))).toBe(true);
    expect(react.filter((path) => path.includes('development'))).toEqual([]);
  });

  it('shows a held call in full, and one a lets it run once', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const terminal = watch(home);
    await terminal.shows('No MCP server runs behind holdpoint yet');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'write', { path: `${server.folder}/x.txt`, text: 'line one\nline \u001b[31mtwo' });
    await terminal.shows('1 waiting');
    await terminal.shows('"path": ');
    await terminal.shows('│ line \\u{001b}[31mtwo');
    expect(server.executed()).toEqual([]);
    await terminal.look();
    terminal.type('a');
    await terminal.shows('The call was forwarded');
    const answer = await server.proxy.answer(1);
    expect(answer.result?.isError).not.toBe(true);
    await terminal.shows('Nothing waits for you');
    expect(server.executed()).toHaveLength(1);
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({
      verdict: 'approve',
      by: { method: 'watch', tier: 0 },
    });
  });

  it('approves nothing by Enter, by a key that comes too early, or by pasted text', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    await terminal.shows('1 attached');
    server.proxy.call(1, 'echo', { a: 1 });
    await terminal.shows('1 waiting');
    terminal.type('a');
    await sleep(900);
    terminal.type('\r');
    await sleep(900);
    terminal.type('\r');
    await sleep(900);
    terminal.type('\u001b[200~a\u001b[201~');
    await sleep(900);
    terminal.type('aaaa');
    await sleep(900);
    expect(recordsOf(home, 'verdict')).toEqual([]);
    expect(server.executed()).toEqual([]);
    terminal.type('a');
    await terminal.shows('The call was forwarded');
  });

  it('rejects with a reason that reaches the agent', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    server.proxy.call(1, 'echo', {});
    await terminal.shows('1 waiting');
    terminal.type('x');
    await terminal.shows('Reason for the agent');
    terminal.type('not today');
    await terminal.shows('not today');
    terminal.type('\r');
    const answer = await server.proxy.answer(1);
    expect(answer.result?.content?.[0]?.text).toContain('Reason: not today.');
    expect(server.executed()).toEqual([]);
  });

  it('makes the person type the name where the policy says so', async () => {
    const home = newHome({ escalate: [{ tool: '*/echo', confirm: 'type' }] });
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    server.proxy.call(1, 'echo', {});
    await terminal.shows("needs the tool's name typed");
    await terminal.look();
    terminal.type('a');
    await terminal.shows('Type echo to approve');
    for (const letter of 'echo') {
      terminal.type(letter);
      await sleep(80);
    }
    await terminal.shows('approve: echo');
    terminal.type('\r');
    await terminal.shows('Enter never approves');
    terminal.type('\t');
    await terminal.shows('The call was forwarded');
  });

  it('keeps the selection when calls come, gives it up when its call is over, and follows servers', async () => {
    const home = newHome({});
    const [one, two] = [
      await toolsProxy({}, { home, words: ['--server', 'one', '--'] }),
      await toolsProxy({}, { home, words: ['--server', 'two', '--'] }),
    ];
    const terminal = watch(home);
    one.proxy.call(1, 'echo', { n: 1 });
    await terminal.shows('▸');
    const { id } = await oneHold(home);
    await terminal.shows(`▸ ${id}`);
    two.proxy.call(2, 'echo', { n: 2 });
    await terminal.shows('2 waiting');
    await terminal.shows('2 attached');
    one.proxy.cancel(1);
    await terminal.shows('no longer waits: cancelled by the client');
    await terminal.shows('two/echo');
    await terminal.shows('1 waiting');
    expect(terminal.rows().some((row) => row.includes(id) && row.includes('▸'))).toBe(false);
    two.proxy.child.stdin?.end();
    await terminal.shows('1 attached: one');
    await terminal.shows('nothing waits');
  });

  it('fits the terminal whatever its size, draws its frame once, and says when it is too small', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    server.proxy.call(1, 'echo', { text: Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n') });
    await terminal.shows('(lines 1–');
    for (const [columns, rows] of [
      [200, 60],
      [60, 16],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await sleep(500);
      await terminal.shows('a approve');
      const shown = terminal.rows();
      expect(shown[0]).toContain('holdpoint   1 waiting');
      expect(shown.filter((row) => row.includes('holdpoint   1 waiting'))).toHaveLength(1);
      expect(shown.findLastIndex((row) => row.includes('a approve'))).toBe(rows - 2);
    }
    terminal.resize(40, 10);
    await terminal.shows('at least 60x16');
    terminal.type('a');
    await sleep(300);
    expect(recordsOf(home, 'verdict')).toEqual([]);
  });

  it.for(['q', 'SIGTERM', 'SIGINT', 'SIGHUP'])('gives the terminal back after %s', async (how) => {
    const terminal = watch(newHome({}));
    await terminal.shows('holdpoint');
    expect(terminal.alternate).toBe(true);
    if (how === 'q') terminal.type('q');
    else terminal.kill(how);
    await terminal.exit;
    expect(terminal.written).toContain('\u001b[?2004l\u001b[?1049l\u001b[?25h');
    await sleep(50);
    expect(terminal.alternate).toBe(false);
  });

  it('draws for a person though the environment says CI, which Ink takes for a log', async () => {
    const terminal = new Terminal({
      words: ['watch', '--home', newHome({})],
      env: { CI: 'true', CONTINUOUS_INTEGRATION: '1' },
    });
    await terminal.shows('nothing waits');
  });

  it('is what a bare holdpoint on a terminal means', async () => {
    const terminal = new Terminal({ words: [], env: { HOLDPOINT_HOME: newHome({}) } });
    await terminal.shows('nothing waits');
  });
});

describe('without a terminal', () => {
  it('watch says one sentence and exits 2', async () => {
    const { code, stdout, stderr } = await holdpoint(newHome({}), ['watch']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('holdpoint: watch needs a terminal; open one, or use "holdpoint watch --plain".\n');
  });
});
