import { Delay } from './delay.ts';
import type { ReplyEnd, ReplyPorts } from './reply-reader.ts';
import type { Waiting } from './waiting.ts';

/** In vain, one after the other. */
const MOST_RESUMES = 5;

export interface ResumingPorts {
  /** Whether anybody still asks for it. */
  wanted(waiting: Waiting): boolean;
  /** Sends a GET for the stream from an event on; gives back what stops it. */
  open(from: string, ports: ReplyPorts): () => void;
  message(bytes: Uint8Array, waiting: Waiting): void;
  lost(waiting: Waiting, said: string): void;
}

/** Takes up the stream of a request where it was cut. The request itself is never sent again. */
export class Resuming {
  private readonly ports: ResumingPorts;

  constructor(ports: ResumingPorts) {
    this.ports = ports;
  }

  /** Resolves once it was answered, lost or given up. */
  async resume(waiting: Waiting, first: string): Promise<void> {
    const delay = new Delay();
    if (waiting.retry !== undefined) delay.retry(waiting.retry);
    let from = first;
    let why = 'ended the connection without an answer';
    for (let vain = 0; vain < MOST_RESUMES && waiting.spoilt === undefined; vain += 1) {
      await sleep(delay.take(Date.now()), waiting.settled);
      if (!this.ports.wanted(waiting)) return;
      const end = await new Promise<ReplyEnd>((resolve) => {
        const came = (): void => {
          vain = -1;
          delay.worked();
        };
        waiting.stop = this.ports.open(from, {
          began: came,
          message: (bytes) => this.ports.message(bytes, waiting),
          retry: (ms) => delay.retry(ms),
          end: resolve,
        });
      });
      if (!this.ports.wanted(waiting)) return;
      if (end.kind === 'ended' || end.kind === 'broken') from = end.from ?? from;
      if (end.kind === 'status') why = `did not let its answer be taken up again (HTTP ${end.status})`;
      if (end.kind === 'unreadable') why = end.said;
      if (end.kind === 'status' || end.kind === 'unreadable') break;
    }
    this.ports.lost(waiting, `It ${waiting.spoilt ?? why}.`);
  }
}

function sleep(ms: number, over: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms).unref();
    void over.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
