import type { Unanswered } from '../proxy/upstream/upstream.ts';
import { visible } from '../text/visible.ts';
import type { RemoteAddress } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { httpFault } from './http/http-fault.ts';
import type { Inbound } from './inbound.ts';
import { LegacyStream } from './legacy-stream.ts';
import { Listening } from './listening.ts';
import { Renewal } from './renewal.ts';
import { type ReplyEnd, type ReplyPorts, ReplyReader } from './reply-reader.ts';
import type { Requests } from './requests.ts';
import { Resuming } from './resuming.ts';
import type { Credentials } from './sign-in/credentials.ts';
import type { Waiting, WaitingRequests } from './waiting.ts';
import { errorMessage } from './wire/answers.ts';
import { mirrorHeaders } from './wire/mirror-headers.ts';
import type { Outgoing } from './wire/outgoing.ts';

export type TransportChoice = 'auto' | 'http' | 'sse';

/** A server that knows only the older transport answers a POST to its stream's address so. */
const OLDER = new Set([400, 404, 405, 406, 415, 501]);
/** By these a server says that the request itself is to go elsewhere; by others that it may have been carried out. */
const NOT_TAKEN = new Set([301, 307, 308]);
const MOST_SENDINGS = 3;
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

/** A line on its way. */
interface Sending {
  line: Outgoing;
  waiting: Waiting | undefined;
  /** How often it was sent where the server said that it had not taken it. */
  sent: number;
  /** The session that it was sent in last. */
  session: string | undefined;
  renewals: number;
  /** Its reply has begun. */
  began?: () => void;
}

interface Ended {
  end: ReplyEnd;
  used: string | undefined;
}

/** Speaks with one server over HTTP: posts each line once, and knows what became of it. */
export class Conversation {
  private readonly parts: ConversationParts;
  private readonly listening: Listening;
  private readonly renewal: Renewal;
  private readonly resuming: Resuming;
  private legacy: LegacyStream | undefined;
  /** The one stream of the older transport has ended, and its session with it. */
  private over = false;
  private saidAnother = false;

