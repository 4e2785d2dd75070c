import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProxyMessage } from '../../src/approvals/channel/messages.ts';
import { freePort } from '../../src/cli/team/own-nats.ts';
import type { TeamSettings } from '../../src/policy/decide/types.ts';
import { readCopies } from '../../src/team/log/compare.ts';
import { makeSpace } from '../../src/team/relay/make-space.ts';
import { NatsLog } from '../../src/team/relay/nats-log.ts';
import { connectRelay } from '../../src/team/relay/nats-relay.ts';
import { MemberSeal } from '../../src/team/sealing/member-seal.ts';
import { Authority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder } from '../support/home.ts';
import { Broker, NATS_SERVER } from '../support/nats.ts';
import { NatsTeam, relayAt, teamAt } from '../support/team-nats.ts';

const HOUR_MS = 3_600_000;

function credentials(text: string, mode = 0o600): string {
  const file = join(newFolder(), 'credentials');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** Why a team's relay is not reached, or what is asked of it is not done. */
async function fault(ask: () => Promise<unknown>): Promise<string> {
  return ask().then(
    () => 'nothing was wrong',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

async function reached(team: TeamSettings): Promise<void> {
  const relay = await connectRelay(team, { machine: 'm', name: 'test', patient: false });
  await relay.close();
}

const reach = (team: TeamSettings): Promise<string> => fault(() => reached(team));
const open = (team: TeamSettings): Promise<string> =>
  fault(async () => (await relayAt(team, 'm')).watch('trust', '>', () => {}));
const make = (team: TeamSettings, replicas = 1): Promise<string> =>
  fault(async () => makeSpace(await relayAt(team, 'm'), team.space, replicas));

async function withTls(authority: Authority, names: string, days?: number): Promise<string> {
  const { certificate, key } = authority.certify(names, days);
  const broker = await Broker.start(`tls { cert_file: "${certificate}", key_file: "${key}" }\n`);
  return broker.url.replace('nats:', 'tls:');
}

describe.skipIf(NATS_SERVER === undefined)(
  'a relay that is not to be reached says why, and what to do',
  () => {
    it('credentials', async () => {
      const { url } = await Broker.start('authorization { users: [{ user: a, password: b }] }\n');
      expect(await reach(teamAt([url]))).toBe(
        `PlainError: The relay wants credentials, and the policy's "team" names none. (${url}, space acme, not reached)`,
      );
      const wrong = credentials('a:c');
      expect(await reach(teamAt([url], { credentials: wrong }))).toBe(
        `PlainError: The relay refuses the credentials in ${wrong}: take others, or let its administrator renew them. (${url}, space acme, not reached)`,
      );
      const open = credentials('a:b', 0o644);
      expect(await reach(teamAt([url], { credentials: open }))).toBe(
        `PlainError: Others on this machine may read the team's credentials ${open}. Take that from them: chmod 600 ${open}`,
      );
      expect(await reach(teamAt([url], { credentials: credentials('hello') }))).toMatch(
        /are none that is known: a NATS \.creds file, an nkey seed \(SU…\), or one line "user:password"\.$/,
      );
      expect(await reach(teamAt([url], { credentials: credentials('a:b') }))).toBe('nothing was wrong');
    });

    it('certificates', async () => {
      const authority = new Authority();
      const ca = authority.certificate;
      const good = await withTls(authority, 'IP:127.0.0.1');
      expect(await reach(teamAt([good], { ca }))).toBe('nothing was wrong');
      expect(await reach(teamAt([good]))).toContain(
        'cannot be verified (unable to verify the first certificate): name its authority\'s file as the team\'s "ca".',
      );
      const other = new Authority().certificate;
      expect(await reach(teamAt([good], { ca: other }))).toContain(
        `cannot be verified by ${other} (unable to verify the first certificate)`,
      );
      expect(await reach(teamAt([await withTls(authority, 'IP:127.0.0.1', -1)], { ca }))).toContain(
        'The certificate of the relay has expired: its administrator must renew it.',
      );
      const elsewhere = await withTls(authority, 'DNS:elsewhere.example,IP:127.0.0.2');
      expect(await reach(teamAt([elsewhere], { ca }))).toContain(`cannot be verified by ${ca} (`);
      const plain = await Broker.start();
      expect(await reach(teamAt([plain.url.replace('nats:', 'tls:')], { ca }))).toContain(
        "The relay cannot be reached: server does not support 'tls'.",
      );
    });

    it('nobody there, and somebody who waits for it is told why, and reaches it once it is there', async () => {
      const port = await freePort();
      const team = teamAt([`nats://127.0.0.1:${port}`]);
      expect(await reach(team)).toContain(
        `The relay cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}.`,
      );
      const broker = await Broker.start('authorization { users: [{ user: a, password: b }] }\n');
      const file = credentials('a:wrong');
      const said: string[] = [];
      const waiting = connectRelay(teamAt([broker.url], { credentials: file }), {
        ...{ machine: 'm', name: 'test', patient: true },
        say: (sentence) => said.push(sentence),
      });
      await eventually('a word of it', () => said.length > 0);
      expect(said[0]).toMatch(/^The relay refuses the credentials in .* It is tried again\.$/);
      writeFileSync(file, 'a:b');
      const relay = await waiting;
      onTestFinished(() => relay.close());
      expect(relay.reached).toBe(true);
      expect(said).toHaveLength(1);
    });
  },
);

describe.skipIf(NATS_SERVER === undefined)(
  'a relay that does not do what is asked says why, and what to do',
  () => {
    it('permissions that are missing', async () => {
      const { url } = await Broker.start(
        'authorization { users: [{ user: a, password: b, permissions: { publish: ["foo"], subscribe: [">"] } }] }\nno_auth_user: a\n',
      );
      const said =
        /^PlainError: The relay does not permit this: Permissions Violation for Publish to "\$JS\.API\.\S+"\. "holdpoint team permissions" prints what each role needs\. /;
      expect(await open(teamAt([url]))).toMatch(said);
      expect(await make(teamAt([url]))).toMatch(said);
    });

    it('a space that it does not know, and one that it cannot make', async () => {
      const { url } = await Broker.start();
      expect(await open(teamAt([url]))).toContain(
        'The relay knows no space "acme": make it with "holdpoint team init", or correct the team\'s "space".',
      );
      expect(await make(teamAt([url]), 3)).toContain(
        'too few servers for so many replicas: leave --replicas out',
      );
    });

    it('JetStream that is off, for the account or wholly', async () => {
      const off = await Broker.start(
        'accounts { A { users: [{ user: a, password: b }] } }\nno_auth_user: a\n',
      );
      for (const ask of [open, make])
        expect(await ask(teamAt([off.url]))).toContain(
          'The relay has no JetStream for this account: its administrator must enable it ("jetstream: enabled").',
        );
      const bare = await Broker.start('jetstream: disabled\n');
      for (const ask of [open, make])
        expect(await ask(teamAt([bare.url]))).toContain(
          'does not answer for the space "acme": it has no JetStream',
        );
    });

    it('a bucket that somebody else made', async () => {
      const { url } = await Broker.start();
      const { connection, packages } = await relayAt(teamAt([url]), 'm');
      await new packages.kv.Kvm(connection).create('holdpoint-acme-answers');
      expect(await make(teamAt([url]))).toBe(
        'PlainError: The relay has a bucket "holdpoint-acme-answers" that holdpoint did not make. Take another name for the team\'s "space", or remove that bucket.',
      );
    });
  },
);

const NEWER =
  /^(.*) was written by a newer holdpoint than the one on this machine, and does not count here: update holdpoint here\.$/;

describe.skipIf(NATS_SERVER === undefined)('a message of a newer version', () => {
  it('is said to be one, in each bucket, and counts for nothing', async () => {
    const broker = await Broker.start();
    const team = await NatsTeam.make(teamAt([broker.url]), ['ada', 'bob']);
    const { room } = await team.room('server');
    const { approver } = await team.approver('desk', 0);
    const other = await relayAt(team.team, 'other');
    const seal = new MemberSeal(team.secret);
    const v2 = JSON.stringify({ v: 2, events: [], said: {}, at: new Date().toISOString() });
    const plain = Buffer.from(v2);
    room.escalate({ n: 0 }, HOUR_MS);
    const { hold } = await eventually('it to be shown', () => [...approver.holds.values()][0]);
    await other.put('holds', 'server.s-server.new', plain);
    await other.put('ends', `server.s-server.${hold.id}`, plain);
    await other.create('answers', `${approver.person.key}.server.s-server.${hold.id}.1`, plain);
    await other.put('presence', 'approver.x.desk', seal.seal('presence/approver.x.desk', v2));
    for (const key of ['list.other', 'machine.other', 'head.other'])
      await other.put('trust', key, seal.seal(`trust/${key}`, v2));
    const all = (): string[] => [...approver.said, ...room.member.said, ...approver.member.said];
    const told = (): string[] => [...new Set(all().map((said) => NEWER.exec(said)?.[1] ?? said))].sort();
    await expect
      .poll(told)
      .toEqual([
        'A call of the machine server',
        'An answer to a call of this machine',
        'How a call of the machine server ended',
        'That somebody is present',
        'What lies at "head.other" of the team\'s trust',
        'What lies at "list.other" of the team\'s trust',
        'What lies at "machine.other" of the team\'s trust',
      ]);
    expect(approver.holds.size).toBe(1);
    expect(room.outcomes.get('1')).toEqual({ forwarded: 0, refused: [] });
  });

  it("is found in the log's copy", async () => {
    const broker = await Broker.start();
    const { team } = await NatsTeam.make(teamAt([broker.url]), ['ada']);
    const log = new NatsLog(await relayAt(team, 'm'), team);
    await log.append('holdpoint.acme.audit.m.s', Buffer.from('{"v":2}'), 0);
    const [file] = await readCopies(log, 'acme', () => undefined);
    expect(file?.faults[0]).toMatch(NEWER);
  });
});

describe.skipIf(NATS_SERVER === undefined)('a call that is longer than the relay takes', () => {
  it('is named elsewhere, and waits on its own machine', async () => {
    const broker = await Broker.start();
    const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
    const { room } = await team.room('server');
    const { approver } = await team.approver('desk', 0);
    room.escalate({ text: 'x'.repeat(8_000_000) }, HOUR_MS);
    const place = await eventually('it to be named', () => approver.directory.list()[0]);
    const heard: ProxyMessage[] = [];
    approver.directory.connect(place, true, { message: (one) => heard.push(one), closed: () => {} });
    await eventually('its session', () => heard.find(({ type }) => type === 'ready'));
    expect(heard.filter(({ type }) => type === 'hold')).toEqual([]);
    const [hello] = heard;
    expect(hello?.type === 'hello' && hello.notices[0]).toMatch(
      /^The call \S+ on server has 80000\d\d characters, which the relay does not carry: it waits for an answer on that machine\.$/,
    );
    expect(room.member.said).toEqual([]);
    expect(room.outcomes.get('1')).toEqual({ forwarded: 0, refused: [] });
  });
});
