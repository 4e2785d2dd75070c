import type { ReplyEnd, ReplyPorts } from './reply-reader.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Who says "at once" time after time is asked each second, and no more often. */
const LEAST_MS = 25;
const LEAST_OFTEN_MS = 1_000;
const CALM_MS = 10_000;

export interface ListeningPorts {
  /** Sends a GET for a stream, from an event on; `end` of the ports is called once. Gives back what stops it. */
  open(from: string | undefined, ports: ReplyPorts): () => void;
  message(bytes: Uint8Array): void;
  /** It ended, and what should have come on it will not. */
  lost(): void;
}

/** What a stream said of when to come back; else longer with each time in vain. */
export class Delay {
  private given: number | undefined;
  private next = FIRST_DELAY_MS;
  private least = LEAST_MS;
  private last = 0;

  retry(ms: number): void {
    this.given = ms;
  }

  /** Something came: it is no use to wait longer than at first. */
  worked(): void {
    this.next = FIRST_DELAY_MS;
  }

  /** In ms, for the next time. */
  take(now: number): number {
    this.least = now - this.last > CALM_MS ? LEAST_MS : Math.min(this.least * 2, LEAST_OFTEN_MS);
    this.last = now;
    const ms = Math.max(this.given ?? this.next, this.least);
    this.next = Math.min(this.next * 2, LONGEST_DELAY_MS);
    return ms;
  }
}

/** The stream on which a server speaks unasked: opened once a session stands, and again whenever it ends. */
export class Listening {
  private readonly ports: ListeningPorts;
  private readonly delay = new Delay();
  private timer: NodeJS.Timeout | undefined;
  private from: string | undefined;
  private closed = false;
  private stop: () => void = () => {};
  /** Counts the sessions: what is left of an earlier one is of no concern. */
  private nth = 0;
  private standing = false;
  /** An answer may come on it: it stands, or goes on from an event. */
  open = false;

  constructor(ports: ListeningPorts) {
    this.ports = ports;
  }

  /** From the beginning, of a session that is new. */
  start(): void {
    if (this.closed) return;
    this.leave();
    this.from = undefined;
    this.again();
  }

  close(): void {
    this.closed = true;
    this.leave();
  }

  private leave(): void {
    this.nth += 1;
    clearTimeout(this.timer);
    this.stop();
    this.gone();
  }

  private gone(): void {
    this.open = this.standing = false;
    if (!this.closed) this.ports.lost();
  }

  private again(): void {
    const { nth } = this;
    const mine = (): boolean => nth === this.nth;
    this.stop = this.ports.open(this.from, {
      began: () => {
        if (!mine()) return;
        this.open = this.standing = true;
        this.delay.worked();
      },
      message: (bytes) => this.ports.message(bytes),
      retry: (ms) => this.delay.retry(ms),
      end: (end) => mine() && this.ended(end),
    });
  }

  /** A server need not have one (405), and may end it at any time. */
  private ended(end: ReplyEnd): void {
    if (end.kind === 'ended' || end.kind === 'broken') this.from = end.from ?? this.from;
    const comesBack = mayComeBack(end);
    // Where the next one goes on from an event, what is missing may still come on it.
    if (!comesBack || !this.standing || this.from === undefined) this.gone();
    this.standing = false;
    if (!comesBack) return;
    this.timer = setTimeout(() => this.again(), this.delay.take(Date.now()));
  }
}

/** A gateway's trouble, too many at once and a sign-in that ran out pass; every other refusal is the server's last word. */
function mayComeBack(end: ReplyEnd): boolean {
  if (end.kind === 'status') return end.status === 401 || end.status === 429 || end.status >= 500;
  return end.kind === 'ended' || end.kind === 'broken';
}
