import { z } from 'zod';
import type { Effect } from '../decide/types.ts';
import { ITEM_SCHEMAS, pattern, policySchema } from './schema.ts';

const SAID: Record<Effect, string> = {
  deny: 'Refused at once; nobody is asked.',
  escalate: 'Held until a person approves or rejects it.',
  allow: 'Runs without a question.',
};

/**
 * The shape of a policy file as JSON Schema 2020-12, for editors: made from the very schemas that read the file.
 * What they cannot say (patterns, conditions, limits, who may be an approver) `policy check` says.
 */
export function policyJsonSchema(): unknown {
  const list = (effect: Effect) =>
    z
      .array(z.union([pattern, ITEM_SCHEMAS[effect]]))
      .optional()
      .describe(SAID[effect]);
  const whole = policySchema.extend({ deny: list('deny'), escalate: list('escalate'), allow: list('allow') });
  const schema = z.toJSONSchema(whole, { io: 'input', unrepresentable: 'any' });
  return {
    $id: 'https://unpkg.com/holdpoint@0/schema/policy.schema.json',
    title: 'holdpoint policy',
    ...schema,
  };
}
