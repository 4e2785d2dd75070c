import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { keyId } from '../../src/approvals/signing/approver-key.ts';
import type { EnrolmentEvent } from '../../src/approvals/signing/enrolment.ts';
import type { TeamSettings } from '../../src/policy/decide/types.ts';
import { makeSpace } from '../../src/team/relay/make-space.ts';
import { connectRelay, type NatsRelay } from '../../src/team/relay/nats-relay.ts';
import { newSecret } from '../../src/team/trust/membership.ts';
import { enrolled, type Person, person } from './team-people.ts';
import { Approver, Member, Room, SPACE, type Space } from './team-room.ts';

/** The team of a policy that names these servers. */
export function teamAt(url: readonly string[], more: Partial<TeamSettings> = {}): TeamSettings {
  const given = { url: [...url], space: SPACE, credentials: undefined, ca: undefined, auditors: [] };
  return { ...given, freshMs: 86_400_000, policyRequired: false, ...more } as TeamSettings;
}

/** A connection that ends with the test. */
export async function relayAt(team: TeamSettings, machine: string): Promise<NatsRelay> {
  const relay = await connectRelay(team, { machine, name: 'test', patient: true });
  onTestFinished(() => relay.close());
  return relay;
}

/** A space at a real broker whose members are in this process, each with a connection of its own. */
export class NatsTeam {
  readonly people: Person[];
  readonly team: TeamSettings;
  readonly secret = Buffer.from(newSecret(), 'base64url');
  private readonly events: EnrolmentEvent[];
  private readonly idFolder: string;

  private constructor(team: TeamSettings, people: Person[]) {
    this.team = team;
    this.people = people;
    const [first, ...others] = people as [Person, ...Person[]];
    this.events = enrolled(first, ...others);
    this.idFolder = mkdtempSync(join(tmpdir(), 'hp-ids-'));
    onTestFinished(() => rmSync(this.idFolder, { recursive: true, force: true }));
  }

  /** `names`: of its approvers; the list begins with the first of them. */
  static async make(team: TeamSettings, names: string[], replicas = 1): Promise<NatsTeam> {
    const maker = await connectRelay(team, { machine: 'maker', name: 'init', patient: false });
    await makeSpace(maker, team.space, replicas);
    await maker.close();
    return new NatsTeam(
      team,
      names.map((name) => person(name)),
    );
  }

  private async member(name: string, team: TeamSettings, now: () => number) {
    const relay = await relayAt(team, name);
    const { publicKey } = this.people[0] as Person;
    const space: Space = {
      ...{ relay: { end: () => relay }, root: keyId(publicKey), secret: this.secret },
      ...{ freshMs: team.freshMs, idFolder: this.idFolder },
    };
    return { relay, space, member: new Member(space, name, this.events, now) };
  }

  /** A machine whose agent's calls are held. Its room listens. */
  async room(
    name: string,
    { team = this.team, now = Date.now } = {},
  ): Promise<{ room: Room; relay: NatsRelay }> {
    const { relay, space, member } = await this.member(name, team, now);
    const room = new Room(space, member, `s-${name}`);
    await room.room.listen();
    return { room, relay };
  }

  /** A machine at which the approver of this number sits, who has vouched for the list. */
  async approver(
    name: string,
    who: number,
    { team = this.team, now = Date.now } = {},
  ): Promise<{ approver: Approver; relay: NatsRelay }> {
    const { relay, space, member } = await this.member(name, team, now);
    await member.trust.start();
    const approver = new Approver(space, member, this.people[who] as Person);
    await approver.start();
    return { approver, relay };
  }
}
