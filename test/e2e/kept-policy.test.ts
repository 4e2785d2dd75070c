import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { newFolder, newHome, recordsOf, writePolicy } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const HOOK = resolve(import.meta.dirname, '../fixtures/loaded-modules.mjs');
const HEAVY = ['zod', 'cosmiconfig', 'jsonc-parser', 'yaml', '@marcbachmann/cel-js', 're2js'];

interface Started extends ToolsProxy {
  /** The heavy packages that it has loaded so far. */
  heavy(): string[];
  loaded(): string[];
}

/** A session that has decided a call of `echo`. */
async function started(home: string, options: { cwd?: string; words?: string[] } = {}): Promise<Started> {
  const file = join(newFolder(), 'loaded');
  const env = { HP_LOADED: file, NODE_OPTIONS: `--import=${HOOK}` };
  const made = await toolsProxy({}, { home, env, ...options });
  const loaded = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
  const heavy = (): string[] =>
    HEAVY.filter((name) => loaded().some((url) => url.includes(`/node_modules/${name}/`)));
  made.proxy.call(1, 'echo', { n: 1 });
  return { ...made, heavy, loaded };
}

/** Of the newest session of a home. */
const begun = (home: string): { digest: string; compiled?: string[]; layers?: { layer: string }[] } =>
  recordsOf(home, 'session').findLast(({ kind, event }) => kind === 'run' && event === 'start')?.[
    'policy'
  ] as { digest: string };

async function decidedBy(home: string, options: { cwd?: string } = {}): Promise<[string, string, string]> {
  const { proxy } = await started(home, options);
  const text = await proxy.text(1);
  await proxy.end();
  return [text, proxy.stderr, begun(home).compiled === undefined ? 'anew' : 'kept'];
}

describe('a start for which nothing changed', () => {
  it('loads no reader of policies and no engine of conditions, and the first start does', async () => {
    const home = newHome({ allow: ['*'], deny: [{ tool: 'srv/fail', when: 'args.n == 1' }] });
    const first = await started(home);
    await first.proxy.answer(1);
    await first.proxy.end();
    expect(first.heavy()).toEqual(expect.arrayContaining(['zod', 'cosmiconfig', 'jsonc-parser']));
    expect(first.heavy()).toContain('@marcbachmann/cel-js');
    expect(begun(home).compiled).toBeUndefined();
    const second = await started(home);
    await second.proxy.answer(1);
    expect(second.loaded().some((url) => url.includes('/dist/run/'))).toBe(true);
    expect(second.heavy()).toEqual([]);
    expect(
      second.loaded().filter((url) => url.includes('/node_modules/') && !url.includes('/lowdb/')),
    ).toEqual([]);
    expect(begun(home).compiled).toEqual([expect.stringMatching(/^3:[0-9a-f]{64}$/)]);
    await second.proxy.end();
  });

  it('loads the engine of conditions when a call first meets one, and decides by it', async () => {
    const home = newHome({
      allow: ['*'],
      deny: [{ tool: 'srv/slow', when: 'args.n.matches("^1+$")', reason: 'Ones' }],
    });
    await decidedBy(home);
    const { proxy, heavy, executed } = await started(home);
    await proxy.answer(1);
    expect(heavy()).toEqual([]);
    proxy.call(2, 'slow', { n: '111' });
    proxy.call(3, 'echo', {});
    proxy.call(4, 'slow', { n: '2', ms: 1 });
    expect(await proxy.text(2)).toContain('Ones');
    await proxy.answer(3);
    await proxy.answer(4);
    expect(heavy()).toEqual(['@marcbachmann/cel-js', 're2js']);
    await proxy.end();
    expect(executed().filter((name) => name === 'slow')).toHaveLength(1);
    const order = recordsOf(home, 'decision').filter(
      ({ session }) => session === recordsOf(home, 'session').at(-1)?.session,
    );
    expect(order.map(({ tool, effect }) => [tool, effect])).toEqual([
      ['echo', 'allow'],
      ['slow', 'deny'],
      ['echo', 'allow'],
      ['slow', 'allow'],
    ]);
  });

  it('decides a call that meets a condition though it is the very first', async () => {
    const home = newHome({ allow: ['*'], deny: [{ tool: 'srv/echo', when: 'args.n == 1', reason: 'One' }] });
    expect((await decidedBy(home))[0]).toContain('One');
    expect(await decidedBy(home)).toEqual([expect.stringContaining('One'), expect.anything(), 'kept']);
  });

  it('follows `policy apply`, which keeps what it put into force', async () => {
    const home = newHome({ allow: ['*'] });
    expect((await decidedBy(home))[2]).toBe('anew');
    writePolicy(join(home, 'policy.json'), { deny: [{ tool: 'srv/echo', reason: 'Now denied' }] });
    await holdpoint(home, ['policy', 'apply', '--yes']);
    expect(await decidedBy(home)).toEqual([expect.stringContaining('Now denied'), expect.anything(), 'kept']);
  });

  it.skipIf(!LONG)('tells each time what it tells where it is compiled', async () => {
    const home = newHome({ allow: ['*'] });
    await decidedBy(home);
    writePolicy(join(home, 'policy.json'), { deny: ['*'] });
    const [, anew, how] = await decidedBy(home);
    const [, kept, again] = await decidedBy(home);
    expect([how, again]).toEqual(['anew', 'kept']);
    expect(kept).toBe(anew);
    expect(kept).toContain('has changed since it was applied');
    const ignored = recordsOf(home, 'policy').filter(({ event }) => event === 'ignored');
    expect(ignored).toHaveLength(2);
    expect(ignored[0]?.['digest']).toBe(ignored[1]?.['digest']);
  });

  it.skipIf(!LONG)(
    'is compiled anew all the same while somebody is enrolled, for what counts stands under their signature',
    async () => {
      const home = await enrolledHome({ allow: ['*'] }, 'ada');
      for (const round of [1, 2]) expect((await decidedBy(home))[2], `${round}`).toBe('anew');
      expect(existsSync(join(home, 'state/compiled'))).toBe(false);
    },
  );
});

