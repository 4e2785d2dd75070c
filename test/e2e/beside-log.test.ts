import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { policyDigest } from '../../src/config/applied-state.ts';
import { holdpoint } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newHome, recordsOf, type TestPolicy, writePolicy } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { toolsProxy } from '../support/tools-server.ts';

const LIMITED: TestPolicy = { deny: [{ tool: 'srv/echo', over: '2/day' }], allow: ['*'] };

/** One session of `calls` calls; the text of their answers. */
async function session(home: string, calls: number): Promise<string[]> {
  const { proxy } = await toolsProxy({}, { home });
  const answers: string[] = [];
  for (let n = 1; n <= calls; n += 1) {
    proxy.call(n, 'echo', { n });
    answers.push(JSON.stringify(await proxy.answer(n)));
  }
  await proxy.end();
  return answers;
}

async function sessions(home: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await session(home, 1);
}

const verify = (home: string) => holdpoint(home, ['audit', 'verify']);
const runs = (home: string): string[] =>
  auditFiles(home).filter((file) => readFileSync(file, 'utf8').includes('"kind":"run"'));
const state = (home: string, name: string): string => join(home, 'state', name);

const ALLOWED: TestPolicy = { allow: ['*'] };

/** A home with the log of three sessions, made once for each policy. */
async function homeOf(policy: TestPolicy): Promise<string> {
  const home = newHome(policy);
  const made = join(inject('templates'), `sessions-${policyDigest(JSON.stringify(policy))}`);
  if (!existsSync(made)) {
    await sessions(home, 3);
    cpSync(home, made, { recursive: true });
  } else cpSync(made, home, { recursive: true });
  return home;
}

/** What was done to a home of three sessions, and what verify says of it. */
async function homeAfter(change: (home: string) => unknown, policy = ALLOWED, anew = false) {
  const home = anew ? newHome(policy) : await homeOf(policy);
  if (anew) await sessions(home, 3);
  expect((await verify(home)).code).toBe(0);
  await change(home);
  return { home, ...(await verify(home)) };
}

