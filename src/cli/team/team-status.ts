import { fieldsOf } from '../../approvals/channel/wire-fields.ts';
import { PublishedFile } from '../../config/published-policy.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { behind } from '../../session/copied-log.ts';
import { membershipOf } from '../../session/open-team.ts';
import { Presence } from '../../team/holds/presence.ts';
import type { NatsRelay } from '../../team/relay/nats-relay.ts';
import { invitationText } from '../../team/trust/invitation.ts';
import { machineOf } from '../../team/trust/machine.ts';
import { visible } from '../../text/visible.ts';
import { type AtRelay, atRelay } from './at-relay.ts';
import { configuredTeam, refuseAgents } from './given.ts';
import type { TeamOptions } from './team.ts';

interface Status {
  space: string;
  machine: string;
  url: string[];
  approvers: { name: string; sealed: boolean }[];
  vouchedAt: string | null;
  present: { name: string; machine: string; looking: string | null }[];
  waiting: { machine: string; session: string; hold: string; expiresAt: string | null }[];
  /** The latest version of the team's policy here; null: none. */
  policy: number | null;
  /** How many records of this machine its copy lacks; null where the policy wants no copy. */
  behind: number | null;
}

/** `holdpoint team status`: --json prints {space, machine, url, approvers, vouchedAt, present, waiting, policy, behind}. */
export async function teamStatus(options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  if (options.invitation === true) {
    const membership = membershipOf(home, await configuredTeam(home));
    await refuseAgents(home, 'status --invitation');
    process.stdout.write(`${invitationText(membership)}\n`);
    return;
  }
  const said: string[] = [];
  const status = await atRelay(home, { command: 'status', say: (sentence) => said.push(sentence) }, (at) =>
    statusOf(home, at),
  );
  if (options.json === true) process.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
  else process.stdout.write(`${inWords(status).join('\n')}\n`);
  for (const sentence of said) process.stderr.write(`holdpoint: ${visible(sentence)}\n`);
}

async function statusOf(home: Home, { policy, membership, relay, trust }: AtRelay): Promise<Status> {
  const { team, audit } = policy;
  const { machine, seed } = membership;
  const presence = new Presence({
    relay,
    space: team.space,
    secret: Buffer.from(membership.secret, 'base64url'),
    enrolment: () => trust.enrolment(),
    now: Date.now,
  });
  await watched((done) => presence.watch(done));
  const at = trust.vouchedAt;
  const mirrored = audit.mirror !== 'off';
  return {
    space: team.space,
    machine,
    url: team.url,
    approvers: [...trust.enrolment().approvers.values()].map(({ name, encryption }) => ({
      name,
      sealed: encryption !== undefined,
    })),
    vouchedAt: at === undefined ? null : new Date(at).toISOString(),
    present: presence.approvers().map(({ name, machine: on, looking }) => ({ name, machine: on, looking })),
    waiting: await waiting(relay),
    policy: new PublishedFile(home).read().taken?.version ?? null,
    behind: mirrored ? await behind({ home, team, relay, machine: machineOf(machine, seed) }) : null,
  };
}

const ENOUGH_MS = 3_000;

/** Resolves once all that lay there was read. */
async function watched(start: (done: () => void) => Promise<() => void>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    late = setTimeout(() => reject(new PlainError('The relay does not tell who is there.')), ENOUGH_MS);
    start(resolve).catch(reject);
  });
  clearTimeout(late);
}

async function waiting(relay: NatsRelay): Promise<Status['waiting']> {
  const found = new Map<string, Status['waiting'][number]>();
  await watched((done) =>
    relay.watch(
      'holds',
      '>',
      ({ key, value }) => {
        const [machine = '', session = '', hold = ''] = key.split('.');
        if (value === undefined) found.delete(key);
        else found.set(key, { machine, session, hold, expiresAt: expiryOf(value) });
      },
      done,
    ),
  );
  return [...found.values()];
}

function expiryOf(value: Uint8Array): string | null {
  const { expiresAt } = fieldsOf(Buffer.from(value).toString()) ?? {};
  return typeof expiresAt === 'string' ? expiresAt : null;
}

function inWords({
  space,
  machine,
  url,
  approvers,
  vouchedAt,
  present,
  waiting,
  policy,
  behind,
}: Status): string[] {
  const names = approvers.map(
    ({ name, sealed }) => visible(name) + (sealed ? '' : ' (nothing can be sealed to them)'),
  );
  return [
    `team      ${space}, over ${url.join(', ')}`,
    `machine   ${machine}`,
    `approvers ${names.join(', ') || 'nobody yet'}`,
    `vouched   ${vouchedAt ?? 'by nobody yet: an approver opens holdpoint watch and unlocks their key'}`,
    `present   ${present.map((one) => `${visible(one.name)} (${visible(one.machine)})`).join(', ') || 'nobody'}`,
    `policy    ${policy === null ? 'none published' : `version ${policy} of the team`}`,
    `copy      ${behind === null ? 'none of the log (audit.mirror)' : behind === 0 ? 'whole' : `${behind} records behind`}`,
    `waiting   ${waiting.length === 0 ? 'nothing' : ''}`,
    ...waiting.map(
      (one) => `  ${visible(one.hold)} on ${visible(one.machine)}, until ${visible(one.expiresAt ?? '?')}`,
    ),
  ];
}
