import { gather } from '../approvals/channel/ask-proxies.ts';
import { notAPerson, surroundings } from '../approvals/person/not-a-person.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import type { ApprovalSettings } from '../policy/decide/types.ts';
import { commandBy, recordCommand } from './command-record.ts';

/**
 * Why this process may not loosen anything, as a sentence; undefined: a person seems to run it. The clients of all
 * sessions that run in this home count: what is loosened is loosened for each.
 */
export async function agentRefusal(home: Home, cli: ApprovalSettings['cli']): Promise<string | undefined> {
  const here = surroundings(process.env, process.stdin.isTTY === true);
  const alone = notAPerson(here, cli, []);
  if (alone !== undefined || cli === 'any') return alone;
  const { attached, silent } = await gather(home.run);
  for (const proxy of attached) proxy.close();
  // Its client may be who runs this.
  if (silent.length > 0)
    return `Whether an MCP client runs this cannot be told: ${silent.join('; ')}. End that server, or its client, and try again.`;
  return notAPerson(
    here,
    cli,
    attached.map(({ session }) => session),
  );
}

/** What was tried, for the record of its refusal. */
export interface Tried {
  cause: string;
  what: string;
}

/** Records what was tried, and throws the refusal as a PlainError. */
export function refuse(home: Home, tried: Tried, refusal: string): never {
  const what = `${tried.what}: ${refusal}`;
  recordCommand(home, { type: 'fault', cause: tried.cause, what, by: commandBy() });
  throw new PlainError(refusal);
}
