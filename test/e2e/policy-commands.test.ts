import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint } from '../support/cli.ts';
import { newHome, recordsOf } from '../support/home.ts';
import { Terminal } from '../support/terminal.ts';

const put = (home: string, text: string): string => {
  const file = join(home, 'policy.json');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

describe('holdpoint policy check', () => {
  it('says that a good policy is one, and what it holds', async () => {
    const home = newHome({ deny: ['a'], allow: ['b', 'c'] });
    const { code, stdout } = await holdpoint(home, ['policy', 'check']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('1 deny, 0 escalate, 2 allow; everything else: escalate'),
    ]);
  });

  it('names every problem of a bad one with its place, exit 3, as JSON too', async () => {
    const home = newHome();
    const file = put(home, '{\n  "version": 1,\n  "alow": [],\n  "deny": [5]\n}');
    const { code, stdout } = await holdpoint(home, ['policy', 'check']);
    expect(code).toBe(3);
    expect(stdout.trim().split('\n')).toEqual([
      `${file}:3:3 alow: The key "alow" is not known. Did you mean "allow"?`,
      `${file}:4:12 deny[0]: An item is a pattern such as "github/get_*" or an object.`,
    ]);
    const json = await holdpoint(home, ['policy', 'check', file, '--json']);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
      3,
      [{ path: 'alow', line: 3 }, { path: 'deny[0]' }],
    ]);
  });

  it('says what happens without any file', async () => {
    const { code, stderr } = await holdpoint(newHome(), ['policy', 'check']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('every other call is held')]);
  });
});

describe('holdpoint policy explain', () => {
  it.each([
    ['srv/read', 0, 'allow'],
    ['srv/drop', 10, 'deny'],
    ['srv/other', 11, 'escalate'],
  ])('%s ends with %i: %s', async (target, code, effect) => {
    const home = newHome({ deny: ['*/drop'], allow: ['srv/read'] });
    const words = await holdpoint(home, ['policy', 'explain', target]);
    expect([words.code, words.stdout]).toEqual([code, expect.stringContaining(`${effect}: it`)]);
    const json = await holdpoint(home, ['policy', 'explain', target, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ decision: { effect }, trace: expect.any(Array) });
  });

  it('takes arguments, a caller and a file that is not applied, and applies nothing', async () => {
    const home = newHome();
    const file = join(home, 'draft.json');
    writeFileSync(file, '{"version":1,"allow":[{"tool":"s/t","caller":"ci"}]}');
    const explain = (...words: string[]) =>
      holdpoint(home, ['policy', 'explain', 's/t', '--policy', file, ...words]);
    expect((await explain()).code).toBe(11);
    expect((await explain('--caller', 'ci')).code).toBe(0);
    expect((await explain('--caller', 'ci', '--args', `{"path":"${home}/x"}`)).code).toBe(10);
    expect(() => readFileSync(join(home, 'state/policies.json'))).toThrow('ENOENT');
  });

  it.each([
    [['tool-without-server'], 'write SERVER/TOOL'],
    [['s/t', '--args', '{'], '--args is not JSON'],
    [['s/t', '--args', '[]'], 'must be a JSON object'],
  ])('%j is a usage error', async (words, said) => {
    expect(await holdpoint(newHome(), ['policy', 'explain', ...words])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(said),
    });
  });
});

describe('holdpoint policy apply', () => {
  it('shows the difference, applies with --yes, and records who did', async () => {
    const home = newHome({ allow: ['one'] });
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).code).toBe(0);
    put(home, '{"version":1,"allow":["two"],"approvals":{"cli":"any"}}');
    const { code, stdout } = await holdpoint(home, ['policy', 'apply', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^- .*"one"/m);
    expect(stdout).toMatch(/^\+ .*"two"/m);
    expect((await holdpoint(home, ['policy', 'explain', 's/two'])).code).toBe(0);
    expect(recordsOf(home, 'policy').map((record) => record['event'])).toEqual(['applied', 'applied']);
    expect(recordsOf(home, 'policy')[1]).toMatchObject({
      by: { method: 'cli', tier: 0 },
      previousDigest: expect.any(String),
    });
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).stdout).toContain('in force as it stands');
  });

  it('goes back to the built-in default when the file is gone', async () => {
    const home = newHome({ allow: ['*'] });
    await holdpoint(home, ['policy', 'apply', '--yes']);
    rmSync(join(home, 'policy.json'));
    expect((await holdpoint(home, ['policy', 'explain', 's/t'])).code).toBe(0);
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).code).toBe(0);
    expect((await holdpoint(home, ['policy', 'explain', 's/t'])).code).toBe(11);
  });

  it('applies nothing where nobody can be asked, nor after No or Ctrl-C', async () => {
    const home = newHome({ allow: ['*'] });
    expect(await holdpoint(home, ['policy', 'apply'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    for (const answer of ['n\r', '\u0003']) {
      const terminal = new Terminal({ words: ['policy', 'apply', '--home', home], columns: 120 });
      await terminal.shows('Put this policy into force? [y/N]');
      terminal.type(answer);
      await terminal.shows('Nothing was changed');
      expect((await terminal.exit).exitCode).toBe(0);
    }
    expect(recordsOf(home, 'policy')).toEqual([]);
  });

  it('refuses a policy with problems and leaves the one in force', async () => {
    const home = newHome({ allow: ['*'] });
    await holdpoint(home, ['policy', 'apply', '--yes']);
    put(home, '{"version":1,');
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).code).toBe(3);
    expect((await holdpoint(home, ['policy', 'explain', 's/t'])).code).toBe(0);
  });
});
