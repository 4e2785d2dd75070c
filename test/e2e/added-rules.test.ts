import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyDigest } from '../../src/config/applied-state.ts';
import { holdpoint, holds } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, recordsOf, sockets, type TestPolicy } from '../support/home.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const ID = 'added-2026-11-20-abc123';
const RULE = { id: ID, tool: 'srv/echo', when: "has(args.a) && args.a == 'x'" };
const OTHER = 'srv/fail';
const POLICY: TestPolicy = { allow: [RULE, OTHER] };

const policyOf = (home: string): string => readFileSync(join(home, 'policy.json'), 'utf8');
const writeTo = (home: string, text: string): void => writeFileSync(join(home, 'policy.json'), text);
const listening = (home: string) => eventually('a socket', () => sockets(home).length > 0);
const revoke = (home: string, id = ID) => holdpoint(home, ['grants', 'revoke', id]);
const verified = async (home: string) => (await holdpoint(home, ['audit', 'verify'])).code;

interface Listed {
  id: string;
  scope: string;
  kept: boolean;
  uses: number;
  lastUse: string | null;
}
const listed = async (home: string): Promise<Listed[]> =>
  JSON.parse((await holdpoint(home, ['grants', 'list', '--json'])).stdout) as Listed[];

async function runs({ proxy }: ToolsProxy, id: number, tool: string, args: object): Promise<void> {
  proxy.call(id, tool, args);
  await proxy.answer(id);
}

const ran = (home: string): unknown[] =>
  recordsOf(home, 'decision').map(({ tool, effect, rule }) => [tool, effect, rule]);

describe('a rule that answers made', () => {
  it('is listed with its uses, and taken out without a key; what was signed goes on to count', async () => {
    const home = await enrolledHome(POLICY, 'ada');
    const server = await toolsProxy({}, { home });
    await runs(server, 1, 'echo', { a: 'x' });
    await runs(server, 2, 'echo', { a: 'x' });
    await listening(home);
    expect(await listed(home)).toMatchObject([{ id: ID, scope: 'always', kept: true, uses: 2 }]);
    const told = (await holdpoint(home, ['grants', 'list'])).stdout;
    expect(told).toContain('Rules added from answers');
    expect(told).toMatch(new RegExp(`${ID} {2}srv/echo {2}since 2026-11-20 {2}used 2 times, last `));
    expect(told).toContain(RULE.when);
    const { code, stdout, stderr } = await revoke(home);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`"id":"${ID}"`);
    expect(stdout).toContain('srv goes by the policy in force.');
    expect(policyOf(home)).not.toContain(ID);
    expect(await listed(home)).toEqual([]);
    server.proxy.call(3, 'echo', { a: 'x' });
    await holds(home, 1);
    await runs(server, 4, 'fail', {});
    await server.proxy.end();
    // A session that starts later finds the signature too.
    const later = await toolsProxy({}, { home });
    await runs(later, 1, 'fail', {});
    await later.proxy.end();
    expect(ran(home).map((one) => (one as string[])[1])).toEqual([
      'allow',
      'allow',
      'escalate',
      'allow',
      'allow',
    ]);
    expect((await holdpoint(home, ['policy', 'apply'])).stdout).toContain('is in force as it stands');
    expect(await verified(home)).toBe(0);
    expect((await revoke(home)).stderr).toContain('No rule of that id is in force');
  });

  it.each([
    ['something is allowed besides', (text: string) => text.replace('"srv/fail"', '"srv/fail","srv/echo"')],
    ['something else is taken out', (text: string) => text.replace('"deny":["srv/slow"]', '"deny":[]')],
  ])('that was taken out is no way past the signature: %s', async (_, forged) => {
    const home = await enrolledHome({ deny: ['srv/slow'], ...POLICY }, 'ada');
    expect((await revoke(home)).code).toBe(0);
    const file = join(home, 'state/policies.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as { applied: { user: Record<string, string> } };
    const { user } = state.applied;
    const text = forged(user['text'] ?? '');
    expect(text).not.toBe(user['text']);
    Object.assign(user, { text, digest: policyDigest(text) });
    writeFileSync(file, JSON.stringify(state));
    writeTo(home, text);
    const { proxy } = await toolsProxy({}, { home });
    proxy.call(1, 'echo', { a: 'y' });
    proxy.call(2, 'fail', {});
    await holds(home, 2);
    await proxy.end();
    expect(await verified(home)).toBe(5);
  });

  it('is not taken out of a file that was changed where it stands, which stays as it is', async () => {
    const home = newHome(POLICY);
    const session = await toolsProxy({}, { home });
    await runs(session, 1, 'fail', {});
    await session.proxy.end();
    const changed = policyOf(home).replace("== 'x'", "!= ''");
    writeTo(home, changed);
    const { code, stderr } = await revoke(home);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`was changed where ${ID} stands`)]);
    expect(policyOf(home)).toBe(changed);
    expect(await listed(home)).toMatchObject([{ id: ID }]);
  });

  it('is taken out alone: what else was changed in the file waits for policy apply', async () => {
    const home = newHome(POLICY);
    const server = await toolsProxy({}, { home });
    await runs(server, 1, 'echo', { a: 'x' });
    await listening(home);
    writeTo(home, policyOf(home).replace('"srv/fail"', '"srv/fail","srv/slow"'));
    const { code, stdout } = await revoke(home);
    expect(code).toBe(0);
    expect(stdout).not.toContain('srv/slow');
    expect(policyOf(home)).toContain('srv/slow');
    expect(policyOf(home)).not.toContain(ID);
    await runs(server, 2, 'fail', {});
    server.proxy.call(3, 'echo', { a: 'x' });
    server.proxy.call(4, 'slow', { ms: 1 });
    await holds(home, 2);
    await server.proxy.end();
    expect(await verified(home)).toBe(0);
  });
});
