import { z } from 'zod';
import { listedPath } from '../../protocol/json/listed-path.ts';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { APPROVER_NAME, PLAIN_READ, RULE_CONFIRMATIONS } from '../decide/types.ts';
import { duration } from './duration-schema.ts';
import { NOTIFY_KEYS, notifySchema } from './notify-schema.ts';
import { patternFault } from './pattern-fault.ts';
import { MOST_ITEMS } from './policy-limits.ts';
import { TEAM_KEYS, teamSchema } from './team-schema.ts';

function patternOf(of: 'tool' | 'name') {
  return z.string().superRefine((text, context) => {
    const fault = patternFault(text, of);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}

export const pattern = patternOf('tool');
function listOf(one: typeof pattern) {
  return z.union([one.transform((alone) => [alone]), z.array(one).min(1, 'An empty list matches nothing.')]);
}
const patterns = listOf(pattern);
const names = listOf(patternOf('name'));
const DAY_MS = 86_400_000;
const holdTime = duration(1_000, 7 * DAY_MS, '1s and 7d');

const text = z.string().min(1, 'This must not be empty.').max(1_000, 'This is longer than 1,000 characters.');
const approverName = z
  .string()
  .regex(APPROVER_NAME, 'An approver\'s name is up to 32 letters, digits, ".", "_" and "-".');
const names64 = z.array(approverName).min(1, 'With an empty list nobody could approve.').max(64);
const condition = z
  .string()
  .regex(/\S/, 'An empty condition would be no condition: remove the key, or say what is meant.')
  .max(4_096, 'This is longer than 4,096 characters.');
const over = z.union([z.string(), z.strictObject({ sum: z.string(), limit: z.number(), per: z.string() })]);
function riskOf<const Class extends string>(classes: readonly Class[], said: string) {
  const one = z.enum(classes);
  return z
    .union([one.transform((alone) => [alone]), z.array(one).min(1, 'An empty list matches nothing.')])
    .optional()
    .describe(said);
}
const CLASSES =
  'What the tool may do: read, write, destructive, execute, financial, outbound, production, unknown';
const base = {
  tool: patterns.optional().describe('Patterns of tools, "server/tool"; without a slash of any server.'),
  except: patterns.optional().describe('Tools that the item does not cover, in the same patterns.'),
  server: names.optional().describe('Names of servers, as run --server gives them.'),
  caller: names.optional().describe('Who asks: the name given by run --as.'),
  risk: riskOf(ALL_CLASSES, `${CLASSES}.`),
  when: condition.optional().describe('A CEL condition: the item covers a call only when it is true.'),
  reason: text.optional().describe('What the agent and the person are told.'),
  id: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'An id is up to 64 letters, digits, ".", "_" and "-".')
    .optional(),
};
const denyItem = z.strictObject({
  ...base,
  client: names.optional().describe('What the client calls itself: a claim.'),
  over: over
    .optional()
    .describe('The item covers only what goes beyond this: "20/hour", or a sum of an argument.'),
  hide: z.literal(true).optional().describe('The tools leave the list that the client gets.'),
});
const escalateItem = z.strictObject({
  ...base,
  client: names.optional().describe('What the client calls itself: a claim.'),
  unless: condition
    .optional()
    .describe('A CEL condition: the item does not cover a call for which it is true.'),
  over: over
    .optional()
    .describe('The item covers only what goes beyond this: "20/hour", or a sum of an argument.'),
  timeout: holdTime.optional().describe('How long it waits for a person.'),
  confirm: z
    .enum(RULE_CONFIRMATIONS)
    .optional()
    .describe(
      "One key, the tool's name typed, or the passphrase of a key. Without it the tool's class says how.",
    ),
  large: z
    .boolean()
    .optional()
    .describe('true: a call of more than 2,000 lines may be approved too; false: no other item may say so.'),
  show: z.array(text).min(1, 'An empty list shows nothing.').max(16).optional(),
  approvals: z
    .int()
    .min(1, 'This must be between 1 and 9.')
    .max(9, 'This must be between 1 and 9.')
    .optional(),
  remember: z.literal(false).optional(),
  approvers: names64.optional().describe('Who may approve: names of approvers, or of groups.'),
  // biome-ignore lint/suspicious/noThenProperty: a key of policies, which nobody awaits.
  then: z
    .strictObject({ after: holdTime, approvers: names64 })
    .optional()
    .describe('Who may approve besides when nobody has answered for so long; needs "approvers".'),
});
const allowItem = z.strictObject({
  ...base,
  risk: riskOf(
    [...ALL_CLASSES, PLAIN_READ],
    `${CLASSES}; or plain-read: what runs unasked without a policy.`,
  ),
});

export const ITEM_SCHEMAS = { deny: denyItem, escalate: escalateItem, allow: allowItem };

const list = z.array(z.unknown()).max(MOST_ITEMS).default([]);

const redacted = z.string().transform((path, context) => {
  const listed = listedPath(path);
  if (listed !== undefined) return listed;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(path)} is not a path such as "args.ssn", "args.items.*.iban" or "args[\\"x y\\"]".`,
  });
  return z.NEVER;
});

export const policySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  default: z.enum(['escalate', 'deny']).optional().describe('What happens to a call that no item covers.'),
  mode: z
    .enum(['enforce', 'observe'])
    .optional()
    .describe('observe: record what would be decided, forward everything.'),
  deny: list,
  escalate: list,
  allow: list,
  servers: z
    .record(
      z.string(),
      z.strictObject({
        trustAnnotations: z.boolean().optional().describe("Believe the server's hints about its own tools."),
        newTools: z
          .enum(['ask', 'policy'])
          .optional()
          .describe(
            'A tool that the server did not have when it was accepted: ask once, or go by the lists.',
          ),
      }),
    )
    .default({}),
  approvals: z
    .strictObject({
      timeout: holdTime.optional(),
      answerWithin: z.union([z.literal('auto'), duration(1_000, DAY_MS, '1s and 1d')]).optional(),
      headless: z.enum(['hold', 'deny']).optional(),
      cli: z.enum(['person', 'outside', 'tty', 'any', 'off']).optional(),
      maxLive: z
        .int()
        .min(1, 'This must be between 1 and 256.')
        .max(256, 'This must be between 1 and 256.')
        .optional(),
      passFor: duration(1_000, DAY_MS, '1s and 1d').optional(),
      sign: z.enum(['off', 'required']).optional(),
      notify: notifySchema.optional(),
    })
    .default({}),
  audit: z
    .strictObject({
      durability: z.enum(['process', 'disk']).optional(),
      checkpoint: z
        .string()
        .regex(/^\//, 'This must be an absolute path: the proxy runs in many working folders.')
        .max(1_000, 'This is longer than 1,000 characters.')
        .optional(),
      arguments: z.enum(['source', 'keys', 'none']).optional(),
      redact: z.array(redacted).max(1_000).optional(),
      keepDays: z
        .int()
        .min(1, 'This must be between 1 and 36500.')
        .max(36_500, 'This must be between 1 and 36500.')
        .optional(),
      mirror: z
        .enum(['off', 'follow', 'required'])
        .optional()
        .describe("Each record is copied to the team's relay: afterwards, or before a call goes on."),
    })
    .default({}),
  groups: z
    .record(approverName, names64)
    .optional()
    .describe('Approvers by a name of their group: "groups": { "oncall": ["ada", "bob"] }.'),
  team: teamSchema.optional(),
});

/** The keys that may stand at a place of a policy. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  const [first, second, third] = path;
  if (first === undefined) return Object.keys(policySchema.shape).filter((key) => key !== '$schema');
  if (first === 'approvals' && second === 'notify') return NOTIFY_KEYS;
  if (first === 'approvals') return Object.keys(policySchema.shape.approvals.unwrap().shape);
  if (first === 'audit') return Object.keys(policySchema.shape.audit.unwrap().shape);
  if (first === 'team') return TEAM_KEYS;
  if (third === 'then') return ['after', 'approvers'];
  if (third === 'over') return ['sum', 'limit', 'per'];
  if (first === 'servers') return ['trustAnnotations', 'newTools'];
  return Object.keys(ITEM_SCHEMAS[first as keyof typeof ITEM_SCHEMAS].shape);
}

export type PolicySource = z.infer<typeof policySchema>;
export type ItemSource = Omit<z.infer<typeof escalateItem>, 'risk'> &
  Pick<z.infer<typeof allowItem>, 'risk'> & { hide?: true | undefined };
