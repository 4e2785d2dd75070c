import type { Desk, Link } from '../../src/approvals/channel/channel.ts';
import type { HoldView, ProxyMessage, SessionView } from '../../src/approvals/channel/messages.ts';
import type { HoldRecord } from '../../src/approvals/holding/records.ts';
import type { EnrolmentEvent } from '../../src/approvals/signing/enrolment.ts';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import { DEFAULT_APPROVALS } from '../../src/policy/decide/default-policy.ts';
import { readClientLine } from '../../src/protocol/client-message.ts';
import type { CallMessage } from '../../src/protocol/gated/tools-call.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import { CallDigester, lineDigest } from '../../src/proxy/call-digest.ts';
import { WaitingRoom } from '../../src/session/waiting-room.ts';
import { WithTeam } from '../../src/session/with-team.ts';
import { Presence } from '../../src/team/holds/presence.ts';
import { TeamChannel } from '../../src/team/holds/team-channel.ts';
import { TeamDirectory } from '../../src/team/holds/team-directory.ts';
import type { Relay } from '../../src/team/relay/relay.ts';
import { type Machine, machineOf } from '../../src/team/trust/machine.ts';
import { newSecret } from '../../src/team/trust/membership.ts';
import { TeamTrust } from '../../src/team/trust/team-trust.ts';
import { sessionView } from './held.ts';
import { obligations } from './obligations.ts';
import type { Person } from './team-people.ts';

export const SPACE = 'acme';
const COMMAND = 'c'.repeat(64);

/** What all members of a space share. */
export interface Space {
  relay: { end(): Relay };
  root: string;
  secret: Uint8Array;
  freshMs: number;
  /** Where ids of holds are taken. */
  idFolder: string;
}

/** A member: its list of approvers, its pinned machines, its view of the others. */
export class Member {
  readonly machine: Machine;
  readonly trust: TeamTrust;
  readonly said: string[] = [];
  /** The clock of its machine. */
  readonly now: () => number;
  events: EnrolmentEvent[];
  private readonly known = new Map<string, string>();

  constructor(space: Space, name: string, events: readonly EnrolmentEvent[] = [], now = Date.now) {
    this.now = now;
    this.events = [...events];
    this.machine = machineOf(name, newSecret());
    this.trust = new TeamTrust({
      ...{ relay: space.relay.end(), space: SPACE, root: space.root, secret: space.secret },
      machine: this.machine,
      freshMs: space.freshMs,
      events: () => this.events,
      adopt: (all) => {
        this.events = [...all] as EnrolmentEvent[];
      },
      isKnown: (machine, key) => {
        if (!this.known.has(machine)) this.known.set(machine, key);
        return this.known.get(machine) === key;
      },
      now,
      say: (sentence) => this.said.push(sentence),
    });
  }
}

export interface Outcome {
  forwarded: number;
  refused: string[];
}

/** A proxy's waiting room on one machine, its record and what became of each request. */
export class Room {
  readonly member: Member;
  readonly session: string;
  readonly records: HoldRecord[] = [];
  readonly outcomes = new Map<string, Outcome>();
  readonly room: WaitingRoom;
  private readonly lines = new Map<string, string>();
  private channel: WithTeam | undefined;
  private calls = 0;

  constructor(space: Space, member: Member, session: string) {
    this.member = member;
    this.session = session;
    const view = (): SessionView => sessionView({ session, server: 'srv', command: COMMAND, enrolled: true });
    this.room = new WaitingRoom({
      channel: (desk: Desk) => {
        const local = { listen: async () => {}, attending: 0, broadcast: () => {}, close: () => {} };
        const unsigned = () => ({ name: 'here', method: 'watch' as const, tier: 0 as const, chain: [] });
        const open = async (): Promise<TeamChannel> => {
          const ports = {
            relay: space.relay.end(),
            space: SPACE,
            secret: space.secret,
            machine: member.machine,
          };
          const { trust } = member;
          const team = new TeamChannel(
            {
              ...{ ...ports, session, trust, now: member.now, keyed: (digest: string) => `k${digest}` },
              enrolment: () => trust.enrolment(),
              say: (sentence) => member.said.push(sentence),
            },
            both.deskOf(desk),
          );
          await team.listen();
          return team;
        };
        const both: WithTeam = new WithTeam({ ...local, unsigned }, open);
        this.channel = both;
        return both;
      },
      idFolder: space.idFolder,
      identity: {
        session,
        server: 'srv',
        commandDigest: COMMAND,
        address: undefined,
        caller: undefined,
        client: undefined,
      },
      settings: () => ({ ...DEFAULT_APPROVALS, cli: 'any' }),
      decideAgain: () => {
        throw new Error('not here');
      },
      reread: async () => ({ took: 'same', said: '' }),
      limits: { answerWithinMs: () => undefined, timedOut: () => {} },
      delivery: {
        forward: (request: string, digest: string) => this.forward(request, digest),
        refuse: (request: string, refusal: object) =>
          void this.of(request).refused.push(JSON.stringify(refusal)),
        forget: () => {},
        again: () => {},
        running: () => 0,
        respelled: () => ({ fault: 'not here' }),
        keepAlive: () => {},
      },
      record: (records: readonly HoldRecord[]) => this.records.push(...records),
      refusedAnswer: () => {},
      definition: () => null,
      enrolment: () => member.trust.enrolment(),
      isKeyed: (call: number) => call % 2 === 0,
      keyed: (digest: string) => `k${digest}`,
      keptGrants: () => [],
      keepGrant: () => {},
      misfit: async () => undefined,
      masked: (text: string) => text,
      notifier: { waits: () => {}, gone: () => {}, end: () => {}, goBy: () => {} },
      session: view,
      stopped: () => undefined,
      say: (sentence: string) => member.said.push(sentence),
    } as unknown as ConstructorParameters<typeof WaitingRoom>[0]);
  }

