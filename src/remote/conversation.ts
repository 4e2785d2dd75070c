import type { Unanswered } from '../proxy/upstream/upstream.ts';
import { visible } from '../text/visible.ts';
import type { RemoteAddress } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchanges } from './exchanges.ts';
import { httpFault } from './http/http-fault.ts';
import type { Inbound } from './inbound.ts';
import { LegacyStream } from './legacy-stream.ts';
import { Listening } from './listening.ts';
import { Refusals } from './refusals.ts';
import { Renewal } from './renewal.ts';
import type { Requests } from './requests.ts';
import { Resuming } from './resuming.ts';
import { asSentence, type Ended, type Sending } from './sending.ts';
import type { Credentials } from './sign-in/credentials.ts';
import type { Waiting, WaitingRequests } from './waiting.ts';
import type { Outgoing } from './wire/outgoing.ts';

export type TransportChoice = 'auto' | 'http' | 'sse';

const STREAM_ENDED = 'The stream on which the server answers has ended, and its session with it.';

export interface ConversationParts {
  address: RemoteAddress;
  endpoint: Endpoint;
  requests: Requests;
  credentials: Credentials;
  waiting: WaitingRequests;
  inbound: Inbound;
  transport: TransportChoice;
  lost(waiting: Waiting, outcome: Unanswered['outcome'], said: string): void;
  say(sentence: string): void;
  /** A session was begun anew: what its client knows of the server may be another now. */
  begunAnew(): void;
  /** So many bytes more, or fewer, are kept of lines whose POST has not ended. */
  keeps(bytes: number): void;
}

/** Speaks with one server over HTTP: posts each line once, and knows what became of it. */
export class Conversation {
  private readonly parts: ConversationParts;
  private readonly listening: Listening;
  private readonly renewal: Renewal;
  private readonly resuming: Resuming;
  private readonly exchanges: Exchanges;
  private readonly refusals: Refusals;
  private legacy: LegacyStream | undefined;
  /** The one stream of the older transport has ended, and its session with it. */
  private over = false;

  constructor(parts: ConversationParts) {
    this.parts = parts;
    const { endpoint, requests, inbound, waiting } = parts;
    this.exchanges = new Exchanges(parts);
    this.listening = new Listening({
      open: (from, ports) => this.exchanges.get(from, ports),
      message: (bytes) => inbound.message(bytes),
      lost: () => {
        for (const one of waiting.values())
          if (one.elsewhere)
            this.lose(one, 'unknown', 'It took the request, and the stream for its answer ended.');
      },
    });
    this.renewal = new Renewal(endpoint, requests, () => {
      this.listening.start();
      parts.begunAnew();
    });
    this.resuming = new Resuming({
      wanted: (one) => waiting.has(one),
      open: (from, ports) => this.exchanges.get(from, ports),
      message: (bytes, one) => inbound.message(bytes, one),
      lost: (one, said) => this.lose(one, 'unknown', said),
    });
    this.refusals = new Refusals({
      ...parts,
      renewal: this.renewal,
      older: parts.transport === 'auto' ? () => this.older() : undefined,
      post: (sending) => this.post(sending),
      lose: (...all) => this.loseLine(...all),
    });
    if (parts.transport === 'sse') this.overOneStream();
  }

  /** Resolves when the next line may go: at once for most, for what begins a session once it is answered. */
  async next(line: Outgoing, waiting: Waiting | undefined): Promise<void> {
    const { endpoint } = this.parts;
    const sending: Sending = { line, waiting, sent: 0, session: undefined, renewals: 0 };
    if (line.method === 'initialize' && line.kind === 'request') {
      endpoint.initialize = line;
      void this.send(sending);
      return waiting?.settled;
    }
    if (line.method === 'notifications/initialized') {
      endpoint.initialized = line;
      // Its reply need not end, or not soon.
      await new Promise<void>((taken) => {
        sending.began = taken;
        void this.send(sending).then(taken);
      });
      if (this.legacy === undefined) this.listening.start();
      return;
    }
    const { running } = this.renewal;
    // Outside of a session nothing would be taken.
    if (running !== undefined && line.kind !== 'response')
      await (waiting === undefined ? running : Promise.race([running, waiting.settled]));
    void this.send(sending);
  }

  /** Whether closing the connection is how its client's giving up is told (2026-07-28). */
  gaveUp(waiting: Waiting): boolean {
    if (waiting.line.version === undefined || this.legacy !== undefined) return false;
    waiting.stop();
    return true;
  }

