import { readFileSync } from 'node:fs';
import { policyDigest } from '../../config/applied-state.ts';
import { loosens } from '../../config/loosens.ts';
import { compileOrExplain } from '../../config/policy-text.ts';
import { PublishedFile, type PublishedPolicy, publishedSlot } from '../../config/published-policy.ts';
import { causeOf } from '../../platform/file-fault.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { takePublished } from '../../session/published-policies.ts';
import { POLICY_KEY, publish, readPublished } from '../../team/policy/published.ts';
import type { NatsRelay } from '../../team/relay/nats-relay.ts';
import { isNewer, newerSentence } from '../../team/relay/newer.ts';
import { MemberSeal } from '../../team/sealing/member-seal.ts';
import type { Membership } from '../../team/trust/membership.ts';
import { visible } from '../../text/visible.ts';
import { entitledSigner } from '../approving/seals.ts';
import { tellSessions } from '../policy/put-into-force.ts';
import { type AtRelay, atRelay } from './at-relay.ts';
import { refuseAgents } from './given.ts';
import type { TeamOptions } from './team.ts';

const PLACE = `policy/${POLICY_KEY}`;

/** `holdpoint team policy publish FILE`: the same policy for every machine of the team, signed by its first key. */
export async function publishPolicy(file: string, options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'policy publish');
  const text = textOf(file);
  await compileOrExplain(text, file);
  await atRelay(home, { command: 'policy' }, async (at) => {
    const { relay, membership } = at;
    const signer = await entitledSigner(home, options.as);
    if (signer.key !== membership.root)
      throw new PlainError(
        `Machines take a policy that the team's first key signed (${membership.root.slice(0, 8)}…), and ${signer.name}'s is another one.`,
      );
    const version = ((await published(relay, membership))?.version ?? 0) + 1;
    const { space, machine } = membership;
    const policy = publish(space, version, text, { signer, at: new Date().toISOString() });
    const by = { ...commandBy(), name: signer.name, key: signer.key, tier: 1 };
    recordCommand(home, {
      type: 'team',
      event: 'published',
      space,
      machine,
      version,
      digest: policyDigest(text),
      by,
    });
    const seal = new MemberSeal(Buffer.from(membership.secret, 'base64url'));
    await relay.put('policy', POLICY_KEY, seal.seal(PLACE, JSON.stringify(policy)));
    process.stdout.write(
      `Published version ${version} of the policy of "${space}". Machines that are reached take it over by themselves where it only denies or asks for more; else somebody takes it there: holdpoint team policy take.\n`,
    );
    await take(home, policy, at);
  });
}

/** `holdpoint team policy take`: a person here looks at what was published, and puts it into force. */
export async function takePolicy(options: TeamOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'policy take');
  await atRelay(home, { command: 'policy' }, async (at) => {
    const policy = await published(at.relay, at.membership);
    if (policy === undefined)
      throw new PlainError(`The team "${at.membership.space}" has published no policy.`);
    await take(home, policy, at);
  });
}

/** The same where one was published, for whoever joins. */
export async function takePolicyAt(home: Home, at: Omit<AtRelay, 'policy'>): Promise<void> {
  const policy = await published(at.relay, at.membership);
  if (policy !== undefined) await take(home, policy, at);
}

async function take(
  home: Home,
  policy: PublishedPolicy,
  { membership: { machine, root }, trust }: Pick<AtRelay, 'membership' | 'trust'>,
): Promise<void> {
  const { space, version, text } = policy;
  const { taken } = new PublishedFile(home).read();
  const [before, after] = await Promise.all([
    taken === null ? undefined : compileOrExplain(taken.text, publishedSlot(space, taken.version)),
    compileOrExplain(text, publishedSlot(space, version)),
  ]);
  const how = await takePublished(home, policy, { root, enrolment: trust.enrolment(), person: true });
  const why = loosens(before, after);
  process.stdout.write(
    how === 'known'
      ? `Version ${version} is in force on ${machine} already.\n`
      : `Version ${version} is in force on ${machine} now, as an administrator's policy would be${why === undefined ? '' : ` (${why} than what was before)`}:\n${visibleLines(text)}\n`,
  );
  await tellSessions(home);
}

function visibleLines(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${visible(line)}`)
    .join('\n');
}

async function published(
  relay: NatsRelay,
  { space, secret }: Membership,
): Promise<PublishedPolicy | undefined> {
  const value = await relay.get('policy', POLICY_KEY);
  if (value === undefined) return undefined;
  const text = new MemberSeal(Buffer.from(secret, 'base64url')).open(PLACE, value);
  if (text !== undefined && isNewer(text))
    throw new PlainError(newerSentence('The policy that the team publishes'));
  const policy = text === undefined ? undefined : readPublished(text, space);
  if (policy !== undefined) return policy;
  throw new PlainError('What lies at the relay as the policy of the team was put there by no member.');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlainError(`The policy ${file} cannot be read: ${causeOf(error)}.`);
  }
}
