import { basename } from 'node:path';
import { PROJECT_PLACES } from '../config/policy-places.ts';
import type { Home } from '../platform/home.ts';
import type { ApprovalSettings } from '../policy/decide/types.ts';
import { agentRefusal, refuse, type Tried } from './agent-refusal.ts';
import { policyNow } from './policy-now.ts';

interface Command extends Tried {
  /** The policy file that it is about, when it names one. */
  policy?: string | undefined;
}

/** Refuses a command that loosens something, with a record, to whoever is no person. Rejects with a PlainError. */
export async function personOnly(home: Home, { cause, what, policy }: Command): Promise<void> {
  const refusal = await agentRefusal(home, await modeInForce(home, policy));
  if (refusal !== undefined) refuse(home, { cause, what }, refusal);
}

/** A policy of ours that cannot be read must not lock its owner out, nor open the door: then a person is asked for. */
async function modeInForce(home: Home, file: string | undefined): Promise<ApprovalSettings['cli']> {
  try {
    // A project's file has no say in who may apply it.
    const named = file !== undefined && PROJECT_PLACES.includes(basename(file)) ? undefined : file;
    const { cli } = (await policyNow(home, named)).approvals;
    return cli === 'off' ? 'person' : cli;
  } catch {
    return 'person';
  }
}
