import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CutLine } from '../support/cut-line.ts';
import { eventually } from '../support/eventually.ts';
import { LONG } from '../support/long.ts';
import { Broker, NATS_SERVER } from '../support/nats.ts';
import { Cluster } from '../support/nats-cluster.ts';
import { NatsTeam, teamAt } from '../support/team-nats.ts';
import type { Approver, Room } from '../support/team-room.ts';

const HOUR_MS = 3_600_000;
/** Of what comes back by itself. */
const BACK_MS = 60_000;

const shown = (approver: Approver, count: number): Promise<unknown> =>
  eventually(
    () => `${count} holds on the screen, where ${approver.holds.size} are`,
    () => approver.holds.size === count,
    BACK_MS,
  );
const runs = (rooms: readonly Room[]): number[] =>
  rooms.flatMap(({ outcomes }) => [...outcomes.values()].map(({ forwarded }) => forwarded));
const ran = (rooms: readonly Room[]): number => runs(rooms).reduce((sum, one) => sum + one, 0);

/** Who answers sooner than a call can be read is asked for more. */
const READ_MS = 1_000;

/** Approves what has been on the screen for a while, of the first so many. */
function approve(approver: Approver, most = Number.POSITIVE_INFINITY): void {
  let given = 0;
  for (const [key, { hold }] of [...approver.holds])
    if (given < most && Date.now() - Date.parse(hold.openedAt) > READ_MS && approver.answer(key, 'approve'))
      given += 1;
}

/** Answers what is on the screen, and again what is still there some seconds later, until each call has run. */
async function approveAll(rooms: readonly Room[], approver: Approver): Promise<void> {
  const calls = runs(rooms).length;
  for (const until = Date.now() + 2 * BACK_MS; ran(rooms) < calls && Date.now() < until; ) {
    await sleep(READ_MS);
    approve(approver);
    for (let n = 0; n < 100 && ran(rooms) < calls; n += 1) await sleep(20);
  }
  expect({ ran: ran(rooms), most: Math.max(...runs(rooms)) }).toEqual({ ran: calls, most: 1 });
  await shown(approver, 0);
}

describe.skipIf(NATS_SERVER === undefined)('when the broker is killed and comes back', () => {
  it('what waits is on the screen again, nothing twice, and an answer runs it once', async () => {
    const broker = await Broker.start();
    const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
    const { room, relay } = await team.room('server');
    const { approver } = await team.approver('desk', 0);
    for (let n = 0; n < 10; n += 1) room.escalate({ n }, HOUR_MS);
    await shown(approver, 10);
    await broker.kill();
    await eventually('the broker to be missed', () => !relay.reached);
    for (let n = 10; n < 15; n += 1) room.escalate({ n }, HOUR_MS);
    await broker.up();
    await shown(approver, 15);
    expect(new Set([...approver.holds.values()].map(({ hold }) => hold.argumentsText)).size).toBe(15);
    await approveAll([room], approver);
    expect(approver.results.filter(({ ok }) => ok)).toHaveLength(15);
  }, 120_000);

  it.skipIf(!LONG)(
    'an answer given meanwhile is told as unknown, and however often it is given again the call runs once',
    async () => {
      const broker = await Broker.start();
      const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
      const { room } = await team.room('server');
      const { approver, relay } = await team.approver('desk', 0);
      room.escalate({ n: 0 }, HOUR_MS);
      await shown(approver, 1);
      await broker.kill();
      await eventually('the broker to be missed', () => !relay.reached);
      await sleep(READ_MS);
      approve(approver);
      await eventually('a word on the answer', () => approver.results.length > 0, BACK_MS);
      expect(approver.results[0]?.message).toMatch(
        /^Whether your answer reached the team's relay is not known: .*The relay cannot be reached.* It counts if it did; the record of server tells\.$/,
      );
      await broker.up();
      await approveAll([room], approver);
    },
    120_000,
  );

  it.skipIf(!LONG)(
    'again and again under answers on their way, each call runs once',
    async () => {
      const broker = await Broker.start();
      const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
      const { room } = await team.room('server');
      const { approver } = await team.approver('desk', 0);
      // No more than a session lets wait at once, for whoever answers may reach none of a round.
      for (let round = 0; round < 9; round += 1) {
        for (let n = 0; n < 7; n += 1) room.escalate({ round, n }, HOUR_MS);
        await eventually('some to be shown', () => approver.holds.size > 0, BACK_MS);
        await sleep(READ_MS);
        approve(approver);
        await sleep(round);
        await broker.kill();
        await broker.up();
      }
      await approveAll([room], approver);
    },
    300_000,
  );
});

