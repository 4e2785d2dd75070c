import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { DefinedServer, READ } from '../support/defined-server.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
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
    await terminal.shows('needs  "echo" typed');
    await terminal.look();
    terminal.type('a');
    await terminal.typeToApprove('echo');
    terminal.type('\r');
    await terminal.shows('Enter never approves');
    terminal.type('\t');
    await terminal.shows('The call was forwarded');
  });

  it.skipIf(!LONG)(
    'keeps the selection when calls come, gives it up when its call is over, and follows servers',
    async () => {
      const home = newHome({});
      const [one, two] = [
        await toolsProxy({}, { home, words: ['--server', 'one', '--'] }),
        await toolsProxy({}, { home, words: ['--server', 'two', '--'] }),
      ];
      const terminal = watch(home);
      one.proxy.call(1, 'echo', { n: 1 });
      await terminal.shows('▸');
      const { id } = await oneHold(home);
      await terminal.shows(new RegExp(`one/echo[^]*echo on one +${id}`));
      two.proxy.call(2, 'echo', { n: 2 });
      await terminal.shows('2 waiting');
      await terminal.shows('2 attached');
      one.proxy.cancel(1);
      await terminal.shows('no longer waits: cancelled by the client');
      await terminal.shows('two/echo');
      await terminal.shows('1 waiting');
      expect(terminal.text()).toContain('echo on two');
      two.proxy.child.stdin?.end();
      await terminal.shows('1 attached: one');
      await terminal.shows('nothing waits');
    },
  );

  it('fits the terminal whatever its size, draws its frame once, and says when it is too small', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    server.proxy.call(1, 'echo', { text: Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n') });
    await terminal.shows('lines 1–');
    for (const [columns, rows] of [
      [250, 60],
      [200, 60],
      [120, 40],
      [60, 16],
      [80, 24],
      [40, 10],
    ] as const) {
      terminal.resize(columns, rows);
      // A busy machine draws the old size for a while.
      await eventually(`a frame of ${rows} rows`, () => {
        const now = terminal.rows();
        const keys = now.findLastIndex((row) => row.includes('a approve'));
        return keys === rows - 2 && now[0]?.includes('1 waiting   1 attached') ? true : undefined;
      });
      await sleep(500);
      const shown = terminal.rows();
      expect(shown[0]).toContain('1 waiting   1 attached');
      expect(shown.filter((row) => row.includes('1 waiting   1 attached'))).toHaveLength(1);
      expect(shown.findLastIndex((row) => row.includes('a approve'))).toBe(rows - 2);
    }
    terminal.resize(39, 10);
    await terminal.shows('at least 40x10');
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

  it.skipIf(!LONG)(
    'draws for a person though the environment says CI, which Ink takes for a log',
    async () => {
      const terminal = new Terminal({
        words: ['watch', '--home', newHome({})],
        env: { CI: 'true', CONTINUOUS_INTEGRATION: '1' },
      });
      await terminal.shows('nothing waits');
    },
  );

  it.skipIf(!LONG)('is what a bare holdpoint on a terminal means', async () => {
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

describe('the desk', () => {
  const wide = { columns: 120, rows: 40 };

  it('approves nothing of an unknown tool by a key, and takes an answer back for two seconds', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home, wide);
    server.proxy.call(1, 'echo', { path: '/srv/data/orders.csv' });
    await terminal.shows('needs  "orders.csv" typed');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('Type orders.csv to approve');
    const typed = async (): Promise<void> => {
      for (let end = 1; end <= 'orders.csv'.length; end += 1) {
        terminal.type('orders.csv'.charAt(end - 1));
        await terminal.shows(`approve: ${'orders.csv'.slice(0, end)}`);
      }
      terminal.type('\t');
    };
    await typed();
    await terminal.shows('z takes it back');
    terminal.type('z');
    await terminal.shows('Taken back');
    await sleep(2_500);
    expect(recordsOf(home, 'verdict')).toEqual([]);
    terminal.type('a');
    await terminal.shows('Type orders.csv to approve');
    await typed();
    await terminal.shows('The call was forwarded');
    expect(server.executed()).toHaveLength(1);
  });

  it.skipIf(!LONG)('says what it did not send when the person leaves within two seconds', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home, wide);
    server.proxy.call(1, 'echo', {});
    await terminal.shows('1 waiting');
    terminal.type('x');
    await terminal.shows('Reason for the agent');
    terminal.type('\r');
    await terminal.shows('z takes it back');
    terminal.type('q');
    await terminal.exit;
    await terminal.shows('Not sent, for you left within 2 seconds');
    expect(recordsOf(home, 'verdict')).toEqual([]);
  });

  it('tells alike calls as one row, and approves them together once all that differs was seen', async () => {
    const server = await DefinedServer.start([READ], { policy: { escalate: ['*'] } });
    await server.list();
    const terminal = watch(server.home, wide);
    for (const n of [1, 2, 3, 4]) server.proxy.call(n, 'get_note', { id: `note-${n}` });
    await terminal.shows('4 waiting');
    await terminal.shows('4 alike');
    terminal.type('\u001b[A');
    await terminal.shows('4 × get_note on notes');
    await terminal.shows('"id": "note-4"');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('nothing waits');
    await eventually('four calls', () => server.executed().length === 4);
    expect(recordsOf(server.home, 'verdict').every((one) => one['verdict'] === 'approve')).toBe(true);
  });

  it.skipIf(!LONG)('scrolls the card by the wheel, and a click decides nothing', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = watch(home);
    server.proxy.call(1, 'echo', { text: Array.from({ length: 90 }, (_, at) => `line ${at}`).join('\n') });
    await terminal.shows('lines 1–');
    await terminal.look();
    terminal.type('\u001b[<65;10;10M\u001b[<65;10;10M');
    await terminal.shows('lines 7–');
    terminal.type('\u001b[<64;10;10M');
    await terminal.shows('lines 4–');
    terminal.type('\u001b[<0;10;3M\u001b[<0;10;3m');
    await sleep(500);
    await terminal.shows('lines 4–');
    expect(recordsOf(home, 'verdict')).toEqual([]);
  });

  it.skipIf(!LONG)(
    'comes back by itself where no shell takes the terminal, and what was on it must be looked at anew',
    async () => {
      const home = newHome({ escalate: [ONE_KEY] });
      const server = await toolsProxy({}, { home });
      const terminal = watch(home);
      server.proxy.call(1, 'echo', {});
      await terminal.shows('1 waiting');
      await terminal.look();
      terminal.type('\u001a');
      await eventually('the other screen', () => terminal.written.split('\u001b[?1049h').length === 3);
      terminal.type('a');
      await terminal.shows('Not yet');
      await terminal.look();
      terminal.type('a');
      await terminal.shows('The call was forwarded');
    },
  );

  it.skipIf(!LONG)('draws no colour where NO_COLOR is set, and still shows what is selected', async () => {
    const home = newHome({});
    const server = await toolsProxy({}, { home });
    const terminal = new Terminal({ words: ['watch', '--home', home], env: { NO_COLOR: '1' } });
    server.proxy.call(1, 'echo', {});
    await terminal.shows('▸ ▲ unknown');
    expect(terminal.written).not.toMatch(/\u001b\[[34]8;/);
    expect(terminal.written).toContain('\u001b[7m');
  });

  it.skipIf(!LONG)('calls for its person by fixed words and a number, and gives the title back', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = await toolsProxy({}, { home });
    const env = { TERM_PROGRAM: 'ghostty' };
    const terminal = new Terminal({ words: ['watch', '--home', home], env });
    await terminal.shows('1 attached');
    server.proxy.call(1, 'echo\u001b]2;owned\u0007', {
      a: '\u001b]777;notify;owned;owned\u0007\u009b2;owned',
    });
    await terminal.shows('1 waiting');
    const [push, pop] = ['\u001b[22;2t', '\u001b[23;2t'];
    const told = '\u001b]777;notify;holdpoint;1 call waits for approval\u001b\\';
    await eventually('the notification', () => terminal.written.includes(told) || undefined);
    terminal.type('x');
    await terminal.shows('Reject. Reason');
    terminal.type('\r');
    await terminal.shows('Nothing waits for you');
    terminal.type('q');
    await terminal.exit;
    const commands = terminal.written.match(
      /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[2[23];2t|\u0007/g,
    );
    expect(commands).toEqual([
      push,
      '\u001b]2;holdpoint\u001b\\',
      '\u0007',
      '\u001b]2;holdpoint: 1 waits\u001b\\',
      told,
      '\u001b]2;holdpoint\u001b\\',
      '\u001b]2;\u001b\\',
      pop,
    ]);
  });

  it.skipIf(!LONG)('with --no-notify rings, and neither notifies nor sets a title', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = await toolsProxy({}, { home });
    const terminal = new Terminal({
      words: ['watch', '--no-notify', '--home', home],
      env: { TERM_PROGRAM: 'ghostty' },
    });
    await terminal.shows('1 attached');
    server.proxy.call(1, 'echo', {});
    await terminal.shows('1 waiting');
    await sleep(600);
    terminal.type('q');
    await terminal.exit;
    expect(terminal.written).toContain('\u0007');
    expect(terminal.written).not.toMatch(/\u001b\]|\u001b\[2[23];2t/);
  });
});
