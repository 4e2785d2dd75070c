import { hostname } from 'node:os';
import { EXIT } from '../../platform/exit-codes.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Policy, TeamSettings } from '../../policy/decide/types.ts';
import { agentRefusal, refuse } from '../../session/agent-refusal.ts';
import { policyNow } from '../../session/policy-now.ts';
import { MACHINE_NAME } from '../../team/trust/membership.ts';
import { visible } from '../../text/visible.ts';

/** A policy that names a team. */
export type TeamPolicy = Policy & { team: TeamSettings };

/** The policy in force, where it names a team. Rejects with a PlainError where it names none. */
export async function configuredPolicy(home: Home): Promise<TeamPolicy> {
  const policy = await policyNow(home);
  const { team } = policy;
  if (team !== undefined) return { ...policy, team };
  throw new PlainError(
    'The policy in force names no team. Add to your policy, and apply it: "team": { "url": "tls://nats.example:4222", "space": "acme", "credentials": "/path/to/file" } (docs/team.md).',
  );
}

/** That team alone. */
export async function configuredTeam(home: Home): Promise<TeamSettings> {
  return (await configuredPolicy(home)).team;
}

/** What this machine is to be called. Throws a PlainError (exit 2) for what cannot be a name. */
export function machineName(given: string | undefined): string {
  const name =
    given ??
    hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9_-]/g, '-') ??
    '';
  if (MACHINE_NAME.test(name)) return name;
  throw new PlainError(
    `${visible(name)} cannot be a machine's name in a team: give one of up to 32 letters, digits, "_" and "-" with --machine.`,
    EXIT.usage,
  );
}

/** Whoever joins or leaves decides who is asked: a person's business. */
export async function refuseAgents(home: Home, verb: string): Promise<void> {
  const refusal = await agentRefusal(home, 'person');
  if (refusal !== undefined) refuse(home, { cause: 'team-refused', what: `team ${verb}` }, refusal);
}
