import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesOtherServersOnly } from '../../src/policy/decide/concerns.ts';
import { decide } from '../../src/policy/decide/decide.ts';
import { explain } from '../../src/policy/decide/explain.ts';
import { targetOf } from '../../src/policy/decide/glob.ts';
import type { Call, Facts, Policy } from '../../src/policy/decide/types.ts';
import { compilePolicy } from '../../src/policy/source/compile.ts';
import { JsonSource } from '../../src/protocol/json-source.ts';

const CASES = resolve(import.meta.dirname, '../cases/policy');
const FACTS: Facts = {
  places: { holdpointHome: '/home/ada/.holdpoint', userHome: '/home/ada', workingFolder: '/home/ada/work' },
};

interface CaseFile {
  description: string;
  policy: unknown;
  cases: {
    call: string;
    args?: unknown;
    argsText?: string;
    caller?: string;
    client?: string;
    want: Record<string, unknown>;
  }[];
}

function compiled(source: unknown): Policy {
  const { policy, problems } = await compilePolicy(JSON.stringify(source));
  if (policy === undefined) throw new Error(JSON.stringify(problems));
  return policy;
}

for (const name of readdirSync(CASES)) {
  const file = JSON.parse(readFileSync(join(CASES, name), 'utf8')) as CaseFile;
  const policy = compiled(file.policy);
  describe(`${name}: ${file.description}`, () => {
    it.for(file.cases)('$call $args $argsText $caller $client', (one) => {
      const call: Call = {
        ...targetOf(one.call),
        arguments: JsonSource.of(one.argsText ?? JSON.stringify(one.args ?? {})),
        caller: one.caller,
        client: one.client,
      };
      expect(decide(call, policy, FACTS)).toMatchObject(one.want);
      expect(explain(call, policy, FACTS).decision).toEqual(decide(call, policy, FACTS));
    });
  });
}

describe('decide', () => {
  const words = fc.constantFrom('fs', 'read_file', 'write_file', 'x', '*', '', 'a/b', '__proto__');
  const items = fc.array(fc.constantFrom('fs/*', '*/write_*', 'x', '*', 'read_file', 'a/b'), {
    maxLength: 4,
  });

  it('is total and deterministic, and its effect is always the strictest list that matches', () => {
    fc.assert(
      fc.property(
        words,
        words,
        fc.record({ deny: items, escalate: items, allow: items }),
        (server, tool, lists) => {
          const policy = compiled({ version: 1, ...lists });
          const call = { server, tool, arguments: JsonSource.of('{}'), caller: undefined, client: undefined };
          const { decision, trace } = explain(call, policy, FACTS);
          const matching = (list: string) => trace.some((line) => line.list === list && line.matches);
          const wanted = ['deny', 'escalate', 'allow'].find(matching) ?? 'escalate';
          expect(decision.effect).toBe(wanted);
          expect(decision.obligations !== undefined).toBe(decision.effect === 'escalate');
        },
      ),
    );
  });

  it('does not depend on the order of the items', () => {
    fc.assert(
      fc.property(words, words, items, (server, tool, allow) => {
        const call = { server, tool, arguments: JsonSource.of('{}'), caller: undefined, client: undefined };
        const forwards = decide(call, compiled({ version: 1, allow }), FACTS).effect;
        expect(decide(call, compiled({ version: 1, allow: [...allow].reverse() }), FACTS).effect).toBe(
          forwards,
        );
      }),
    );
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
  ] as const)('%j: %s', ([lists, wanted]) => {
    expect(namesOtherServersOnly(compiled({ version: 1, ...lists }), 'fs')).toBe(wanted);
  });
});

describe('in a working folder inside the holdpoint home', () => {
  const inside: Facts = { places: { ...FACTS.places, workingFolder: '/home/ada/.holdpoint' } };
  it.for([
    ['{"n":1.10}', 'allow'],
    ['{"t":"plain words"}', 'allow'],
    ['{"path":"/srv/x"}', 'allow'],
    ['{"path":"policy.json"}', 'deny'],
    ['{"path":"./state/policies.json"}', 'deny'],
  ] as const)('%s: %s', ([argumentsText, effect]) => {
    const call = {
      server: 'fs',
      tool: 'x',
      arguments: JsonSource.of(argumentsText),
      caller: undefined,
      client: undefined,
    };
    expect(decide(call, compiled({ version: 1, allow: ['*'] }), inside).effect).toBe(effect);
  });
});
