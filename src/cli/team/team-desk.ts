import type { ProxyDirectory } from '../../approvals/channel/channel.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Home } from '../../platform/home.ts';
import type { TeamSettings } from '../../policy/decide/types.ts';
import { membershipOf, trustOf } from '../../session/open-team.ts';
import { Presence } from '../../team/holds/presence.ts';
import { TeamDirectory } from '../../team/holds/team-directory.ts';
import { connectRelay, type NatsRelay } from '../../team/relay/nats-relay.ts';
import { watchedWhole } from '../../team/relay/watched-whole.ts';
import { MembershipFile } from '../../team/trust/membership.ts';
import type { TeamTrust } from '../../team/trust/team-trust.ts';
import type { TeamDesk } from '../../watch/state/store.ts';

const BEAT_MS = 20_000;

/** What a terminal has of the team once its relay is reached. */
interface Reached {
  machine: string;
  relay: NatsRelay;
  trust: TeamTrust;
  presence: Presence;
  directory: TeamDirectory;
}

/** The calls of a team's other machines, for one terminal of this home. */
export class TeamDeskHere implements TeamDesk {
  readonly directory: ProxyDirectory;
  private readonly home: Home;
  private readonly team: TeamSettings;
  private readonly listeners = new Set<() => void>();
  private reached: Reached | undefined;
  private unlocked: Signer | undefined;
  private fault: string | undefined;
  private on: string | null = null;
  private beat: NodeJS.Timeout | undefined;

  constructor(home: Home, team: TeamSettings) {
    this.home = home;
    this.team = team;
    this.directory = {
      list: () => this.reached?.directory.list() ?? [],
      connect: (place, attending, handlers) => {
        if (this.reached !== undefined) return this.reached.directory.connect(place, attending, handlers);
        queueMicrotask(() => handlers.closed(undefined));
        return { send: () => {}, close: () => {} };
      },
      watch: (changed) => {
        this.listeners.add(changed);
        return () => this.listeners.delete(changed);
      },
    };
  }

  /**
   * Reaches the relay; `patient`: as long as that takes. Resolves when all that waits elsewhere is known. Rejects with
   * a PlainError, which the desk shows as well.
   */
  async open(patient: boolean): Promise<void> {
    try {
      const { space, secret, machine } = membershipOf(this.home, this.team);
      const say = (sentence: string): void => {
        this.fault = sentence;
        this.changed();
      };
      const relay = await connectRelay(this.team, { machine, name: `desk-${process.pid}`, patient, say });
      this.fault = undefined;
      const trust = trustOf(this.home, this.team, relay, say);
      await trust.start();
      const ports = { relay, space, trust, now: Date.now, say };
      const enrolment = (): ReturnType<TeamTrust['enrolment']> => trust.enrolment();
      const presence = new Presence({ ...ports, secret: Buffer.from(secret, 'base64url'), enrolment });
      await watchedWhole((done) => presence.watch(done));
      const signer = (): Signer | undefined => this.unlocked;
      const directory = new TeamDirectory({ ...ports, own: machine, presence, signer });
      directory.watch(() => this.changed());
      await watchedWhole((done) => directory.start(done));
      this.reached = { machine, relay, trust, presence, directory };
      this.beat = setInterval(() => this.say(), BEAT_MS);
      this.beat.unref();
      this.signer(this.unlocked);
    } catch (error) {
      this.fault = (error as Error).message;
      throw error;
    }
  }

  private changed(): void {
    for (const changed of this.listeners) changed();
  }

  signer(signer: Signer | undefined): void {
    const before = this.unlocked;
    this.unlocked = signer;
    if (this.reached === undefined) return;
    if (signer === undefined && before !== undefined) this.reached.directory.forget();
    else this.reached.directory.readAgain();
    this.say();
  }

  /** That whoever unlocked the key is here, and that the list of approvers is the one: it goes with nothing else. */
  private say(): void {
    const { unlocked: signer, reached } = this;
    if (signer === undefined || reached === undefined) return;
    const failed = (error: Error): void => {
      this.fault = error.message;
    };
    const { machine } = reached;
    const said = { machine, looking: this.on };
    reached.presence.say(`approver.${signer.key}.${machine}`, said, signer).catch(failed);
    if (reached.trust.wantsWord(signer.key)) reached.trust.vouch(signer).catch(failed);
    reached.trust.publish().catch(failed);
  }

  looking(at: Parameters<TeamDesk['looking']>[0]): void {
    const on =
      at?.session.machine === undefined ? null : `${at.session.machine}.${at.session.session}.${at.hold}`;
    if (on === this.on) return;
    this.on = on;
    this.say();
  }

  standing(): string | undefined {
    const { reached } = this;
    if (reached === undefined)
      return this.fault ?? "The team's relay is not reached yet: only calls of this machine are shown.";
    if (!reached.relay.reached)
      return "The team's relay is not reached any more: what waits elsewhere may have changed. It is tried again.";
    const { unread } = reached.directory;
    if (unread > 0 && this.unlocked === undefined)
      return `${unread === 1 ? '1 call waits' : `${unread} calls wait`} on other machines of the team: unlock your key (u) to see it.`;
    return this.others() ?? this.fault;
  }

  /** Who else looks at what is on this screen. */
  private others(): string | undefined {
    const own = this.unlocked?.key;
    const there = this.reached?.presence.approvers() ?? [];
    const names = there.filter(({ key, looking }) => key !== own && looking !== null && looking === this.on);
    if (names.length === 0) return undefined;
    const who = [...new Set(names.map(({ name, machine }) => `${name} (${machine})`))];
    return `${who.join(', ')} ${who.length === 1 ? 'looks' : 'look'} at this call too.`;
  }

  /** How many calls wait elsewhere that are not read. */
  get unread(): number {
    return this.reached?.directory.unread ?? 0;
  }

  async close(): Promise<void> {
    clearInterval(this.beat);
    const { reached, unlocked } = this;
    if (reached === undefined) return;
    reached.directory.stop();
    reached.trust.stop();
    if (unlocked !== undefined) await reached.presence.gone(`approver.${unlocked.key}.${reached.machine}`);
    await reached.relay.close();
  }
}

/** The team of this home's policy, where this home has joined it; undefined: approvals stay on this machine. */
export async function teamDeskOf(home: Home): Promise<TeamDeskHere | undefined> {
  // Most homes belong to none, and a policy costs time to read.
  if (new MembershipFile(home).read() === undefined) return undefined;
  const { policyNow } = await import('../../session/policy-now.ts');
  const team = (await policyNow(home).catch(() => undefined))?.team;
  return team === undefined ? undefined : new TeamDeskHere(home, team);
}