describe.skipIf(NATS_SERVER === undefined)("when the broker's disk is full", () => {
  it.skipIf(!LONG)(
    'a machine says so and goes on asking on its own, and what waits is shown once there is room',
    async () => {
      const limited = (size: string): string =>
        `accounts { A { jetstream: { max_file: ${size} }, users: [{ user: a, password: b }] } }\nno_auth_user: a\n`;
      const broker = await Broker.start(limited('30KB'));
      const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
      const { room } = await team.room('server');
      const { approver } = await team.approver('desk', 0);
      for (let n = 0; n < 12; n += 1) room.escalate({ n, text: 'x'.repeat(4_000) }, HOUR_MS);
      await eventually('a word of it', () => room.member.said.length > 0, BACK_MS);
      for (const said of room.member.said)
        expect(said).toMatch(
          /^The relay has no room left \(.*\): its administrator must give JetStream more of it\./,
        );
      expect(approver.holds.size).toBeLessThan(12);
      await broker.kill();
      await broker.up(limited('30MB'));
      await shown(approver, 12);
      await approveAll([room], approver);
    },
    120_000,
  );
});

describe.skipIf(NATS_SERVER === undefined)('when the leader of three brokers is killed', () => {
  const HOLDS = LONG ? 1_000 : 200;
  it.skipIf(!LONG)(
    `${HOLDS} holds under way are all shown and answered: nothing is lost, nothing runs twice`,
    async () => {
      const cluster = await Cluster.start();
      const at = teamAt(cluster.urls);
      const team = await eventually(
        'the three to agree',
        () => NatsTeam.make(at, ['ada'], 3).catch(() => undefined),
        BACK_MS,
      );
      // As many as one session holds at once, and fewer.
      const rooms: Room[] = [];
      for (let n = 0; n < HOLDS / 50; n += 1) rooms.push((await team.room(`server${n}`)).room);
      const { approver, relay } = await team.approver('desk', 0);
      for (const room of rooms) for (let n = 0; n < 25; n += 1) room.escalate({ n }, HOUR_MS);
      await eventually('some of them to be shown', () => approver.holds.size > HOLDS / 10, BACK_MS);
      const manager = await relay.packages.jetstream.jetstreamManager(relay.connection);
      const { cluster: of } = await manager.streams.info('KV_holdpoint-acme-holds');
      await sleep(READ_MS);
      approve(approver, HOLDS / 10);
      await cluster.kill(of?.leader as string);
      for (const room of rooms) for (let n = 25; n < 50; n += 1) room.escalate({ n }, HOUR_MS);
      await approveAll(rooms, approver);
      cluster.up(of?.leader as string);
      rooms[0]?.escalate({ n: 50 }, HOUR_MS);
      await approveAll(rooms, approver);
    },
    300_000,
  );
});

describe.skipIf(NATS_SERVER === undefined)('when clocks are an hour apart', () => {
  it.each([1, -1])(
    "an approver's, by %i h: the proxy's clock alone decides what has expired",
    async (hours) => {
      const broker = await Broker.start();
      const team = await NatsTeam.make(teamAt([broker.url]), ['ada', 'bob']);
      const { room } = await team.room('server');
      const now = (): number => Date.now() + hours * HOUR_MS;
      const { approver } = await team.approver('desk', 0, { now });
      const other = await team.approver('other', 1);
      for (const { person, presence } of [approver, other.approver])
        await presence.say(`approver.${person.key}.desk`, { machine: 'desk', looking: null }, person);
      await eventually('them to be heard of', () => room.attending === 2);
      room.escalate({ n: 0 }, 60_000);
      await shown(approver, 1);
      approver.answer([...approver.holds.keys()][0] as string, 'approve');
      await eventually('it to run', () => ran([room]) === 1);
      // For the approver's clock there is an hour left, or it ended long ago.
      room.escalate({ n: 1 }, 1_500);
      await shown(approver, 1);
      await eventually('it to end', () => approver.holds.size === 0);
      expect(runs([room])).toEqual([1, 0]);
      expect(room.outcomes.get('2')?.refused).toHaveLength(1);
    },
  );
});

describe.skipIf(NATS_SERVER === undefined)('when the line to the broker goes dead', () => {
  it.skipIf(!LONG).each([['of the machine'], ['of the approver']])(
    '%s, for a while: all is shown and runs once after it',
    async (whose) => {
      const broker = await Broker.start();
      const team = await NatsTeam.make(teamAt([broker.url]), ['ada']);
      const line = await CutLine.to(broker.port);
      const cut = { team: teamAt([line.url]) };
      const { room } = await team.room('server', whose === 'of the machine' ? cut : {});
      const { approver } = await team.approver('desk', 0, whose === 'of the machine' ? {} : cut);
      for (let n = 0; n < 5; n += 1) room.escalate({ n }, HOUR_MS);
      await shown(approver, 5);
      await sleep(READ_MS);
      line.cut();
      approve(approver, 2);
      for (let n = 5; n < 10; n += 1) room.escalate({ n }, HOUR_MS);
      await sleep(LONG ? 60_000 : 6_000);
      line.mend();
      await approveAll([room], approver);
    },
    240_000,
  );
});
