import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/policy/decide/decide.ts';
import { explain } from '../../../src/policy/decide/explain.ts';
import { namesOtherServersOnly } from '../../../src/policy/decide/names-server.ts';
import type { Facts, Policy } from '../../../src/policy/decide/types.ts';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { readCases, runCase } from '../../../src/policy/source/test-cases.ts';
import { callOf, compiled, FACTS } from '../../support/policy.ts';

const CASES = resolve(import.meta.dirname, '../../cases/policy');

for (const name of readdirSync(CASES)) {
  const { file, problems } = await readCases(readFileSync(join(CASES, name), 'utf8'), 'json');
  if (file === undefined) throw new Error(`${name}: ${JSON.stringify(problems)}`);
  const text = file.policy !== undefined && 'text' in file.policy ? file.policy.text : '';
  const { policy, problems: faults } = await compilePolicy(text);
  if (policy === undefined) throw new Error(`${name}: ${JSON.stringify(faults)}`);
  describe(`${name}: ${file.description}`, () => {
    it.for(file.cases)('line $line: $call $args $argsText $caller $client', (one) => {
      expect(runCase(one, policy, FACTS.places, FACTS.now).differs).toEqual([]);
    });
  });
}

describe('decide', () => {
  const words = fc.constantFrom('fs', 'read_file', 'write_file', 'x', '*', '', 'a/b', '__proto__');
  const patterns = ['fs/*', '*/write_*', 'x', '*', 'read_file', 'a/b'];
  const items = fc.array(fc.constantFrom(...patterns), { maxLength: 4 });
  /** Made once: compiling waits, and a property does not. */
  const all = async (): Promise<Policy> => compiled({ deny: patterns, escalate: patterns, allow: patterns });
  const pick = (policy: Policy, list: 'deny' | 'escalate' | 'allow', wanted: readonly string[]) =>
    wanted.flatMap((pattern) => policy[list].filter((item) => item.source === pattern));

  it('is total and deterministic, and its effect is always the strictest list that matches', async () => {
    const whole = await all();
    fc.assert(
      fc.property(
        words,
        words,
        fc.record({ deny: items, escalate: items, allow: items }),
        (server, tool, lists) => {
          const policy = {
            ...whole,
            deny: pick(whole, 'deny', lists.deny),
            escalate: pick(whole, 'escalate', lists.escalate),
            allow: pick(whole, 'allow', lists.allow),
          };
          const call = callOf(server, tool);
          const { decision, trace } = explain(call, policy, FACTS);
          const matching = (list: string) => trace.some((line) => line.list === list && line.matches);
          const wanted = ['deny', 'escalate', 'allow'].find(matching) ?? 'escalate';
          expect(decision.effect).toBe(wanted);
          expect(decision).toEqual(decide(call, policy, FACTS));
          expect(decision.obligations !== undefined).toBe(decision.effect === 'escalate');
        },
      ),
    );
  });

  it('does not depend on the order of the items', async () => {
    const whole = await all();
    fc.assert(
      fc.property(words, words, items, (server, tool, allow) => {
        const effect = (wanted: readonly string[]) =>
          decide(
            callOf(server, tool),
            { ...whole, deny: [], escalate: [], allow: pick(whole, 'allow', wanted) },
            FACTS,
          ).effect;
        expect(effect([...allow].reverse())).toBe(effect(allow));
      }),
    );
  });

  it('denies a tool whose name is longer than any tool has, whatever the lists say', async () => {
    const policy = await compiled({ allow: ['*'] });
    const { effect, rule } = decide(callOf('fs', 'x'.repeat(2_000)), policy, FACTS);
    expect([effect, rule]).toEqual(['deny', 'builtin:endless-name']);
  });

  it('never lets a limit that cannot be read pass: it is a question, or a denial where that is the default', async () => {
    const broken: Facts = {
      ...FACTS,
      spent: () => {
        throw new Error('EIO');
      },
    };
    for (const [fallback, effect] of [
      ['escalate', 'escalate'],
      ['deny', 'deny'],
    ] as const) {
      const policy = await compiled({
        default: fallback,
        allow: ['*'],
        deny: [{ tool: 's/t', over: '5/hour' }],
      });
      const decision = decide(callOf('s', 't'), policy, broken);
      expect(decision.effect).toBe(effect);
      expect(decision.diagnostics.join()).toContain('EIO');
    }
  });

  it('allows as a read only what is surely one; what tightens counts in any case', async () => {
    const tool = (sure: boolean): Facts => ({
      ...FACTS,
      tool: {
        risk: 'read',
        sure,
        annotations: new Map(),
        plainRead: false,
        change: undefined,
        firstUse: undefined,
      },
    });
    const allows = await compiled({ allow: [{ risk: 'read' }] });
    expect(decide(callOf('s', 't'), allows, tool(true)).effect).toBe('allow');
    expect(decide(callOf('s', 't'), allows, tool(false)).effect).toBe('escalate');
    const denies = await compiled({ deny: [{ risk: 'read' }], allow: ['*'] });
    expect(decide(callOf('s', 't'), denies, tool(false)).effect).toBe('deny');
  });

  it('remembers which items name a tool for a few thousand tools, and forgets rather than grow', async () => {
    const policy = await compiled({ allow: ['fs/read_*'] });
    for (let n = 0; n < 10_000; n += 1) decide(callOf('fs', `x${n}`), policy, FACTS);
    expect(decide(callOf('fs', 'read_x'), policy, FACTS).effect).toBe('allow');
  });
});

describe('a policy that names other servers only', () => {
  it.for([
    [{ allow: ['github/*'] }, true],
    [{ allow: ['github/*', { server: 'fs*' }] }, false],
    [{ deny: ['drop_*'] }, false],
    [{ escalate: [{ tool: '{fs,gitlab}/x' }] }, false],
    [{ allow: [{ caller: 'ci' }] }, false],
    [{}, false],
  ] as const)('%j: %s', async ([lists, wanted]) => {
    expect(namesOtherServersOnly(await compiled(lists), 'fs')).toBe(wanted);
  });
});

describe('in a working folder inside the holdpoint home', () => {
  const inside: Facts = { ...FACTS, places: { ...FACTS.places, workingFolder: '/home/ada/.holdpoint' } };
  it.for([
    ['{"n":1.10}', 'allow'],
    ['{"t":"plain words"}', 'allow'],
    ['{"path":"/srv/x"}', 'allow'],
    ['{"path":"policy.json"}', 'deny'],
    ['{"path":"./state/policies.json"}', 'deny'],
  ] as const)('%s: %s', async ([argumentsText, effect]) => {
    const policy = await compiled({ allow: ['*'] });
    expect(decide(callOf('fs', 'x', argumentsText), policy, inside).effect).toBe(effect);
  });
});
