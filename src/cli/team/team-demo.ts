import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { answerFrom } from '../../approvals/answering/answer.ts';
import { callLines } from '../../approvals/answering/rendered.ts';
import { gatherFrom } from '../../approvals/channel/ask-proxies.ts';
import { keyId, makeKey, type Signer, unlockKey } from '../../approvals/signing/approver-key.ts';
import { encryptionOf } from '../../approvals/signing/enrolment.ts';
import { loadPolicy } from '../../config/applied-policy.ts';
import { PublishedFile } from '../../config/published-policy.ts';
import { Agent } from '../../demo/agent.ts';
import { DEMO_POLICY, STORY, type Step } from '../../demo/story.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { ensurePrivateFolder, type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { needsText } from '../../policy/decide/ladder.ts';
import { trustOf } from '../../session/open-team.ts';
import { takePublished } from '../../session/published-policies.ts';
import { publish } from '../../team/policy/published.ts';
import { makeSpace } from '../../team/relay/make-space.ts';
import { connectRelay } from '../../team/relay/nats-relay.ts';
import { MembershipFile, newSecret } from '../../team/trust/membership.ts';
import { visible } from '../../text/visible.ts';
import { commitEnrolment } from '../approving/approver-changes.ts';
import { comparedLines, compareWithTeam } from '../audit/audit-team.ts';
import { configuredTeam } from './given.ts';
import { startNats } from './own-nats.ts';
import { TeamDeskHere } from './team-desk.ts';

const WAITS_MS = 15_000;
const POLL_MS = 50;
const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** `holdpoint team demo`: a laptop, a server and a relay on this machine; ends by itself, exit 1 if it went wrong. */
export async function teamDemo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hp-team-'));
  const nats = await startNats(join(folder, 'relay'));
  let ended = 0;
  try {
    print(`A relay runs: nats-server on ${nats.url}. It carries what follows and can read none of it.`);
    const laptop = await newHome(join(folder, 'laptop'), nats.url);
    const server = await newHome(join(folder, 'server'), nats.url);
    const ada = await begin(laptop, server);
    print('ada has a key on the laptop, made the team, and published its policy; the server joined.');
    print('An agent works on the server. What its policy asks about is shown on the laptop:\n');
    ended = await play(laptop, server, { signer: ada, ledger: join(folder, 'what-the-shop-did.txt') });
    print('\nWhat the copy of the log at the relay says, asked from the laptop:\n');
    for (const line of comparedLines(await compareWithTeam(laptop))) print(`  ${line}`);
  } finally {
    await nats.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  if (ended !== STORY.length) process.exitCode = EXIT.error;
  else print('\nNext: docs/team.md, three machines in fifteen minutes.');
}

async function newHome(folder: string, url: string): Promise<Home> {
  const home = resolveHome(folder, {});
  ensurePrivateFolder(home.root);
  const policy = { version: 1, audit: { mirror: 'follow' }, team: { url, space: 'demo' } };
  writeFileSync(join(home.root, 'policy.json'), JSON.stringify(policy), { mode: 0o600 });
  await loadPolicy(home, undefined, { firstSeen: 'apply', record: () => {} });
  return home;
}

