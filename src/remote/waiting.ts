import type { RequestId } from '../protocol/request-id.ts';
import { sameId } from './wire/answers.ts';
import type { Outgoing } from './wire/outgoing.ts';

const MOST_LOST = 1024;

/** A request that was sent, or is about to be, and has no answer yet. */
export class Waiting {
  readonly line: Outgoing;
  /** Bytes of it may have reached the server: before that nobody has it but us. */
  begun = false;
  /** It was answered, or never will be. */
  readonly settled: Promise<void>;
  settle: () => void = () => {};
  /** Nothing more of its reply is wanted; and where it has not begun, it is not sent. */
  stop: () => void = () => {};
  /** It waits for the stream that no request began. */
  elsewhere = false;
  /** When its stream said to come back to it, in ms. */
  retry: number | undefined;
  /** What came instead of an answer, completing "It …". */
  spoilt: string | undefined;

  constructor(line: Outgoing) {
    this.line = line;
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}

/** The requests without an answer, and the ids of those that got one from us: a late one of the server is dropped. */
export class WaitingRequests {
  private readonly all = new Map<string, Waiting>();
  private readonly lost = new Map<string, RequestId>();

  get size(): number {
    return this.all.size;
  }

  values(): Waiting[] {
    return [...this.all.values()];
  }

  add(line: Outgoing, id: RequestId): Waiting {
    const waiting = new Waiting(line);
    this.lost.delete(id.key);
    this.all.set(id.key, waiting);
    return waiting;
  }

  get(id: RequestId | undefined): Waiting | undefined {
    return id && this.all.get(id.key);
  }

  has(waiting: Waiting): boolean {
    return this.get(waiting.line.id) === waiting;
  }

  /** An answer came: of this very id, or of one that a client takes for the same. */
  answered(id: RequestId): Waiting | undefined {
    const waiting = this.all.get(id.key) ?? this.values().find(({ line }) => line.id && sameId(line.id, id));
    if (waiting !== undefined) this.take(waiting);
    return waiting;
  }

  /** Its client gave up on it, or it gets no answer from the server any more. What was not sent yet never is. */
  take(waiting: Waiting): void {
    const { id } = waiting.line;
    // A client may use the id of what it gave up on again.
    if (id !== undefined && this.has(waiting)) this.all.delete(id.key);
    if (!waiting.begun) waiting.stop();
    waiting.settle();
  }

  /** We answer in the server's place. */
  lose(waiting: Waiting): void {
    this.take(waiting);
    const { id } = waiting.line;
    if (id !== undefined) this.lost.set(id.key, id);
    if (this.lost.size > MOST_LOST) this.lost.delete([...this.lost.keys()][0] ?? '');
  }

  wasLost(id: RequestId): boolean {
    return this.lost.has(id.key) || [...this.lost.values()].some((one) => sameId(one, id));
  }
}
