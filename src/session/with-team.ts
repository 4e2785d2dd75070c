import type { Channel, Desk } from '../approvals/channel/channel.ts';
import type { ProxyMessage, VerdictMessage } from '../approvals/channel/messages.ts';
import type { Approver } from '../approvals/holding/hold.ts';

/** The end of a team's relay, and what it still has to tell there when the session ends. */
export interface TeamEnd extends Channel {
  closed(): Promise<void>;
}

const REACHED_WITHIN_MS = 1_500;

/**
 * The approvers of this machine and, once their relay is reached, those elsewhere. `open` makes the other end; it
 * is tried once and may take as long as it likes.
 */
export class WithTeam implements Channel {
  private readonly local: Channel;
  private readonly open: () => Promise<TeamEnd | undefined>;
  private team: TeamEnd | undefined;
  private over = false;
  private opening: Promise<void> | undefined;
  /** Answers that came from elsewhere. */
  private readonly fromElsewhere = new WeakSet<object>();

  constructor(local: Channel, open: () => Promise<TeamEnd | undefined>) {
    this.local = local;
    this.open = open;
  }

  /** A desk for the other end: whoever answers there is known by their signature alone. */
  deskOf(desk: Desk): Desk {
    return {
      ...desk,
      verdict: (message, reply) => {
        this.fromElsewhere.add(message);
        desk.verdict(message, reply);
      },
    };
  }

  /** As that of this machine: nobody waits for a relay. */
  async listen(): Promise<void> {
    this.opening = this.open().then((team) => {
      if (this.over) team?.close();
      else this.team = team;
    });
    await this.local.listen();
  }

  get attending(): number {
    return this.local.attending + (this.team?.attending ?? 0);
  }

  broadcast(message: ProxyMessage): void {
    this.local.broadcast(message);
    this.team?.broadcast(message);
  }

  unsigned(answer: Pick<VerdictMessage, 'method' | 'chain' | 'place'>): Approver | undefined {
    return this.fromElsewhere.has(answer) ? undefined : this.local.unsigned(answer);
  }

  close(): void {
    this.over = true;
    this.local.close();
    this.team?.close();
  }

  /** A session that ends while its relay is being reached waits a moment for it: something may have to be told there. */
  async closed(): Promise<void> {
    this.local.close();
    if (this.team === undefined)
      await Promise.race([this.opening, new Promise((late) => setTimeout(late, REACHED_WITHIN_MS))]);
    this.over = true;
    await this.team?.closed();
  }
}
