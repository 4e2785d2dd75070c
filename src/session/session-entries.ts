import type { SessionEntry } from '../audit/log/entry.ts';
import { tipFields } from '../audit/log/previous-tip.ts';
import type { InForce } from '../config/in-force.ts';
import type { PolicyChange } from '../config/layer-in-force.ts';
import type { Home } from '../platform/home.ts';
import { VERSION } from '../platform/this-machine.ts';
import type { HomeState } from './from-home.ts';
import type { SessionIdentity } from './identity.ts';

const VERSIONS = { holdpoint: VERSION, node: process.version };

/** Policy files that were left aside. */
export const ignoredIn = ({ inForce }: HomeState): PolicyChange[] =>
  inForce.changes.filter(({ event }) => event === 'ignored');

/** What a session writes down first; `pinned`: the digest over the definitions that were accepted before it. */
export function startEntry(
  { session, server, caller, client, commandDigest, address }: SessionIdentity,
  { inForce, enrolment }: HomeState,
  home: Home,
  pinned: string | undefined,
): SessionEntry {
  return {
    type: 'session',
    kind: 'run',
    event: 'start',
    server,
    command: commandDigest,
    ...(address === undefined ? {} : { address }),
    client,
    caller: caller === undefined ? undefined : { as: caller },
    policy: policyField(inForce),
    ...(pinned === undefined ? {} : { pins: pinned }),
    approvers: approversHead(enrolment),
    tier: inForce.policy.approvals.sign === 'required' ? 1 : 0,
    versions: VERSIONS,
    ...tipFields(home.audit, session),
  };
}

/** That it goes by another policy from here on. */
export function policyEntry({ inForce }: HomeState): SessionEntry {
  return { type: 'session', kind: 'run', event: 'policy', policy: policyField(inForce), versions: VERSIONS };
}

/** Which list of approvers this session begins with; undefined when it cannot be relied on. */
function approversHead(enrolment: HomeState['enrolment']): string | null | undefined {
  try {
    return enrolment().head;
  } catch {
    return undefined;
  }
}

/** What a record says of the policy in force. */
function policyField({ file, digest, policy, layers, compiled }: InForce): SessionEntry['policy'] {
  const several = layers.map((one) => ({ layer: one.name, file: one.file, digest: one.digest }));
  return {
    file,
    digest,
    mode: policy.mode,
    ...(several.length > 1 ? { layers: several } : {}),
    ...(compiled === undefined ? {} : { compiled }),
  };
}
