import { join } from 'node:path';
import type { Desk } from '../approvals/channel/channel.ts';
import { ApproversFile } from '../approvals/signing/approvers-file.ts';
import type { Tip } from '../audit/log/entry.ts';
import { offerNotice } from '../config/published-policy.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import type { TeamSettings } from '../policy/decide/types.ts';
import { TeamChannel } from '../team/holds/team-channel.ts';
import type { LogFile, LogMirror } from '../team/log/log-mirror.ts';
import { POLICY_KEY, readPublished } from '../team/policy/published.ts';
import { connectRelay } from '../team/relay/nats-relay.ts';
import { isNewer, newerSentence } from '../team/relay/newer.ts';
import type { Relay } from '../team/relay/relay.ts';
import { MemberSeal } from '../team/sealing/member-seal.ts';
import { machineOf } from '../team/trust/machine.ts';
import { type Membership, MembershipFile } from '../team/trust/membership.ts';
import { TeamTrust } from '../team/trust/team-trust.ts';
import { adoptList } from './adopt-list.ts';
import type { Copied } from './copied.ts';
import { type CopyParts, catchUp, mirrorOf } from './copied-log.ts';
import { takePublished } from './published-policies.ts';

/** A relay that is reached and fails is asked again after so long. */
const AGAIN_MS = 10_000;
/** A session that ends waits so long for its last records to be copied. */
const LAST_COPY_MS = 1_500;

export interface TeamParts {
  home: Home;
  team: TeamSettings;
  session: string;
  keyed(digest: string): string;
  /** Another policy is in force in the home: the session is to go by it. */
  reread(): void;
  /** What is recorded; undefined where the team gets no copy of it. */
  copied: Copied | undefined;
  say(sentence: string): void;
}

/** The space that this home belongs to. Throws a PlainError when it is not the one that the policy names. */
export function membershipOf(home: Home, { space }: TeamSettings): Membership {
  const membership = new MembershipFile(home).read();
  if (membership === undefined)
    throw new PlainError(
      `The policy names the team "${space}", which this home has not joined: nobody elsewhere is asked. Join with "holdpoint team join INVITATION".`,
    );
  if (membership.space === space) return membership;
  throw new PlainError(
    `The policy names the team "${space}", and this home belongs to "${membership.space}": nobody elsewhere is asked. Correct the policy, or leave (holdpoint team leave) and join anew.`,
  );
}

/** Whom the space consists of, as this home knows it. */
export function trustOf(home: Home, team: TeamSettings, relay: Relay, say: TeamParts['say']): TeamTrust {
  const { space, root, secret, machine, seed } = membershipOf(home, team);
  return new TeamTrust({
    ...{ relay, space, root, secret: Buffer.from(secret, 'base64url'), freshMs: team.freshMs, say },
    machine: machineOf(machine, seed),
    events: () => new ApproversFile(home).read(),
    adopt: (events, from) => adoptList(home, events, from),
    isKnown: (name, key) => new MembershipFile(home).isKnown(name, key),
    now: Date.now,
  });
}

/** Reaches a team's relay for a session: as long as that takes. Never rejects; what is in the way is said. */
export async function openTeam(parts: TeamParts, desk: Desk): Promise<TeamChannel | undefined> {
  const { home, team, say } = parts;
  try {
    membershipOf(home, team);
  } catch (error) {
    say((error as Error).message);
    return undefined;
  }
  for (let told: string | undefined; ; ) {
    const opened = await opening(parts, desk).catch((error: Error) => error);
    if (opened instanceof TeamChannel) return opened;
    if (opened.message !== told)
      say(`Nobody elsewhere is asked for now: ${opened.message} It is tried again.`);
    told = opened.message;
    await new Promise((later) => setTimeout(later, AGAIN_MS).unref());
  }
}

async function opening(parts: TeamParts, desk: Desk): Promise<TeamChannel> {
  const { home, team, session, keyed, say } = parts;
  const { space, secret: text, machine: name, seed } = membershipOf(home, team);
  const relay = await connectRelay(team, { machine: name, name: session, patient: true, say });
  const trust = trustOf(home, team, relay, say);
  const secret = Buffer.from(text, 'base64url');
  const machine = machineOf(name, seed);
  const mirror = parts.copied && mirrorOf({ home, team, relay, trust, machine, say });
  const last = async (): Promise<void> => {
    await mirror?.settled(LAST_COPY_MS);
    mirror?.stop();
  };
  const ports = { relay, space, secret, machine, session, trust, keyed, last, say, now: Date.now };
  const channel = new TeamChannel({ ...ports, enrolment: () => trust.enrolment() }, desk);
  await channel.listen().catch(async (error: Error) => {
    await relay.close();
    throw error;
  });
  // Without these whoever answers is asked all the same.
  const failed = (error: Error): void => say(error.message);
  if (mirror !== undefined)
    await copyLog(parts, mirror, { home, team, relay, trust, machine, say }).catch(failed);
  await followPolicy(parts, relay, trust).catch(failed);
  return channel;
}

/** What is recorded from now on, and what the relay lacks of before. */
async function copyLog({ copied, home }: TeamParts, mirror: LogMirror, parts: CopyParts): Promise<void> {
  const fileOf = ({ file }: Tip): LogFile => ({ name: file, path: join(home.audit, file) });
  copied?.copiedBy({
    wake: (tip) => mirror.wake(fileOf(tip)),
    acknowledged: (tip) => mirror.acknowledged(fileOf(tip), tip.seq),
  });
  await catchUp(parts, mirror);
}

/** Takes what the team publishes, where that needs no person; the rest is said. */
async function followPolicy(
  { home, team, reread, say }: TeamParts,
  relay: Relay,
  trust: TeamTrust,
): Promise<void> {
  const { space, root, secret } = membershipOf(home, team);
  const seal = new MemberSeal(Buffer.from(secret, 'base64url'));
  const seen = async (value: Uint8Array): Promise<void> => {
    const text = seal.open(`policy/${POLICY_KEY}`, value);
    if (text === undefined) return;
    if (isNewer(text)) return say(newerSentence('The policy that the team publishes'));
    const policy = readPublished(text, space);
    if (policy === undefined) return;
    const how = await takePublished(home, policy, { root, enrolment: trust.enrolment(), person: false });
    if (how === 'taken') reread();
    if (how === 'offered') say(offerNotice(policy));
  };
  await relay.watch('policy', POLICY_KEY, ({ value }) => {
    if (value !== undefined) seen(value).catch((error: Error) => say(error.message));
  });
}