/** What `approver init`, `team init`, `team policy publish` and, on the server, `team join` do. */
async function begin(laptop: Home, server: Home): Promise<Signer> {
  const team = await configuredTeam(laptop);
  const passphrase = newSecret();
  const key = await makeKey('ada', passphrase);
  const signer = await unlockKey(key, passphrase);
  if (signer === undefined) throw new Error('a key just made does not open');
  const enrolled = { name: 'ada', publicKey: key.publicKey, encryption: encryptionOf(signer) };
  commitEnrolment(laptop, { event: 'enrolled', ...enrolled }, signer);
  const shared = { space: 'demo', root: keyId(key.publicKey), secret: newSecret() };
  const relay = await connectRelay(team, { machine: 'laptop', name: 'demo', patient: false });
  await makeSpace(relay, 'demo', 1);
  const policy = publish('demo', 1, DEMO_POLICY, { signer, at: new Date().toISOString() });
  for (const [home, machine] of [
    [laptop, 'laptop'],
    [server, 'server'],
  ] as const) {
    const joinedAt = new Date().toISOString();
    new MembershipFile(home).join({ ...shared, machine, seed: newSecret(), joinedAt }, () => {});
    const trust = trustOf(home, team, relay, (sentence) => print(visible(sentence)));
    await trust.start();
    await trust.vouch(signer);
    trust.stop();
    await takePublished(home, policy, { root: shared.root, enrolment: trust.enrolment(), person: true });
  }
  await relay.close();
  if (new PublishedFile(server).read().taken === null) throw new PlainError('The policy was not taken.');
  return signer;
}

/** The agent's story on the server, answered from the laptop. Gives how many steps came to their end. */
async function play(
  laptop: Home,
  server: Home,
  { signer, ledger }: { signer: Signer; ledger: string },
): Promise<number> {
  const desk = new TeamDeskHere(laptop, await configuredTeam(laptop));
  await desk.open(false);
  desk.signer(signer);
  writeFileSync(ledger, '', { mode: 0o600 });
  const bin = resolve(import.meta.dirname, '../../../bin/holdpoint.js');
  const shop = resolve(import.meta.dirname, '../../demo/shop-server.js');
  const agent = new Agent();
  const run = [process.execPath, bin, 'run', '--server', 'shop', '--home', server.root, '--'];
  await agent.connect([...run, process.execPath, shop, ledger]);
  let ended = 0;
  for (const step of STORY) {
    const answer = agent.take(step);
    if (step.scripted !== undefined) await answerFromLaptop(desk, step, signer);
    const { ok, text } = await answer;
    print(`${ok ? '✓' : '✗'} The agent wants to ${step.wish}: ${step.tool}`);
    print(`   ${visible(text.split('\n')[0] ?? '')}`);
    ended += 1;
  }
  await agent.close();
  await desk.close();
  return ended;
}

async function answerFromLaptop(desk: TeamDeskHere, { tool, scripted }: Step, signer: Signer): Promise<void> {
  if (scripted === undefined) return;
  const until = Date.now() + WAITS_MS;
  while (Date.now() < until) {
    const { attached } = await gatherFrom(desk.directory);
    const found = attached
      .flatMap((proxy) => proxy.holds.map((hold) => ({ proxy, hold })))
      .find(({ hold }) => hold.tool === tool);
    if (found !== undefined) {
      const { hold, proxy } = found;
      print(
        `   held as ${hold.id} on the server; on the laptop ada reads it and signs her ${scripted.verdict}:`,
      );
      for (const line of callLines(hold)) print(`     ${line}`);
      const said = {
        verdict: scripted.verdict,
        ...(scripted.reason === undefined ? {} : { reason: scripted.reason }),
        ...(needsText(hold.obligations.confirm) ? { confirmation: hold.obligations.expected } : {}),
      };
      const person = {
        refusal: undefined,
        place: undefined,
        method: 'cli' as const,
        chain: ['holdpoint team demo'],
      };
      const printed = callLines(hold).join('\n');
      const keyed = (digest: string): string => digest;
      const here = {
        person,
        signer,
        passphrase: true,
        keyed,
        revealed: true,
        seen: 'printed' as const,
        printed,
      };
      const answer = answerFrom(proxy.session, hold, said, here);
      if ('refusal' in answer) throw new PlainError(answer.refusal);
      const { ok, message } = await proxy.decide(answer.verdict);
      print(`   ${ok ? 'the server' : 'the server objects'}: ${visible(message)}`);
    }
    for (const proxy of attached) proxy.close();
    if (found !== undefined) return;
    await new Promise((later) => setTimeout(later, POLL_MS));
  }
}
