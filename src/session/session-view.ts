import type { SessionView } from '../approvals/channel/messages.ts';
import type { InForce } from '../config/in-force.ts';
import { type ChainLink, controllingTerminal } from '../platform/process-chain.ts';
import { VERSION } from '../platform/this-machine.ts';
import type { SessionIdentity } from './identity.ts';

export interface ViewParts {
  identity: SessionIdentity;
  inForce: InForce;
  /** Where the server's relative paths begin; null where nobody can say. */
  folder: string | null;
  startedAt: string;
  ancestors: ChainLink[];
  /** Why it goes by an earlier policy than the one in force. */
  keeps: string | undefined;
}

/** What terminals are told of a session when they attach; the waiting room adds what stands in it. */
export function sessionView({ identity, inForce, keeps, ...rest }: ViewParts): SessionView {
  const { session, server, client, commandDigest } = identity;
  const { policy, digest, notices } = inForce;
  return {
    ...rest,
    session,
    server,
    pid: process.pid,
    terminal: controllingTerminal() ?? null,
    client: client?.name ?? null,
    version: VERSION,
    cli: policy.approvals.cli,
    command: commandDigest,
    policy: digest,
    redact: policy.audit.redact,
    grants: [],
    brake: false,
    enrolled: false,
    ...(keeps === undefined ? {} : { keeps }),
    notices: keeps === undefined ? notices : [keeps, ...notices],
  };
}
