import { ZERO } from '../../src/policy/decide/decimal.ts';
import type { Call, Facts, Policy } from '../../src/policy/decide/types.ts';
import { compilePolicy } from '../../src/policy/source/compile.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';

export const FACTS: Facts = {
  places: {
    holdpointHome: '/home/ada/.holdpoint',
    userHome: '/home/ada',
    workingFolder: '/home/ada/work',
    besides: ['/usr/lib/node_modules/holdpoint'],
  },
  now: Date.parse('2026-11-25T12:00:00Z'),
  spent: () => ZERO,
};

/** A policy written as a value; throws when it has a problem. */
export async function compiled(source: object): Promise<Policy> {
  const { policy, problems } = await compilePolicy(JSON.stringify({ version: 1, ...source }));
  if (policy === undefined) throw new Error(JSON.stringify(problems));
  return policy;
}

export function callOf(server: string, tool: string, args: unknown = {}): Call {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return { server, tool, arguments: JsonSource.of(text), caller: undefined, client: undefined };
}
