import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSPHRASE } from '../support/approver.ts';
import { holdpoint, holds, oneHold } from '../support/cli.ts';
import { type Defined, DefinedServer } from '../support/defined-server.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { recordsOf, type TestPolicy } from '../support/home.ts';
import { part } from '../support/long.ts';
import { Terminal } from '../support/terminal.ts';

const EDIT: Defined = {
  name: 'edit_file',
  description: 'Edits a text file: replaces its content.',
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string' }, content: { type: 'string' } },
    required: ['path', 'content'],
  },
};
const SRC = '/home/ada/shop/src';
const POLICY: TestPolicy = { servers: { notes: { newTools: 'policy' } } };
const fileOf = (home: string): string => join(home, 'policy.json');
const policyOf = (home: string): string => readFileSync(fileOf(home), 'utf8');

interface Desk {
  home: string;
  server: DefinedServer;
  terminal: Terminal;
}

/** A terminal with an edit on its card. */
async function desk(policy = POLICY, columns = 80, rows = 24): Promise<Desk> {
  const home = await enrolledHome(policy, 'ada');
  const server = await DefinedServer.start([EDIT], { home });
  await server.list();
  server.proxy.call(1, 'edit_file', { path: `${SRC}/a.ts`, content: 'x' });
  await oneHold(home);
  const terminal = new Terminal({ words: ['watch', '--home', home], columns, rows });
  await terminal.shows('Passphrase of ada, to sign');
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.shows('Answers are signed as ada');
  for (const offer of ['with these very arguments', `calls in ${SRC}`]) {
    terminal.type('g');
    await terminal.shows(offer);
  }
  for (const time of ['1 hour', '8 hours', '7 days']) {
    terminal.type('w');
    await terminal.shows(`unasked for ${time}`);
  }
  return { home, server, terminal };
}

/** It is permitted always and approved. */
async function always({ server, terminal }: Desk): Promise<void> {
  terminal.type('w');
  await terminal.shows('run unasked always');
  await terminal.look();
  terminal.type('a');
  expect((await server.proxy.answer(1)).result?.isError).not.toBe(true);
}

async function signs(terminal: Terminal): Promise<void> {
  terminal.type('\r');
  await terminal.shows('to write this rule');
  terminal.type(`${PASSPHRASE}\r`);
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
)('an approval for always at %sx%s', (columns, rows) => {
  it('is shown as a difference, signed, written, in force and listed with its uses', async () => {
    const seat = await desk(POLICY, columns, rows);
    const { home, server, terminal } = seat;
    const before = policyOf(home);
    await always(seat);
    await terminal.shows('Enter sign it');
    expect(terminal.text()).toMatch(/\+ +\{"id":"added-/);
    expect(policyOf(home)).toBe(before);
    await signs(terminal);
    await terminal.shows('is a rule of your policy now');
    const [, id = ''] = /"id":"(added-[^"]+)"/.exec(policyOf(home)) ?? [];
    server.proxy.call(2, 'edit_file', { path: `${SRC}/b.ts`, content: 'y' });
    await server.proxy.answer(2);
    server.proxy.call(3, 'edit_file', { path: '/home/ada/shop/package.json', content: 'z' });
    await holds(home, 1);
    terminal.type('l');
    await terminal.shows('the newest first');
    terminal.type('p');
    await terminal.shows('used once, last');
    for (const said of [id, "!args.path.contains('/.')"]) expect(terminal.text()).toContain(said);
    expect(recordsOf(home, 'grant')).toEqual([]);
    expect(recordsOf(home, 'policy').at(-1)).toMatchObject({
      by: { name: 'ada', method: 'watch', tier: 1, key: expect.any(String) },
    });
    await server.proxy.end();
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });
});

describe('an approval for always', () => {
  it('writes nothing after Esc', async () => {
    const seat = await desk();
    const { home, terminal } = seat;
    const before = policyOf(home);
    await always(seat);
    await terminal.shows('Enter sign it');
    terminal.type('\u001b');
    await terminal.shows('Nothing was written; the call alone was approved.');
    expect(policyOf(home)).toBe(before);
  });

  it('is not written over what somebody changed meanwhile, and the approval stands', async () => {
    const seat = await desk();
    const { home, server, terminal } = seat;
    const before = policyOf(home);
    await always(seat);
    await terminal.shows('Enter sign it');
    const theirs = before.replace('"version":1', '"version": 1');
    writeFileSync(fileOf(home), theirs);
    await signs(terminal);
    await terminal.shows('was changed just now by somebody else');
    expect(terminal.text()).toContain('that stands');
    expect(policyOf(home)).toBe(theirs);
    terminal.type('\r');
    await terminal.shows('nothing waits');
    expect(server.executed()).toEqual(['edit_file']);
  });

  const GONE: [string, (home: string) => void, string][] = [
    ['that is gone', (home) => rmSync(fileOf(home)), 'is gone; what was applied'],
    [
      'with changes that nobody applied',
      (home) => writeFileSync(fileOf(home), policyOf(home).replace('"version"', '"deny":["x"],"version"')),
      'has changes that nobody applied',
    ],
    [
      'in YAML',
      (home) => {
        writeFileSync(join(home, 'policy.yaml'), 'version: 1\n');
        rmSync(fileOf(home));
      },
      'only JSON is edited here',
    ],
  ];
  it.each(part(GONE, 3))('says why no rule goes into a policy %s', async (_, change, why) => {
    const seat = await desk();
    change(seat.home);
    await always(seat);
    await seat.terminal.shows('no rule was written');
    await seat.terminal.shows(why);
    seat.terminal.type('\r');
    await seat.terminal.shows('Nothing waits for you');
  });

  it('is not there where an item of the policy asks', async () => {
    const { terminal } = await desk({
      ...POLICY,
      escalate: [{ tool: 'notes/*', id: 'mine', confirm: 'key' }],
    });
    terminal.type('w');
    await terminal.shows('No "always": mine asks');
    await terminal.shows('unasked for this session');
  });
});
