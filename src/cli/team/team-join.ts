import { keyId } from '../../approvals/signing/approver-key.ts';
import { rootOf } from '../../approvals/signing/enrolment-of.ts';
import { PublishedFile } from '../../config/published-policy.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { TeamSettings } from '../../policy/decide/types.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { membershipOf, trustOf } from '../../session/open-team.ts';
import { missingPermissions } from '../../team/relay/check-permissions.ts';
import { NatsLog } from '../../team/relay/nats-log.ts';
import { connectRelay, type NatsRelay } from '../../team/relay/nats-relay.ts';
import { readInvitation } from '../../team/trust/invitation.ts';
import { MembershipFile, newSecret } from '../../team/trust/membership.ts';
import { visible } from '../../text/visible.ts';
import { configuredTeam, machineName, refuseAgents } from './given.ts';
import type { TeamOptions } from './team.ts';
import { takePolicyAt } from './team-policy.ts';

/** `holdpoint team join INVITATION`. */
export async function joinTeam(text: string, options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'join');
  const invitation = readInvitation(text);
  const team = await configuredTeam(home);
  if (invitation.space !== team.space)
    throw new PlainError(
      `The invitation is for the team "${invitation.space}", and the policy names "${team.space}". Correct one of them.`,
    );
  const machine = machineName(options.machine);
  const file = new MembershipFile(home);
  const before = file.read();
  if (before !== undefined)
    throw new PlainError(
      `This home belongs to the team "${before.space}" already. Leave it first: holdpoint team leave.`,
    );
  const first = rootOf(home);
  if (first !== undefined && keyId(first.publicKey) !== invitation.root)
    throw new PlainError(
      `This home has approvers of its own, who were enrolled by ${visible(first.name)} and not by the team: its list cannot be both. Use another home (--home), or move state/approvers.json away and apply your policy anew.`,
    );
  const relay = await connectRelay(team, { machine, name: 'join', patient: false });
  try {
    await assertPermitted(relay, team, machine);
    const joinedAt = new Date().toISOString();
    file.join({ ...invitation, machine, seed: newSecret(), joinedAt }, () =>
      recordCommand(home, {
        type: 'team',
        event: 'joined',
        space: team.space,
        machine,
        root: invitation.root,
        by: commandBy(),
      }),
    );
    await announced(home, team, relay, machine).catch((error: Error) => {
      file.leave(() =>
        recordCommand(home, { type: 'team', event: 'left', space: team.space, machine, by: commandBy() }),
      );
      throw error;
    });
  } finally {
    await relay.close();
  }
}

async function assertPermitted(relay: NatsRelay, team: TeamSettings, machine: string): Promise<void> {
  const { space } = team;
  const missing = await missingPermissions(relay, new NatsLog(relay, team), { space, machine });
  if (missing.length === 0) return;
  throw new PlainError(
    `The relay does not permit this machine, "${machine}", all that it needs, so it has not joined:\n${missing
      .map((one) => `  ${one}`)
      .join('\n')}\nWhat it needs: holdpoint team permissions --role proxy --machine ${machine}`,
  );
}

async function announced(
  home: ReturnType<typeof resolveHome>,
  team: Awaited<ReturnType<typeof configuredTeam>>,
  relay: Awaited<ReturnType<typeof connectRelay>>,
  machine: string,
): Promise<void> {
  const trust = trustOf(home, team, relay, (sentence) =>
    process.stderr.write(`holdpoint: ${visible(sentence)}\n`),
  );
  await trust.start();
  trust.stop();
  if (!trust.isAnnounced)
    throw new PlainError(
      `Another machine of the team is called "${machine}". Give this one another name: holdpoint team join … --machine NAME.`,
    );
  const approvers = [...trust.enrolment().approvers.values()].map(({ name }) => name);
  process.stdout.write(
    approvers.length === 0
      ? 'Joined. No member has published the list of approvers yet: it is followed as soon as one does.\n'
      : `Joined as "${machine}". May approve: ${approvers.map(visible).join(', ')}.\n`,
  );
  await takePolicyAt(home, { relay, trust, membership: membershipOf(home, team) });
  process.stdout.write(
    'To approve from here: "holdpoint approver init", and an approver of the team enrolls what it prints.\n',
  );
}

/** `holdpoint team leave`: nothing of the team counts here any more; its approvers stay enrolled until they are removed. */
export async function leaveTeam(options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'leave');
  const file = new MembershipFile(home);
  const before = file.read();
  if (before === undefined) throw new PlainError('This home belongs to no team.');
  const { space, machine } = before;
  file.leave(() => recordCommand(home, { type: 'team', event: 'left', space, machine, by: commandBy() }));
  new PublishedFile(home).forget();
  process.stdout.write(
    `This home has left the team "${space}": sessions that start from now on ask on this machine alone. Its approvers stay enrolled here; take "team" out of the policy as well.\n`,
  );
}
