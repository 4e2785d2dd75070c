import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { membershipOf } from '../../session/open-team.ts';
import {
  configurationOf,
  nscCommandsOf,
  ROLES,
  type Role,
  type RoleUser,
} from '../../team/relay/permissions.ts';
import { MembershipFile } from '../../team/trust/membership.ts';
import { configuredTeam, machineName } from './given.ts';
import type { TeamOptions } from './team.ts';

/** `holdpoint team permissions`: what the relay must permit, as NATS's configuration or as `nsc` commands. */
export async function teamPermissions(options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const team = await configuredTeam(home);
  const member = new MembershipFile(home).read() === undefined ? undefined : membershipOf(home, team);
  const machine =
    options.machine === undefined
      ? (member?.machine ?? machineName(undefined))
      : machineName(options.machine);
  const keys = [...enrolmentOf(home).approvers.keys()];
  const users = rolesOf(options.role).flatMap((role): RoleUser[] =>
    role === 'approver' ? keys.map((key) => ({ role, machine, key })) : [{ role, machine, key: '' }],
  );
  if (users.length === 0)
    throw new PlainError(
      'Nobody is enrolled here yet, and an approver\'s permissions name their key: "holdpoint approver init" first.',
    );
  process.stdout.write(
    options.nsc === true ? `${nscCommandsOf(team.space, users)}\n` : configurationOf(team.space, users),
  );
}

function rolesOf(given: string | undefined): readonly Role[] {
  if (given === undefined) return ROLES;
  const role = ROLES.find((one) => one === given);
  if (role !== undefined) return [role];
  throw new PlainError(`--role ${JSON.stringify(given)} is none of ${ROLES.join(', ')}.`, EXIT.usage);
}
