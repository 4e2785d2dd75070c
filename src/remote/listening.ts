import { Delay } from './delay.ts';
import type { ReplyEnd, ReplyPorts } from './reply-reader.ts';

export interface ListeningPorts {
  /** Sends a GET for a stream, from an event on; `end` of the ports is called once. Gives back what stops it. */
  open(from: string | undefined, ports: ReplyPorts): () => void;
  message(bytes: Uint8Array): void;
  /** It ended, and what should have come on it will not. */
  lost(): void;
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
