import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TeamSettings } from '../../src/policy/decide/types.ts';
import { missingPermissions } from '../../src/team/relay/check-permissions.ts';
import { makeSpace } from '../../src/team/relay/make-space.ts';
import { auditStream } from '../../src/team/relay/names.ts';
import { NatsLog } from '../../src/team/relay/nats-log.ts';
import { connectRelay, type NatsRelay } from '../../src/team/relay/nats-relay.ts';
import { configurationOf, type RoleUser } from '../../src/team/relay/permissions.ts';
import { newFolder } from '../support/home.ts';
import { Broker, NATS_SERVER } from '../support/nats.ts';

const KEY = 'a'.repeat(32);
const SETTINGS = { url: ['nats://127.0.0.1'], space: 'acme' } as TeamSettings;
const USERS: RoleUser[] = [
  { role: 'proxy', machine: 'one', key: '' },
  { role: 'proxy', machine: 'two', key: '' },
  { role: 'approver', machine: 'desk', key: KEY },
  { role: 'auditor', machine: 'audit', key: '' },
  { role: 'administrator', machine: 'root', key: '' },
];
const CONFIG = configurationOf('acme', USERS).replaceAll('REPLACE_WITH_A_PASSWORD', 'secret');
const VALUE = Buffer.from('x');

/** A member of the space as this role's user. */
async function as(broker: Broker, user: string, machine: string): Promise<NatsRelay> {
  const credentials = join(newFolder(), 'user');
  writeFileSync(credentials, `${user}:secret`, { mode: 0o600 });
  const team = {
    url: [broker.url],
    space: 'acme',
    credentials,
    auditors: [],
    freshMs: 1,
    policyRequired: false,
  };
  return connectRelay({ ca: undefined, ...team } as TeamSettings, { machine, name: 'test', patient: false });
}

async function world() {
  const broker = await Broker.start(CONFIG);
  const root = await as(broker, 'administrator-root', 'root');
  await makeSpace(root, 'acme', 1);
  const [one, two, desk, audit] = await Promise.all([
    as(broker, 'proxy-one', 'one'),
    as(broker, 'proxy-two', 'two'),
    as(broker, `approver-${KEY}`, 'desk'),
    as(broker, 'auditor-audit', 'audit'),
  ]);
  return { broker, root, one, two, desk, audit };
}

const refused = { message: expect.stringContaining('does not permit this') };

describe.skipIf(NATS_SERVER === undefined)('the roles of a space, as nats-server takes them', () => {
  it('are a configuration that nats-server accepts', () => {
    const file = join(newFolder(), 'nats.conf');
    writeFileSync(file, CONFIG);
    const told = execFileSync(NATS_SERVER as string, ['-t', '-c', file], { encoding: 'utf8', stdio: 'pipe' });
    expect(told).toBeDefined();
  });

  it('a proxy publishes its own holds, and nothing of another machine, no answer and no word for the list', async () => {
    const { one, desk } = await world();
    const seen: string[] = [];
    await desk.watch('holds', '>', ({ key }) => seen.push(key));
    await one.put('holds', 'one.session.h', VALUE);
    await one.put('presence', 'session.one.s', VALUE);
    await one.put('trust', 'machine.one', VALUE);
    await expect(one.put('holds', 'two.session.h', VALUE)).rejects.toMatchObject(refused);
    await expect(one.put('trust', 'machine.two', VALUE)).rejects.toMatchObject(refused);
    await expect(one.put('trust', `head.${KEY}`, VALUE)).rejects.toMatchObject(refused);
    await expect(one.create('answers', `${KEY}.one.session.h.1`, VALUE)).rejects.toMatchObject(refused);
    await expect.poll(() => seen).toEqual(['one.session.h']);
  });

  it('an approver answers under their own key, and writes no hold, no end, and nothing in the name of another key', async () => {
    const { one, desk } = await world();
    const heard: string[] = [];
    await one.watch('answers', '*.one.session.*.*', ({ key }) => heard.push(key));
    expect(await desk.create('answers', `${KEY}.one.session.h.1`, VALUE)).toBe(true);
    expect(await desk.create('answers', `${KEY}.one.session.h.1`, VALUE)).toBe(false);
    await expect(desk.create('answers', `${'b'.repeat(32)}.one.session.h.1`, VALUE)).rejects.toMatchObject(
      refused,
    );
    await expect(desk.put('holds', 'one.session.h', VALUE)).rejects.toMatchObject(refused);
    await expect(desk.put('ends', 'one.session.h', VALUE)).rejects.toMatchObject(refused);
    await expect.poll(() => heard).toEqual([`${KEY}.one.session.h.1`]);
  });

  it('nobody but an administrator can delete or purge the log, and the stream itself refuses those even to them', async () => {
    const { root, one, desk, audit } = await world();
    for (const relay of [one, desk, audit]) {
      const { jetstream } = relay.packages;
      const manager = await jetstream.jetstreamManager(relay.connection, { checkAPI: false });
      await expect(manager.streams.delete(auditStream('acme'))).rejects.toThrow();
      await expect(manager.streams.purge(auditStream('acme'))).rejects.toThrow();
    }
    const manager = await root.packages.jetstream.jetstreamManager(root.connection);
    await expect(manager.streams.purge(auditStream('acme'))).rejects.toThrow(/not permitted/);
  });

  it('what a machine needs and is not permitted is found when it joins, and nothing is left of the trying', async () => {
    const { one, desk, root } = await world();
    const ofOne = { space: 'acme', machine: 'one' };
    expect(await missingPermissions(one, new NatsLog(one, SETTINGS), ofOne)).toEqual([]);
    const missing = await missingPermissions(desk, new NatsLog(desk, SETTINGS), {
      ...ofOne,
      machine: 'desk',
    });
    expect(missing.map((one) => one.split(':')[0])).toEqual([
      'to write its own holds',
      'to write its own ends',
      'to write its own presence',
      'to add to the copy of its log',
    ]);
    expect(await root.get('holds', 'one.probe.probe')).toBeUndefined();
    expect((await new NatsLog(root, SETTINGS).facts()).there).toBe(0);
  });

  it('one machine does not hear what the relay answers another', async () => {
    const { one } = await world();
    const nc = one.connection;
    const errors: unknown[] = [];
    const sub = nc.subscribe('_INBOX.holdpoint.two.>', { callback: (error) => void errors.push(error) });
    await nc.flush();
    await expect.poll(() => errors.length).toBe(1);
    sub.unsubscribe();
  });
});