  get attending(): number {
    return this.channel?.attending ?? 0;
  }

  private of(request: string): Outcome {
    const known = this.outcomes.get(request) ?? { forwarded: 0, refused: [] };
    this.outcomes.set(request, known);
    return known;
  }

  private forward(request: string, digest: string): boolean {
    if (this.lines.get(request) !== digest) return false;
    this.of(request).forwarded += 1;
    return true;
  }

  /** Holds a call; gives its request's name. */
  escalate(args: object, timeoutMs: number): string {
    this.calls += 1;
    const request = `${this.calls}`;
    const text = JSON.stringify(args);
    const line = JSON.stringify({
      jsonrpc: '2.0',
      id: this.calls,
      method: 'tools/call',
      params: { name: 'do', arguments: args },
    });
    const call = readClientLine(Buffer.from(line)) as CallMessage;
    const digest = lineDigest(Buffer.from(line), undefined);
    this.lines.set(request, digest);
    this.of(request);
    const callDigest = new CallDigester('srv', COMMAND).of(call);
    this.room.escalated(
      {
        ...{
          call: this.calls,
          tool: 'do',
          arguments: JsonSource.of(text),
          task: undefined,
          inputResponses: undefined,
        },
        ...{ digest, callDigest, bytes: line.length, client: 'test', continues: undefined, listing: 'never' },
        ...{ rule: 'r', reason: 'why', matched: ['r'], definition: null, risk: null, unsure: false },
        ...{ reversibility: 'unknown', accepts: null, offers: null },
        obligations: obligations({ timeoutMs, sign: true }),
      } as unknown as Parameters<WaitingRoom['escalated']>[0],
      request,
      false,
    );
    return request;
  }
}

/** An approver at a terminal of another machine. */
export class Approver {
  readonly person: Person;
  readonly member: Member;
  readonly directory: TeamDirectory;
  readonly presence: Presence;
  readonly said: string[] = [];
  /** What is on the screen, by session and hold. */
  readonly holds = new Map<string, { hold: HoldView; session: SessionView; link: Link }>();
  readonly results: { ok: boolean; message: string }[] = [];
  readonly ends: { hold: string; how: string; by: string | null }[] = [];
  private readonly links = new Map<string, { link: Link; session: SessionView | undefined }>();
  private refs = 0;

  constructor(space: Space, member: Member, who: Person) {
    this.person = who;
    this.member = member;
    const relay = space.relay.end();
    const ports = {
      relay,
      space: SPACE,
      trust: member.trust,
      now: member.now,
      say: (text: string) => this.said.push(text),
    };
    this.presence = new Presence({
      ...ports,
      secret: space.secret,
      enrolment: () => member.trust.enrolment(),
    });
    this.directory = new TeamDirectory({
      ...ports,
      own: member.machine.name,
      presence: this.presence,
      signer: () => this.person,
    });
    this.directory.watch(() => this.look());
  }

  async start(): Promise<void> {
    await this.presence.watch();
    await this.directory.start();
    await this.member.trust.vouch(this.person);
    this.look();
  }

  private look(): void {
    for (const place of this.directory.list()) if (!this.links.has(place)) this.attach(place);
  }

  private attach(place: string): void {
    const link = this.directory.connect(place, true, {
      message: (message) => this.hear(place, message),
      closed: () => {
        this.links.delete(place);
        for (const [key, { link: of }] of this.holds) if (of === link) this.holds.delete(key);
      },
    });
    this.links.set(place, { link, session: undefined });
  }

  private hear(place: string, message: ProxyMessage): void {
    const of = this.links.get(place);
    if (of === undefined) return;
    if (message.type === 'hello') of.session = message;
    if (message.type === 'session') of.session = message.session;
    if (message.type === 'hold' && of.session !== undefined)
      this.holds.set(`${of.session.session}/${message.hold.id}`, {
        hold: message.hold,
        session: of.session,
        link: of.link,
      });
    if (message.type === 'closed') {
      this.ends.push(message);
      for (const [key, { hold, link }] of this.holds)
        if (link === of.link && hold.id === message.hold) this.holds.delete(key);
    }
    if (message.type === 'result') this.results.push(message);
  }

  /** Answers what is shown under this key; false where it is not signed. */
  answer(key: string, verdict: 'approve' | 'reject'): boolean {
    const shown = this.holds.get(key);
    if (shown === undefined) return false;
    const { hold, session, link } = shown;
    const { id, digest, callDigest } = hold;
    const { expected } = hold.obligations;
    const made = signAnswer(
      {
        ...{ session, hold, confirmation: 'both', keyed: (one: string) => one, now: this.member.now() },
        // Who answers many at once is asked for a step more: it is taken beforehand.
        verdict: {
          hold: id,
          verdict,
          digest,
          callDigest,
          method: 'watch',
          chain: [],
          confirmation: expected,
        },
        rendered: { digest: 'e'.repeat(64), masked: 0, revealed: false, seen: 'printed' },
      },
      this.person,
    );
    if ('refusal' in made) return false;
    this.refs += 1;
    link.send({ type: 'verdict', ref: this.refs, ...made.verdict });
    return true;
  }
}
