import type { ReplyEnd, ReplyPorts } from './reply-reader.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

export interface ListeningPorts {
  /** Sends a GET for a stream, from an event on; `end` of the ports is called once. */
  open(from: string | undefined, ports: ReplyPorts): void;
  message(bytes: Uint8Array): void;
}

/** What a stream said of when to come back; else longer with each time in vain. */
export class Delay {
  private given: number | undefined;
  private next = FIRST_DELAY_MS;

  retry(ms: number): void {
    this.given = ms;
  }

  /** Something came: it is no use to wait longer than at first. */
  worked(): void {
    this.next = FIRST_DELAY_MS;
  }

  get ms(): number {
    const ms = this.given ?? this.next;
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
  private wanted = false;
  /** It stands: an answer may come on it. */
  open = false;

  constructor(ports: ListeningPorts) {
    this.ports = ports;
  }

  /** From the beginning, of a session that is new. */
  start(): void {
    this.from = undefined;
    if (this.wanted || this.closed) return;
    this.wanted = true;
    this.again();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private again(): void {
    if (this.closed) return;
    this.ports.open(this.from, {
      began: () => {
        this.open = true;
        this.delay.worked();
      },
      message: (bytes) => this.ports.message(bytes),
      retry: (ms) => this.delay.retry(ms),
      end: (end) => this.ended(end),
    });
  }

  /** A server need not have one (405), and may end it at any time. */
  private ended(end: ReplyEnd): void {
    this.open = false;
    if (end.kind === 'status' || end.kind === 'unreadable' || end.kind === 'accepted') {
      this.wanted = false;
      return;
    }
    this.from = end.from ?? this.from;
    this.timer = setTimeout(() => this.again(), this.delay.ms);
  }
}