describe('after a kept start', () => {
  /** A folder of a project whose policy was applied; the home knows a first and a kept start there. */
  async function projectHome(): Promise<{ home: string; project: string; file: string }> {
    const home = newHome({ escalate: [], allow: ['srv/echo'] });
    const project = newFolder();
    mkdirSync(join(project, '.git'));
    const file = join(project, '.policyrc');
    writeFileSync(file, '{"version":1,"deny":[{"tool":"srv/fail","reason":"By the project"}]}');
    await holdpoint(home, ['policy', 'apply', file, '--yes']);
    await decidedBy(home, { cwd: project });
    expect((await decidedBy(home, { cwd: project }))[2]).toBe('kept');
    return { home, project, file };
  }

  it("a project's file that changed tightens by both texts, is told of, and is told of by the next kept start too", async () => {
    const { home, project, file } = await projectHome();
    writeFileSync(file, '{"version":1,"deny":[{"tool":"srv/echo","reason":"By the new text"}]}');
    for (const how of ['anew', 'kept']) {
      const { proxy } = await started(home, { cwd: project });
      expect(await proxy.text(1)).toContain('By the new text');
      proxy.call(2, 'fail');
      expect(await proxy.text(2)).toContain('By the project');
      await proxy.end();
      expect(proxy.stderr).toContain('has changed since it was applied');
      expect(begun(home).compiled === undefined ? 'anew' : 'kept').toBe(how);
    }
  });

  it.skipIf(!LONG)("a project's file that is gone goes on tightening, and is told of", async () => {
    const { home, project, file } = await projectHome();
    rmSync(file);
    for (const how of ['anew', 'kept']) {
      const { proxy } = await started(home, { cwd: project });
      await proxy.answer(1);
      proxy.call(2, 'fail');
      expect(await proxy.text(2)).toContain('By the project');
      await proxy.end();
      expect(proxy.stderr).toContain('is gone; what it denied and escalated');
      expect(begun(home).compiled === undefined ? 'anew' : 'kept').toBe(how);
    }
  });

  it("a project's file that is added counts at once, and so does one that others may write now", async () => {
    const { home, project, file } = await projectHome();
    const added = join(project, '.policyrc.json');
    writeFileSync(added, '{"version":1,"deny":[{"tool":"srv/echo","reason":"Added"}]}');
    expect(await decidedBy(home, { cwd: project })).toEqual([
      expect.stringContaining('Added'),
      expect.anything(),
      'anew',
    ]);
    expect((await decidedBy(home, { cwd: project }))[2]).toBe('kept');
    rmSync(added);
    chmodSync(file, 0o666);
    const [, said, how] = await decidedBy(home, { cwd: project });
    expect([how, said]).toEqual(['anew', expect.stringContaining('can be written by other users')]);
  });

  it.skipIf(!LONG)(
    'a policy of the home that is gone or became two is met as it would be without',
    async () => {
      const home = newHome({ allow: ['*'] });
      await decidedBy(home);
      writeFileSync(join(home, 'policy.yaml'), 'version: 1\n', { mode: 0o600 });
      const { proxy } = await started(home);
      await proxy.said('There are two policies');
      expect(await proxy.exit).toBe(3);
      rmSync(join(home, 'policy.yaml'));
      expect((await decidedBy(home))[2]).toBe('kept');
      rmSync(join(home, 'policy.json'));
      const [, said, how] = await decidedBy(home);
      expect([how, said]).toEqual([
        'anew',
        expect.stringContaining('is gone; what was applied of it stays in force'),
      ]);
    },
  );
});

describe('a kept policy that was changed', () => {
  it('is not believed: the session compiles anew, and `audit verify` finds nothing wrong', async () => {
    const home = newHome({ deny: [{ tool: 'srv/echo', reason: 'As applied' }] });
    await decidedBy(home);
    const folder = join(home, 'state/compiled');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"tool":"echo"', '"tool":"ecco"'));
    expect(await decidedBy(home)).toEqual([expect.stringContaining('As applied'), expect.anything(), 'anew']);
    expect((await decidedBy(home))[2]).toBe('kept');
    const { code, stdout } = await holdpoint(home, ['audit', 'verify']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('whose texts are here (1)')]);
  });
});
