import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/policy/decide/decide.ts';
import { asksFirst } from '../../../src/policy/decide/names-server.ts';
import type { ToolFacts } from '../../../src/policy/decide/types.ts';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { callOf, compiled, FACTS } from '../../support/policy.ts';

const PLAIN: ToolFacts = {
  risk: 'read',
  sure: true,
  annotations: new Map(),
  plainRead: true,
  change: undefined,
  firstUse: undefined,
};
const LINE = { tool: '*/*', risk: 'plain-read' };

describe('an allow item of plain reads', async () => {
  const policy = await compiled({ allow: [LINE] });
  const effect = (tool: ToolFacts | undefined) => {
    const { effect, rule } = decide(callOf('srv', 'get_note'), policy, { ...FACTS, tool });
    return [effect, rule];
  };

  it('lets run what runs without a policy', () => {
    expect(effect(PLAIN)).toEqual(['allow', 'allow[0]']);
  });

  it.each<[string, ToolFacts | undefined]>([
    ['a read that takes a query or names a secret', { ...PLAIN, plainRead: false }],
    ['what may be more than a read', { ...PLAIN, sure: false, plainRead: false }],
    ['a write', { ...PLAIN, risk: 'write', plainRead: false }],
    ['a tool of which nothing is known', undefined],
    ['a tool that changed', { ...PLAIN, change: 'It changed' }],
  ])('lets %s not', (_, tool) => {
    expect(effect(tool)[0]).toBe('escalate');
  });

  it('asks once about a server that nobody accepted, as without a policy', () => {
    const firstUse = 'This server is new here';
    const decision = decide(callOf('srv', 'get_note'), policy, { ...FACTS, tool: { ...PLAIN, firstUse } });
    expect(decision).toMatchObject({
      effect: 'escalate',
      rule: 'builtin:first-use',
      reason: firstUse,
      obligations: { confirm: 'key', remember: false },
    });
  });

  it('has no say for what a stricter list covers', async () => {
    const strict = await compiled({ deny: ['srv/get_note'], allow: [LINE] });
    expect(decide(callOf('srv', 'get_note'), strict, { ...FACTS, tool: PLAIN }).effect).toBe('deny');
  });

  it.each(['deny', 'escalate'])('is none of %s', async (list) => {
    const { problems } = await compilePolicy(JSON.stringify({ version: 1, [list]: [LINE] }));
    expect(problems?.map(({ path }) => path)).toEqual([`${list}[0].risk`]);
  });
});

describe('a new server is asked about first', () => {
  it.each<[string, object, boolean]>([
    ['where only plain reads of it run', { allow: [LINE] }, true],
    ['whatever else denies or asks', { deny: ['srv/x'], escalate: ['srv/y'], allow: [LINE] }, true],
    ['not where something else of it runs', { allow: [LINE, 'srv/put'] }, false],
    ['where only other servers have more', { allow: [LINE, 'other/*'] }, true],
    ['not where a class runs besides', { allow: [{ ...LINE, risk: ['plain-read', 'write'] }] }, false],
    ['not under a policy without plain reads', { allow: ['srv/*'] }, false],
    ['not under an empty policy', {}, false],
    ['not where the default denies', { default: 'deny', allow: [LINE] }, false],
    ['not while the policy observes', { mode: 'observe', allow: [LINE] }, false],
  ])('%s', async (_, source, asks) => {
    expect(asksFirst(await compiled(source), 'srv')).toBe(asks);
  });
});