  close(): void {
    this.listening.close();
    this.legacy?.close();
  }

  goodbye(): Promise<void> {
    return this.exchanges.goodbye();
  }

  /** Never rejects: a fault of ours loses one line, and is said of it. */
  private async send(sending: Sending): Promise<void> {
    const { keeps } = this.parts;
    const { length } = sending.line.body;
    keeps(length);
    try {
      await this.post(sending);
    } catch (error) {
      const outcome = sending.waiting?.begun === false ? 'unsent' : 'unknown';
      this.loseLine(sending, outcome, `holdpoint could not go on with it (${visible(String(error))}).`);
    } finally {
      keeps(-length);
    }
  }

  /** Resolves once the reply has ended, or for the older transport once it was taken. */
  private async post(sending: Sending): Promise<void> {
    if (this.over)
      return this.loseLine(sending, 'unsent', `${STREAM_ENDED} Restart this server in its client.`);
    if (this.legacy !== undefined) {
      const fault = await this.legacy.ready();
      if (fault !== undefined) return this.after(sending, { end: fault, used: undefined });
    }
    if (!this.wants(sending.waiting)) return;
    sending.sent += 1;
    sending.session = this.parts.endpoint.session;
    sending.renewals = this.renewal.count;
    await this.after(sending, await this.exchanges.post(sending, this.legacy?.url));
  }

  private async after(sending: Sending, { end, used }: Ended): Promise<void> {
    const { waiting } = sending;
    if (!this.wants(waiting) || end.kind === 'stopped') return;
    if (end.kind === 'status') return this.refusals.refused(sending, end, used);
    // Of the older transport a reply only says that it was taken.
    if (this.legacy !== undefined && end.kind !== 'broken' && this.legacy.url !== undefined) return;
    if (end.kind === 'broken' && !end.sent)
      return this.loseLine(sending, 'unsent', asSentence(this.fault(end.error)));
    if (waiting === undefined) return;
    if (end.kind === 'accepted') {
      waiting.elsewhere = this.listening.open;
      if (waiting.elsewhere) return;
      return this.lose(waiting, 'unknown', 'It took the request and gave no answer.');
    }
    if (end.kind === 'unreadable') return this.lose(waiting, 'unknown', `It ${end.said}.`);
    if (end.from !== undefined && waiting.spoilt === undefined)
      return this.resuming.resume(waiting, end.from);
    const what = `It ${waiting.spoilt ?? 'ended the connection without an answer'}.`;
    const said = end.kind === 'broken' ? `${this.fault(end.error)} before it answered.` : what;
    this.lose(waiting, 'unknown', said);
  }

  private async older(): Promise<boolean> {
    if (this.legacy !== undefined) return false;
    if ((await this.overOneStream().ready()) === undefined) return true;
    this.legacy = undefined;
    return false;
  }

  private overOneStream(): LegacyStream {
    const { endpoint, inbound, waiting } = this.parts;
    const legacy = new LegacyStream(endpoint.url, {
      open: (ports) => this.exchanges.get(undefined, ports),
      message: (bytes) => inbound.message(bytes),
      gone: () => {
        this.over = true;
        for (const one of waiting.values()) this.lose(one, one.begun ? 'unknown' : 'unsent', STREAM_ENDED);
      },
    });
    this.legacy = legacy;
    return legacy;
  }

  /** Whether anybody still asks for it. */
  private wants(waiting: Waiting | undefined): boolean {
    return waiting === undefined || this.parts.waiting.has(waiting);
  }

  private loseLine({ line, waiting }: Sending, outcome: Unanswered['outcome'], said: string): void {
    if (waiting !== undefined) return this.lose(waiting, outcome, said);
    this.parts.say(
      `${this.parts.address.shown}: ${visible(line.method) || 'an answer'} did not arrive. ${said}`,
    );
  }

  private lose(waiting: Waiting, outcome: Unanswered['outcome'], said: string): void {
    if (!this.wants(waiting)) return;
    const { shown } = this.parts.address;
    this.parts.lost(
      waiting,
      outcome,
      said.startsWith('It ') ? `The server at ${shown} ${said.slice(3)}` : said,
    );
  }

  private fault(error: Error): string {
    return httpFault(error, this.parts.endpoint.url.host);
  }
}