describe('a log and what lies beside it', () => {
  it('agree after sessions, commands and applied and withdrawn policies', async () => {
    const { home, code, stdout } = await homeAfter(async (made) => {
      writePolicy(join(made, 'policy.json'), { allow: ['srv/*'] });
      await holdpoint(made, ['policy', 'apply', '--yes']);
      rmSync(join(made, 'policy.json'));
      await holdpoint(made, ['policy', 'apply', '--yes']);
      writePolicy(join(made, 'policy.json'), { allow: ['srv/*'] });
      await holdpoint(made, ['policy', 'apply', '--yes']);
      await session(made, 1);
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('OK')]);
    const nths = recordsOf(home, 'session').flatMap(({ event, nth }) => (event === 'start' ? [nth] : []));
    expect(nths.toSorted((a, b) => Number(a) - Number(b))).toEqual(nths.map((_, index) => index + 1));
  }, 60_000);

  it('differ when the newest session, or the newest two, were removed', async () => {
    for (const many of [1, 2]) {
      const { code, stdout } = await homeAfter((home) => {
        for (const file of runs(home).slice(-many)) rmSync(file);
      });
      expect([code, stdout]).toEqual([5, expect.stringContaining('which is gone')]);
    }
  }, 60_000);

  it('differ when the end of the newest session was cut off', async () => {
    const { code } = await homeAfter((home) => {
      const newest = runs(home).at(-1)!;
      const lines = readFileSync(newest, 'utf8').split('\n').slice(0, -2);
      writeFileSync(newest, `${lines.join('\n')}\n`);
    });
    expect(code).toBe(5);
  }, 60_000);

  it.skipIf(!LONG)(
    'differ when white space was put behind the last line',
    async () => {
      const { code } = await homeAfter((home) => {
        const newest = runs(home).at(-1)!;
        writeFileSync(newest, readFileSync(newest, 'utf8').replace(/\n$/, '   \n'));
      });
      expect(code).toBe(5);
    },
    60_000,
  );

  it.skipIf(!LONG)(
    'differ when a session was killed and its file removed',
    async () => {
      const { code, stdout } = await homeAfter(async (home) => {
        const { proxy } = await toolsProxy({}, { home });
        proxy.call(1, 'echo', {});
        await proxy.answer(1);
        proxy.child.kill('SIGKILL');
        await new Promise((ended) => setTimeout(ended, 300));
        rmSync(runs(home).at(-1)!);
      });
      expect([code, stdout]).toEqual([1, expect.stringContaining('its file was removed')]);
    },
    60_000,
  );

  it.skipIf(!LONG)(
    'differ when a session was copied into another month',
    async () => {
      const { code, stdout } = await homeAfter((home) => {
        const file = runs(home)[1]!;
        mkdirSync(join(home, 'audit/2025-01'), { mode: 0o700 });
        copyFileSync(file, join(home, 'audit/2025-01', basename(file)));
      });
      expect([code, stdout]).toEqual([5, expect.stringContaining('of the same session as')]);
    },
    60_000,
  );

  it.each([
    ['removed', (file: string) => rmSync(file), 'is gone'],
    ['replaced', (file: string) => writeFileSync(file, `${'0'.repeat(64)}\n`), 'was replaced'],
    ['damaged', (file: string) => writeFileSync(file, 'no key'), 'is damaged'],
  ])(
    'differ when the key of the masks was %s',
    async (_, change, words) => {
      const { code, stdout } = await homeAfter((home) => change(state(home, 'redaction.key')));
      expect([code, stdout]).toEqual([1, expect.stringContaining(words)]);
    },
    60_000,
  );

  it('differ for ever when the key was replaced between two sessions', async () => {
    const { code, stdout } = await homeAfter(async (home) => {
      rmSync(state(home, 'redaction.key'));
      await sessions(home, 2);
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining('masks under another key')]);
  }, 60_000);

  it.each([
    ['removed', (file: string) => rmSync(file), 'is gone'],
    ['damaged', (file: string) => writeFileSync(file, '{"version":1'), 'is damaged'],
  ])(
    'differ when the record of the policies in force was %s',
    async (_, change, words) => {
      const { code, stdout } = await homeAfter((home) => change(state(home, 'policies.json')));
      expect([code, stdout]).toEqual([1, expect.stringContaining(words)]);
    },
    60_000,
  );

  it.skipIf(!LONG)(
    'differ when an earlier record of the policies was put back',
    async () => {
      // The log names the place of a policy, which is another one in a copied home.
      const { code, stdout } = await homeAfter(
        async (home) => {
          const file = state(home, 'policies.json');
          const before = readFileSync(file);
          writePolicy(join(home, 'policy.json'), { deny: ['*'] });
          await holdpoint(home, ['policy', 'apply', '--yes']);
          expect((await verify(home)).code).toBe(0);
          writeFileSync(file, before);
        },
        ALLOWED,
        true,
      );
      expect([code, stdout]).toEqual([5, expect.stringContaining('it was put back by hand')]);
    },
    60_000,
  );

  it.each([
    ['removed', (file: string) => rmSync(file), 'is gone'],
    ['damaged', (file: string) => writeFileSync(file, '{}'), 'is damaged'],
  ])(
    'differ when the count of sessions was %s, and after the next session too',
    async (_, change, words) => {
      const { home, code, stdout } = await homeAfter((made) => change(state(made, 'sessions.json')));
      expect([code, stdout]).toEqual([1, expect.stringContaining(words)]);
      await session(home, 1);
      const later = await verify(home);
      expect([later.code, later.stdout]).toEqual([
        1,
        expect.stringContaining('the count was removed or put back'),
      ]);
    },
    60_000,
  );

  it('differ when an earlier count was put back', async () => {
    const { code, stdout } = await homeAfter(async (home) => {
      const before = readFileSync(state(home, 'sessions.json'));
      await session(home, 1);
      writeFileSync(state(home, 'sessions.json'), before);
    });
    expect([code, stdout]).toEqual([5, expect.stringContaining('an older file was put back')]);
  }, 60_000);

  it.skipIf(!LONG)(
    'differ when a session could not be counted, which runs all the same and says so',
    async () => {
      const { code, stdout } = await homeAfter(async (made) => {
        const file = state(made, 'sessions.json');
        rmSync(file);
        mkdirSync(file);
        const { proxy } = await toolsProxy({}, { home: made });
        proxy.call(1, 'echo', {});
        expect(await proxy.answer(1)).toMatchObject({ result: {} });
        await proxy.end();
        expect(proxy.stderr).toContain('could not be counted');
      });
      expect([code, stdout]).toEqual([1, expect.stringContaining('was not counted')]);
    },
    60_000,
  );
});

describe('a limit whose newest log was removed', () => {
  it('does not begin anew: a call that it concerns does not run, and says which log is gone', async () => {
    const home = newHome(LIMITED, true);
    const first = await session(home, 3);
    expect(first[2]).toContain('beyond 2/day');
    rmSync(runs(home).at(-1)!);
    const { proxy, executed } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', {});
    const decision = await eventually('a decision', () =>
      recordsOf(home, 'decision').find(({ effect }) => effect === 'escalate'),
    );
    expect(JSON.stringify(decision)).toMatch(/is gone .*audit verify/);
    expect(executed()).toEqual([]);
    await proxy.end();
  }, 60_000);
});
