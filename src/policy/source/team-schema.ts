import { z } from 'zod';
import { APPROVER_NAME, type TeamSettings } from '../decide/types.ts';
import { duration } from './duration-schema.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ADDRESS = /^(tls|nats):\/\/([^/?#@\s]+)\/?$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Why an address cannot be a team's, as a sentence, or undefined. */
function addressFault(text: string): string | undefined {
  const shown = JSON.stringify(text.slice(0, 200));
  if (text.includes('@'))
    return 'An address holds no user or password: put them into a file and name it as "credentials".';
  const [, scheme = '', host = ''] = ADDRESS.exec(text) ?? [];
  if (scheme === '') return `${shown} is no address such as "tls://nats.example:4222".`;
  if (scheme.toLowerCase() === 'nats' && !LOOPBACK.test(host))
    return `${shown} would send what the relay is shown in the open: use "tls://" for every host but this machine.`;
  return undefined;
}

const address = z.string().superRefine((text, context) => {
  const fault = addressFault(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});
const file = z
  .string()
  .regex(/^\//, 'This must be an absolute path: the proxy runs in many working folders.')
  .max(1_000, 'This is longer than 1,000 characters.');
const space = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'A space is up to 32 letters, digits, "_" and "-".');
const approver = z.string().regex(APPROVER_NAME, "This must be an enrolled approver's name.");

/** How a team is reached: `team`. Counts in the user's and the administrator's policy only. */
export const teamSchema = z
  .strictObject({
    url: z
      .union([address.transform((one) => [one]), z.array(address).min(1).max(16)])
      .describe('Where the NATS servers are: "tls://host:4222"; nats:// for this machine alone.'),
    space: space.describe("The name of the team's buckets and streams."),
    credentials: file.optional().describe('A .creds file, an nkey seed, or a file with "user:password".'),
    ca: file.optional().describe("The certificate of the servers' authority, PEM."),
    auditors: z
      .array(approver)
      .max(64)
      .optional()
      .describe('Whose keys read the copy of the log; without them it holds only what proves.'),
    fresh: duration(MINUTE_MS, 30 * DAY_MS, '1m and 30d')
      .optional()
      .describe('How long the list of approvers counts after another approver vouched for it.'),
    policyRequired: z
      .boolean()
      .optional()
      .describe('Once there was a published policy: start nothing without it.'),
  })
  .transform(
    ({
      url,
      space,
      credentials,
      ca,
      auditors = [],
      fresh = DAY_MS,
      policyRequired = false,
    }): TeamSettings => ({
      url,
      space,
      credentials,
      ca,
      auditors,
      freshMs: fresh,
      policyRequired,
    }),
  )
  .describe('Approvals, presence and a copy of the log over NATS (docs/team.md).');

export const TEAM_KEYS = ['url', 'space', 'credentials', 'ca', 'auditors', 'fresh', 'policyRequired'];
