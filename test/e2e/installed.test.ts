import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/platform/this-machine.ts';
import { type Ran, ranToEnd } from '../support/cli.ts';
import { newHome, recordsOf } from '../support/home.ts';
import { installedBytes, installInto } from '../support/installed.ts';
import { part } from '../support/long.ts';
import { NODE_VERSIONS, NODES_ARE_THERE, nodeFolder } from '../support/nodes.ts';
import { cleanEnv, fixture, ProxyProcess } from '../support/proxy-process.ts';

const MOST_BYTES = 36.5e6;

const prefix = mkdtempSync('/tmp/hp-installed-');
const command = join(prefix, 'node_modules/.bin/holdpoint');
beforeAll(() => installInto(prefix), 120_000);
afterAll(() => rmSync(prefix, { recursive: true, force: true, maxRetries: 5 }));

describe('what npm pack makes, installed into an empty folder without optional packages', () => {
  it(`takes at most ${MOST_BYTES / 1e6} MB`, () => {
    const bytes = installedBytes(prefix);
    const told = [...bytes].map(([name, size]) => `${(size / 1e6).toFixed(2)} ${name}`).slice(0, 12);
    const sum = [...bytes.values()].reduce((all, one) => all + one, 0);
    expect(bytes.get('holdpoint'), told.join(', ')).toBeGreaterThan(1e6);
    expect(sum, told.join(', ')).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('has what is read and what is begun with: manual, pages, packs, schema', () => {
    const at = join(prefix, 'node_modules/holdpoint');
    const files = [
      'man/holdpoint.1',
      'README.md',
      'docs/policy.md',
      'policies/github/policy.jsonc',
      'schema',
    ];
    expect(files.filter((name) => !existsSync(join(at, name)))).toEqual([]);
  });
});

describe.each(NODES_ARE_THERE ? part(NODE_VERSIONS, 2) : [])('installed, by Node %s', (version) => {
  let env: Record<string, string>;
  beforeAll(() => {
    env = cleanEnv({ PATH: `${nodeFolder(version)}${delimiter}${process.env['PATH']}` });
  }, 300_000);

  const run = (program: string, ...words: string[]): Promise<Ran> =>
    ranToEnd(spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: prefix }));

  it('is the version that it says', async () => {
    expect(await run('node', '--version')).toMatchObject({ stdout: `v${version}\n` });
    expect(await run(command, '--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(await run(command, '-v')).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
  });

  it('names pages that were installed with it, also where the bin goes its own way', async () => {
    for (const words of [['run', '--help'], ['policy', 'check', '-h'], ['-h']]) {
      const { code, stdout } = await run(command, ...words);
      const [, page = ''] = /\nExamples:\n[\s\S]*\nRead on: (\S+), "/.exec(stdout) ?? [];
      expect([words, code, existsSync(page) && page.startsWith(prefix)]).toEqual([words, 0, true]);
    }
  });

  it('plays the demo to its end, as npx starts it', async () => {
    const { code, stdout, stderr } = await run('npx', '--no', 'holdpoint', 'demo');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('unbroken');
    rmSync(/--home (\/tmp\/holdpoint-demo-\w+)/.exec(stdout)?.[1] ?? '', { recursive: true });
  });

  it('stands before a server: calls are decided, recorded and answered', async () => {
    const home = newHome({
      allow: [{ tool: 'srv/echo' }],
      deny: [{ tool: 'srv/write', when: 'args.path == "/x"', reason: 'Not there.' }],
    });
    const proxy = new ProxyProcess({
      home,
      program: [command],
      words: ['--server', 'srv', '--trust-first', '--'],
      server: ['node', fixture('tools'), join(home, 'calls')],
      env,
    });
    proxy.call(1, 'echo', { a: 1 });
    proxy.call(2, 'write', { path: '/x', text: '' });
    expect([await proxy.text(1), await proxy.text(2)]).toEqual([
      '{"a":1}',
      expect.stringContaining('Not there.'),
    ]);
    expect(await proxy.end()).toBe(0);
    const [opened] = recordsOf(home, 'session');
    expect(opened).toMatchObject({ versions: { node: `v${version}`, holdpoint: VERSION } });
    const decisions = recordsOf(home, 'decision').map(({ tool, effect }) => [tool, effect]);
    expect(decisions).toEqual([
      ['echo', 'allow'],
      ['write', 'deny'],
    ]);
  });
});
