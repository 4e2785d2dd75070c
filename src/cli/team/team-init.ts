import { keyId, type Signer } from '../../approvals/signing/approver-key.ts';
import { encryptionOf } from '../../approvals/signing/enrolment.ts';
import { enrolmentOf, rootOf } from '../../approvals/signing/enrolment-of.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { trustOf } from '../../session/open-team.ts';
import { makeSpace } from '../../team/relay/make-space.ts';
import { connectRelay } from '../../team/relay/nats-relay.ts';
import { invitationText } from '../../team/trust/invitation.ts';
import { MembershipFile, newSecret } from '../../team/trust/membership.ts';
import { commitEnrolment } from '../approving/approver-changes.ts';
import { entitledSigner } from '../approving/seals.ts';
import { configuredTeam, machineName, refuseAgents } from './given.ts';
import type { TeamOptions } from './team.ts';

/** `holdpoint team init`: the space at the relay, this home as its first member, an invitation. */
export async function initTeam(options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'init');
  const team = await configuredTeam(home);
  const replicas = replicasOf(options.replicas);
  const machine = machineName(options.machine);
  const file = new MembershipFile(home);
  const before = file.read();
  if (before !== undefined)
    throw new PlainError(
      `This home belongs to the team "${before.space}" already. Leave it first (holdpoint team leave), or print its invitation (holdpoint team status --invitation).`,
    );
  const first = rootOf(home);
  if (first === undefined)
    throw new PlainError(
      'Nobody is enrolled here, and a team begins with an approver whose key the others trust: run "holdpoint approver init" first.',
    );
  const signer = await entitledSigner(home, options.as);
  const relay = await connectRelay(team, { machine, name: 'init', patient: false });
  try {
    await makeSpace(relay, team.space, replicas);
    const joined = { space: team.space, root: keyId(first.publicKey), secret: newSecret(), machine };
    const by = { ...commandBy(), name: signer.name, key: signer.key, tier: 1 };
    file.join({ ...joined, seed: newSecret(), joinedAt: new Date().toISOString() }, () =>
      recordCommand(home, { type: 'team', event: 'made', space: team.space, machine, root: joined.root, by }),
    );
    giveKeyToSealTo(home, signer);
    const trust = trustOf(home, team, relay, say);
    await trust.start();
    await trust.vouch(signer);
    trust.stop();
    say(`The team "${team.space}" is made, and this machine is its member "${machine}".`);
    say(
      'Others join with this invitation, which must not come to them over the relay. Keep it as you keep a key:',
    );
    process.stdout.write(`${invitationText(joined)}\n`);
    say(
      'On each machine: the same "team" in its policy, then "holdpoint team join INVITATION". What the relay must permit each of them: "holdpoint team permissions".',
    );
  } finally {
    await relay.close();
  }
}

/** A key that was enrolled before it could be sealed to. */
function giveKeyToSealTo(home: Home, signer: Signer): void {
  const enrolled = enrolmentOf(home).approvers.get(signer.key);
  if (enrolled === undefined || enrolled.encryption !== undefined) return;
  const { name, publicKey } = enrolled;
  commitEnrolment(home, { event: 'sealing', name, publicKey, encryption: encryptionOf(signer) }, signer);
}

function replicasOf(text = '1'): number {
  if (['1', '3', '5'].includes(text)) return Number(text);
  throw new PlainError(`--replicas ${JSON.stringify(text)} is not 1, 3 or 5.`, EXIT.usage);
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
