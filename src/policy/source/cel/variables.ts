import type { Effect } from '../../decide/types.ts';

const TYPES = {
  args: 'map<string, dyn>',
  input: 'map<string, dyn>',
  server: 'string',
  tool: 'string',
  caller: 'string',
  risk: 'string',
  reversibility: 'string',
  annotations: 'map<string, dyn>',
  now: 'google.protobuf.Timestamp',
};

/** What a condition can name, with the engine's types. `client` is not there in `allow`: a client names itself. */
export function variablesIn(list: Effect): Record<string, string> {
  return list === 'allow' ? TYPES : { ...TYPES, client: 'string' };
}
