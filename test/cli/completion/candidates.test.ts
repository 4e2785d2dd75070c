import { once } from 'node:events';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandsOf } from '../../../src/cli/commands-of.ts';
import { candidates } from '../../../src/cli/completion/candidates.ts';
import { ARGUMENTS, FREE, VALUES } from '../../../src/cli/completion/sources.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { newFolder } from '../../support/home.ts';

let home = '';
beforeEach(() => {
  home = newFolder();
  vi.stubEnv('HOLDPOINT_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function proposed(...words: string[]): Promise<string[] | string> {
  const found = await candidates(buildProgram(), words);
  return typeof found === 'string' ? found : found.map(({ word }) => word);
}

/** What a killed proxy leaves. */
async function deadSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}-alive`);
  await once(server, 'listening');
  renameSync(`${path}-alive`, path);
  server.close();
  await once(server, 'close');
}

/** Servers with their tools, as accepted. */
function pinned(servers: Record<string, string[]>): void {
  const tool = { digest: 'd', definition: '' };
  const all = Object.entries(servers).map(([server, tools]) => [
    server,
    { command: 'c', at: '', by: '', how: 'accepted', tools: Object.fromEntries(tools.map((t) => [t, tool])) },
  ]);
  mkdirSync(join(home, 'state'), { mode: 0o700 });
  const text = JSON.stringify({ version: 1, servers: Object.fromEntries(all) });
  writeFileSync(join(home, 'state/pins.json'), text, { mode: 0o600 });
}

describe('what a shell may complete', () => {
  it('has a source for every argument and every value, or is named as free', () => {
    const all = commandsOf(buildProgram());
    const bare = all.filter(({ command }) => command.registeredArguments.length > 0).map(({ path }) => path);
    expect(bare.filter((path) => !(path in ARGUMENTS))).toEqual([]);
    expect(Object.keys(ARGUMENTS).filter((path) => !bare.includes(path))).toEqual([]);
    const valued = all
      .flatMap(({ command }) => command.options)
      .filter(({ required, optional }) => required || optional)
      .map(({ long, short }) => long ?? short ?? '');
    expect(valued.filter((name) => !(name in VALUES) && !FREE.has(name))).toEqual([]);
    expect([...Object.keys(VALUES), ...FREE].filter((name) => !valued.includes(name))).toEqual([]);
  });

  it.each([
    [['po'], ['policy']],
    [
      ['audit', 's'],
      ['stats', 'show'],
    ],
    [['audit', 'list', '--e'], ['--effect']],
    [['audit', 'list', '--effect', 'd'], ['deny']],
    [['audit', 'list', '--effect=d'], ['--effect=deny']],
    // As bash gives it.
    [['audit', 'list', '--effect', '=', 'd'], ['deny']],
    [
      ['audit', 'list', '--effect', '='],
      ['allow', 'deny', 'escalate'],
    ],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [
      ['demo', ''],
      ['--scripted', '--help'],
    ],
    [['demo', '--scripted', '--s'], []],
    [['policy', 'check', '--tools', 'a=b', '--too'], ['--tools']],
    [['reject', '--reason', ''], []],
    [['nonsense', ''], []],
    [['policy', 'check', ''], ':files'],
    [['policy', 'check', '--home', ''], ':folders'],
    [['run', '--policy', ''], ':files'],
    [['run', 'npx', '--h'], ':files'],
    [['run', '--server', 'x', '--', '-'], ':files'],
    [['policy', 'init', 'file'], ['filesystem']],
    [['unwrap', 'curs'], expect.arrayContaining(['cursor'])],
  ] as const)('%j: %j', async (words, wanted) => {
    expect(await proposed(...words)).toEqual(wanted);
  });

  it('is a server, a tool of one, or both, by what the home knows', async () => {
    pinned({ github: ['create_issue', 'get_me'], shop: ['refund'] });
    expect(await proposed('policy', 'explain', 'github/')).toEqual(['github/create_issue', 'github/get_me']);
    expect(await proposed('tools', 'accept', 's')).toEqual(['shop', 'shop/refund']);
    expect(await proposed('tools', 'a')).toEqual(['accept']);
    expect(await proposed('audit', 'list', '--server', '')).toEqual(['github', 'shop']);
    expect(await proposed('audit', 'tail', '--tool', 'g')).toEqual(['get_me']);
    vi.unstubAllEnvs();
    expect(await proposed('tools', 'accept', '--home', home, 'sh')).toEqual(['shop', 'shop/refund']);
    vi.stubEnv('HOME', dirname(home));
    expect(await proposed('tools', 'accept', `--home=~/${basename(home)}`, 'sh')).toEqual([
      'shop',
      'shop/refund',
    ]);
  });

  it('is never a name that a shell would read as more than a word', async () => {
    const hostile = [
      '$(id)',
      '`id`',
      'a b',
      "it's",
      'x;id',
      'x\nid',
      'x|y',
      '*',
      '~root',
      '-rf',
      'a:b',
      ':files',
      '\u001b[2J',
      'ok',
    ];
    pinned({ s: hostile, '$(id)': ['ok'] });
    expect(await proposed('policy', 'explain', '')).toEqual(['s/-rf', 's/ok']);
    expect(await proposed('audit', 'list', '--tool', '')).toEqual(['ok']);
    expect(await proposed('audit', 'list', '--server', '')).toEqual(['s']);
  });

  it('reads a home, and makes nothing in it nor the home itself', async () => {
    mkdirSync(join(home, 'run/ids'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'run/ids/k7qfm'), '');
    await deadSocket(join(home, 'run/dead.sock'));
    // Old enough to be tidied away by whoever attaches.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    const before = readdirSync(home, { recursive: true });
    expect(await proposed('audit', 'show', '')).toEqual(['k7qfm']);
    expect(await proposed('approve', '')).toEqual([]);
    expect(await proposed('grants', 'revoke', '')).toEqual([]);
    expect(await proposed('approver', 'remove', '')).toEqual([]);
    expect(before).toContain('run/dead.sock');
    expect(readdirSync(home, { recursive: true })).toEqual(before);
    const none = join(home, 'none');
    expect(await proposed('policy', 'explain', '--home', none, '')).toEqual([]);
  });
});
