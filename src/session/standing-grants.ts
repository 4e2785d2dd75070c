import { performance } from 'node:perf_hooks';
import type { HoldView } from '../approvals/channel/messages.ts';
import {
  type Asking,
  type Grant,
  grantBytes,
  grantOf,
  grants,
  grantText,
  type KeptGrant,
  type Remember,
  readGrant,
} from '../approvals/holding/grant.ts';
import type { HeldCall } from '../approvals/holding/hold.ts';
import type { Enrolment } from '../approvals/signing/enrolment.ts';
import { isSignedBytes } from '../approvals/signing/statement.ts';

export interface GrantsPorts {
  /** The digest of the server's command. */
  command: string;
  enrolment(): Enrolment;
  keyed(digest: string): string;
  keptGrants(): readonly KeptGrant[];
  keepGrant(kept: KeptGrant): void;
  say(sentence: string): void;
}

/** The standing permissions of one `run`: those of its own memory are compared, those of the home are checked too. */
export class StandingGrants {
  private readonly ports: GrantsPorts;

  constructor(ports: GrantsPorts) {
    this.ports = ports;
  }

  /** A grant counts while the key that signed it does; what cannot be relied on permits nothing. */
  for(held: HeldCall, remembered: readonly Grant[]): { asking: Asking; kept: Grant | undefined } {
    const { keyed, command, keptGrants, enrolment } = this.ports;
    const base = { held, command, call: keyed(held.callDigest) };
    const now = { wall: Date.now(), mono: performance.now() };
    try {
      const list = keptGrants();
      const signed = list.length > 0 || remembered.some(({ key }) => key !== null);
      const approvers = signed ? enrolment().approvers : new Map();
      const asking = { ...base, keys: new Set(approvers.keys()) };
      const counted = list.flatMap((one) => countedGrant(one, approvers) ?? []);
      return { asking, kept: counted.find((grant) => grants(grant, asking, now)) };
    } catch {
      return { asking: { ...base, keys: new Set() }, kept: undefined };
    }
  }

  /** Without a key a grant lives in the memory of this session. */
  unsigned(hold: HoldView, remember: Remember, by: string): Grant {
    const { command, keyed } = this.ports;
    const at = new Date().toISOString();
    return grantOf({ command, hold, remember, at, by, key: null, keyed });
  }

  keep(grant: Grant, value: string): void {
    try {
      this.ports.keepGrant({ statement: grantText(grant), value });
    } catch (error) {
      this.ports.say(`grant ${grant.id} counts in this session only: ${(error as Error).message}`);
    }
  }
}

/** A kept grant whose signer is still enrolled and did sign it. */
function countedGrant({ statement, value }: KeptGrant, approvers: Enrolment['approvers']): Grant | undefined {
  const grant = readGrant(statement);
  const approver = approvers.get(grant?.key ?? '');
  if (grant === undefined || approver === undefined || approver.name !== grant.by) return undefined;
  return isSignedBytes(grantBytes(statement), approver.publicKey, value) ? grant : undefined;
}