  constructor(parts: ConversationParts) {
    this.parts = parts;
    const { endpoint, requests, inbound, waiting } = parts;
    this.listening = new Listening({
      open: (from, ports) => this.get(from, ports),
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
      open: (from, ports) => this.get(from, ports),
      message: (bytes, one) => inbound.message(bytes, one),
      lost: (one, said) => this.lose(one, 'unknown', said),
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

  /** Tells the server that its session is over, where there is one. */
  async goodbye(): Promise<void> {
    const { endpoint, requests } = this.parts;
    if (endpoint.session === undefined) return;
    await new Promise<void>((resolve) => {
      const reply = new ReplyReader(requests.room, { message: () => {}, end: () => resolve() });
      void requests.send({ method: 'DELETE', url: endpoint.url, headers: endpoint.headers() }, reply);
    });
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
    await this.after(sending, await this.exchange(sending));
  }

  private async exchange(sending: Sending): Promise<Ended> {
    const { endpoint, requests, inbound } = this.parts;
    const { line, waiting } = sending;
    const headers = {
      ...endpoint.headers(),
      ...mirrorHeaders(line, inbound.mirroredOf),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    let used: Promise<string | undefined> | undefined;
    const end = await new Promise<ReplyEnd>((resolve) => {
      const reply = new ReplyReader(requests.room, {
        began: (_, replied) => {
          sending.began?.();
          // What an earlier session is called is of no concern.
          if (sending.session === endpoint.session && !endpoint.named(replied)) this.namedAnother();
        },
        message: (bytes) => inbound.message(bytes, waiting),
        retry: (ms) => {
          if (waiting !== undefined) waiting.retry = ms;
        },
        end: resolve,
      });
      if (waiting !== undefined) waiting.stop = () => reply.stop();
      const url = this.legacy?.url ?? endpoint.url;
      used = requests.send({ method: 'POST', url, headers, body: line.body }, reply, () => {
        if (waiting !== undefined) waiting.begun = true;
      });
    });
    return { end, used: await used };
  }

  private namedAnother(): void {
    if (this.saidAnother) return;
    this.saidAnother = true;
    const { say, address } = this.parts;
    say(
      `${address.shown} named another session than the one that it began, or one that cannot be; that does not count.`,
    );
  }

  /** A stream from the server, from an event on. */
  private get(from: string | undefined, ports: ReplyPorts): () => void {
    const { endpoint, requests } = this.parts;
    const reply = new ReplyReader(requests.room, ports);
    const headers = {
      ...endpoint.headers(),
      accept: 'text/event-stream',
      // As bytes of UTF-8, each a letter of its own.
      ...(from === undefined ? {} : { 'last-event-id': Buffer.from(from).toString('latin1') }),
    };
    void requests.send({ method: 'GET', url: endpoint.url, headers }, reply);
    return () => reply.stop();
  }

  private async after(sending: Sending, { end, used }: Ended): Promise<void> {
    const { waiting } = sending;
    if (!this.wants(waiting) || end.kind === 'stopped') return;
    if (end.kind === 'status') return this.refused(sending, end, used);
    // Of the older transport a reply only says that it was taken.
    if (this.legacy !== undefined && end.kind !== 'broken' && this.legacy.url !== undefined) return;
    if (end.kind === 'broken' && !end.sent)
      return this.loseLine(sending, 'unsent', ended(this.fault(end.error)));
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

  private async refused(sending: Sending, end: Status, used: string | undefined): Promise<void> {
    const { line, waiting } = sending;
    const { status, body } = end;
    const { endpoint, inbound } = this.parts;
    if (status === 401 || status === 403) return this.unauthorized(sending, end, used);
    if (status >= 300 && status < 400) return this.redirected(sending, end);
    const lone = waiting !== undefined && line.method === 'initialize' && endpoint.session === undefined;
    if (lone && this.parts.transport === 'auto' && this.legacy === undefined && OLDER.has(status)) {
      const fault = await this.overOneStream().ready();
      if (fault === undefined) return this.post(sending);
      this.legacy = undefined;
    }
    if (status === 404 && sending.session !== undefined && line.method !== 'initialize')
      return this.expired(sending);
    if (waiting !== undefined) inbound.answerIn(body, waiting);
    const said = errorMessage(body);
    const told = said === undefined ? '' : `: ${visible(said)}`;
    // A gateway's word is no word of the server: what it passed on may have run.
    const outcome = status >= 500 || status === 408 ? 'unknown' : 'refused';
    this.loseLine(sending, outcome, ended(`It answered HTTP ${status}${told}`));
  }

  private redirected(sending: Sending, { status, headers }: Status): Promise<void> | void {
    const why = this.parts.endpoint.redirected(headers('location'));
    const outcome = NOT_TAKEN.has(status) ? 'refused' : 'unknown';
    if (why !== undefined) return this.loseLine(sending, outcome, `It ${why}.`);
    const said = 'The server has moved to another path; what comes from now on goes there.';
    return this.again(sending, said, outcome);
  }

  private async expired(sending: Sending): Promise<void> {
    const gone = 'The server had ended this session (HTTP 404)';
    const why = await this.renewal.after(sending.renewals);
    // What belongs to the beginning of a session was said with the new one.
    if (why === undefined && sending.line.method === 'notifications/initialized') return;
    // Whoever asked was the earlier session.
    if (sending.line.kind === 'response') return this.loseLine(sending, 'refused', `${gone}.`);
    if (why === undefined) return this.again(sending, `${gone}, and a new one was begun.`);
    const end = 'Restart this server in its client.';
    this.loseLine(sending, 'refused', `${gone}, and a new one could not be begun: ${why} ${end}`);
  }

  private async unauthorized(sending: Sending, end: Status, used: string | undefined): Promise<void> {
    const challenge = end.headers('www-authenticate');
    const answer = await this.parts.credentials.refused(used, { status: end.status, challenge });
    if ('said' in answer) return this.loseLine(sending, 'refused', answer.said);
    await this.again(sending, 'The sign-in had run out and was renewed.');
  }

  /** What was not taken goes once more, but for a call: that is sent once, whatever its server says of it. */
  private again(
    sending: Sending,
    said: string,
    outcome: Unanswered['outcome'] = 'refused',
  ): Promise<void> | void {
    if (sending.line.method === 'tools/call')
      return this.loseLine(sending, outcome, outcome === 'refused' ? `${said} Ask again.` : said);
    if (sending.sent >= MOST_SENDINGS) return this.loseLine(sending, 'refused', `${said} It did so again.`);
    return this.post(sending);
  }

  private overOneStream(): LegacyStream {
    const { endpoint, inbound, waiting } = this.parts;
    const legacy = new LegacyStream(endpoint.url, {
      open: (ports) => this.get(undefined, ports),
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

type Status = Extract<ReplyEnd, { kind: 'status' }>;

/** As a sentence. */
function ended(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
