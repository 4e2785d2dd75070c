import { visible } from '../text/visible.ts';
import { Endpoint, POSTED } from './endpoint.ts';
import { type ReplyEnd, ReplyReader } from './reply-reader.ts';
import type { Requests } from './requests.ts';
import { settledVersion } from './wire/answers.ts';

type Answer = { version: string } | ReplyEnd;

/** Begins a session that its server ended anew, with the client's own words. One at a time. */
export class Renewal {
  private readonly endpoint: Endpoint;
  private readonly requests: Requests;
  private readonly begun: () => void;
  /** Undefined while none is under way. */
  running: Promise<string | undefined> | undefined;
  /** How many have ended, and how the last did. */
  count = 0;
  private last: string | undefined;

  constructor(endpoint: Endpoint, requests: Requests, begun: () => void) {
    this.endpoint = endpoint;
    this.requests = requests;
    this.begun = begun;
  }

  /**
   * For a line that was sent when so many had ended. Of many that find the session ended the first begins a new one,
   * and all go by how that ended. Gives back why it is not possible, as a sentence.
   */
  async after(count: number): Promise<string | undefined> {
    if (this.running === undefined && count !== this.count) return this.last;
    this.running ??= this.anew().then((why) => {
      this.count += 1;
      this.running = undefined;
      this.last = why;
      return why;
    });
    return this.running;
  }

  /** The earlier session counts until the new one stands: the next line will find it ended too, and try again. */
  private async anew(): Promise<string | undefined> {
    const { endpoint } = this;
    const { initialize, initialized, version } = endpoint;
    if (initialize === undefined) return 'its client never began one.';
    const next = new Endpoint(endpoint.url);
    const answer = await this.post(next, initialize.body);
    if ('kind' in answer) return saidOf(answer);
    if (answer.version !== version) return `it speaks ${visible(answer.version)} now.`;
    next.version = version;
    const taken = initialized && (await this.post(next, initialized.body));
    if (taken !== undefined && 'kind' in taken && taken.kind !== 'accepted' && taken.kind !== 'ended')
      return saidOf(taken);
    endpoint.session = next.session;
    this.begun();
    return undefined;
  }

  /** Resolves with the version that is settled on, or else with how the reply ended. */
  private post(next: Endpoint, body: Uint8Array): Promise<Answer> {
    const { requests } = this;
    const headers = { ...next.headers(), ...POSTED };
    return new Promise((resolve) => {
      const begins = next.version === undefined;
      const reply: ReplyReader = new ReplyReader(requests.room, {
        began: (_, replied) => {
          next.named(replied);
          // Its reply need not end, or not soon.
          if (!begins) resolve({ kind: 'accepted' });
        },
        message: (bytes) => {
          const version = settledVersion(bytes);
          if (version === undefined) return;
          resolve({ version });
          // Nothing more is wanted of a stream that stays open.
          reply.stop();
        },
        end: resolve,
      });
      void requests.send({ method: 'POST', url: next.url, headers, body }, reply);
    });
  }
}

function saidOf(answer: ReplyEnd): string {
  return answer.kind === 'status' ? `it answered HTTP ${answer.status}.` : 'it gave no answer.';
}
