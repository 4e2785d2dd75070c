import { notAPerson } from '../approvals/person.ts';
import { processChain } from '../approvals/process-chain.ts';
import type { Home } from '../config/home.ts';
import type { ApprovalSettings } from '../policy/decide/types.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { commandBy, recordCommand } from './cli-session.ts';

/** Why this process may not loosen anything, as a sentence; undefined: a person seems to run it. */
export function agentRefusal(cli: ApprovalSettings['cli']): string | undefined {
  const here = { env: process.env, chain: processChain(), isTerminal: process.stdin.isTTY === true };
  return notAPerson(here, cli, []);
}

/** Records what was tried, and throws the refusal as a PlainError. */
export function refuse(home: Home, tried: { cause: string; what: string }, refusal: string): never {
  const what = `${tried.what}: ${refusal}`;
  recordCommand(home, { type: 'fault', cause: tried.cause, what, by: commandBy() });
  throw new PlainError(refusal);
}
