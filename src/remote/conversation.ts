import type { Unanswered } from '../proxy/upstream/upstream.ts';
import { visible } from '../text/visible.ts';
import type { RemoteAddress } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { httpFault } from './http/http-fault.ts';
import type { Inbound } from './inbound.ts';
import { LegacyStream } from './legacy-stream.ts';
import { Delay, Listening } from './listening.ts';
import { type ReplyEnd, type ReplyPorts, ReplyReader } from './reply-reader.ts';
import type { Requests } from './requests.ts';
import type { Credentials } from './sign-in/credentials.ts';
import type { Waiting, WaitingRequests } from './waiting.ts';
import { errorMessage, settledVersion } from './wire/answers.ts';
import { mirrorHeaders } from './wire/mirror-headers.ts';
import type { Outgoing } from './wire/outgoing.ts';

export type TransportChoice = 'auto' | 'http' | 'sse';

/** A server that knows only the older transport answers a POST to its stream's address so. */
const OLDER = new Set([400, 404, 405, 406, 415, 501]);
const MOST_SENDINGS = 3;
const STREAM_ENDED = 'The stream on which the server answers has ended, and its session with it.';
/** In vain, one after the other. */
const MOST_RESUMES = 5;

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
}

/** Speaks with one server over HTTP: posts each line once, and knows what became of it. */
export class Conversation {
  private readonly parts: ConversationParts;
  private readonly listening: Listening;
  private legacy: LegacyStream | undefined;
  /** The one stream of the older transport has ended, and its session with it. */
  private over = false;
  private renewing: Promise<string | undefined> | undefined;

  constructor(parts: ConversationParts) {
    this.parts = parts;
    this.listening = new Listening({
      open: (from, ports) => void this.get(from, ports),
      message: (bytes) => parts.inbound.message(bytes),
    });
    if (parts.transport === 'sse') this.overOneStream();
  }

  /** Resolves when the next line may go: at once for most, for what begins a session once it is answered. */
  async next(line: Outgoing, waiting: Waiting | undefined): Promise<void> {
    const { endpoint } = this.parts;
    if (line.method === 'initialize' && line.kind === 'request') {
      endpoint.initialize = line;
      void this.post(line, waiting);
      return waiting?.settled;
    }
    if (line.method === 'notifications/initialized') {
      endpoint.initialized = line;
      await this.post(line, undefined);
      if (this.legacy === undefined) this.listening.start();
      return;
    }
    void this.post(line, waiting);
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
      const reply = new ReplyReader({ message: () => {}, end: () => resolve() });
      void requests.send({ method: 'DELETE', url: endpoint.url, headers: endpoint.headers() }, reply);
    });
  }

  /** Resolves once the reply has ended, or for the older transport once it was taken. */
  private async post(line: Outgoing, waiting: Waiting | undefined): Promise<void> {
    const { endpoint, requests, inbound } = this.parts;
    if (this.over)
      return this.lose(line, waiting, 'unsent', `${STREAM_ENDED} Restart this server in its client.`);
    if (this.legacy !== undefined) {
      const fault = await this.legacy.ready();
      if (fault !== undefined) return this.after(line, waiting, { end: fault, used: undefined });
    }
    if (waiting !== undefined) {
      if (!this.parts.waiting.has(waiting)) return;
      waiting.sent += 1;
    }
    const headers = {
      ...endpoint.headers(),
      ...mirrorHeaders(line, inbound.mirroredOf),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    let used: string | undefined;
    const end = await new Promise<ReplyEnd>((resolve) => {
      const reply = new ReplyReader({
        began: (_, replied) => {
          if (!endpoint.named(replied))
            this.parts.say(
              `${this.parts.address.shown} named another session than the one that it began; the first one counts.`,
            );
        },
        message: (bytes) => inbound.message(bytes, waiting),
        end: resolve,
      });
      if (waiting !== undefined) waiting.stop = () => reply.stop();
      const request = {
        method: 'POST' as const,
        url: this.legacy?.url ?? endpoint.url,
        headers,
        body: line.body,
      };
      void requests
        .send(request, reply, () => waiting?.start())
        .then((authorization) => {
          used = authorization;
        });
    });
    waiting?.start();
    await this.after(line, waiting, { end, used });
  }

  /** A stream from the server, from an event on. */
  private get(from: string | undefined, ports: ReplyPorts): () => void {
    const { endpoint, requests } = this.parts;
    const reply = new ReplyReader(ports);
    const headers = {
      ...endpoint.headers(),
      accept: 'text/event-stream',
      ...(from === undefined ? {} : { 'last-event-id': from }),
    };
    void requests.send({ method: 'GET', url: endpoint.url, headers }, reply);
    return () => reply.stop();
  }

  private async after(line: Outgoing, waiting: Waiting | undefined, { end, used }: Ended): Promise<void> {
    if (waiting !== undefined && !this.parts.waiting.has(waiting)) return;
    if (end.kind === 'status') return this.refused(line, waiting, { end, used });
    // Of the older transport a reply only says that it was taken.
    if (this.legacy !== undefined && end.kind !== 'broken' && this.legacy.url !== undefined) return;
    if (end.kind === 'broken' && !end.sent)
      return this.lose(line, waiting, 'unsent', ended(this.fault(end.error)));
    if (waiting === undefined) return;
    if (end.kind === 'accepted') {
      waiting.elsewhere = this.listening.open;
      if (waiting.elsewhere) return;
      return this.lose(line, waiting, 'unknown', 'It took the request and gave no answer.');
    }
    if (end.kind === 'unreadable') return this.lose(line, waiting, 'unknown', `It ${end.said}.`);
    if (end.from !== undefined && waiting.spoilt === undefined) return this.resume(waiting, end.from);
    const what = waiting.spoilt ?? 'ended the connection without an answer';
    this.lose(
      line,
      waiting,
      'unknown',
      end.kind === 'broken' ? `${this.fault(end.error)} before it answered.` : `It ${what}.`,
    );
  }

  /** Takes up the stream of a request where it was cut. The request itself is never sent again. */
  private async resume(waiting: Waiting, first: string): Promise<void> {
    const delay = new Delay();
    let from = first;
    let why = 'ended the connection without an answer';
    for (let vain = 0; vain < MOST_RESUMES; vain += 1) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, delay.ms).unref()), waiting.settled]);
      if (!this.parts.waiting.has(waiting)) return;
      const end = await new Promise<ReplyEnd>((resolve) => {
        const came = (): void => {
          vain = -1;
          delay.worked();
        };
        waiting.stop = this.get(from, {
          began: came,
          message: (bytes) => this.parts.inbound.message(bytes, waiting),
          retry: (ms) => delay.retry(ms),
          end: resolve,
        });
      });
      if (!this.parts.waiting.has(waiting)) return;
      if (end.kind === 'status') {
        why = `did not let its answer be taken up again (HTTP ${end.status})`;
        break;
      }
      if (end.kind === 'ended' || end.kind === 'broken') from = end.from ?? from;
    }
    this.lose(waiting.line, waiting, 'unknown', `It ${waiting.spoilt ?? why}.`);
  }

  private async refused(line: Outgoing, waiting: Waiting | undefined, { end, used }: Ended): Promise<void> {
    if (end.kind !== 'status') return;
    const { status, headers, body } = end;
    const { endpoint, inbound } = this.parts;
    if (status === 401 || status === 403) return this.unauthorized(line, waiting, { end, used });
    if (status >= 300 && status < 400) {
      const why = endpoint.redirected(headers('location'));
      if (why !== undefined) return this.lose(line, waiting, 'refused', `It ${why}.`);
      return this.again(
        line,
        waiting,
        'The server has moved to another path; what comes from now on goes there.',
      );
    }
    const lone = waiting !== undefined && line.method === 'initialize' && endpoint.session === undefined;
    if (lone && this.parts.transport === 'auto' && this.legacy === undefined && OLDER.has(status)) {
      const fault = await this.overOneStream().ready();
      if (fault === undefined) return this.post(line, waiting);
      this.legacy = undefined;
    }
    if (status === 404 && endpoint.session !== undefined && line.method !== 'initialize') {
      const why = await this.renew();
      if (why === undefined)
        return this.again(
          line,
          waiting,
          'The server had ended this session (HTTP 404), and a new one was begun.',
        );
      return this.lose(
        line,
        waiting,
        'refused',
        `The server had ended this session (HTTP 404), and a new one could not be begun: ${why} Restart this server in its client.`,
      );
    }
    if (waiting !== undefined) inbound.answerIn(body, waiting);
    if (waiting === undefined || this.parts.waiting.has(waiting)) {
      const said = errorMessage(body);
      const told = said === undefined ? '' : `: ${visible(said)}`;
      // A gateway's word is no word of the server: what it passed on may have run.
      const outcome = status >= 500 || status === 408 ? 'unknown' : 'refused';
      this.lose(line, waiting, outcome, ended(`It answered HTTP ${status}${told}`));
    }
  }

  private async unauthorized(
    line: Outgoing,
    waiting: Waiting | undefined,
    { end, used }: Ended,
  ): Promise<void> {
    if (end.kind !== 'status') return;
    const challenge = end.headers('www-authenticate');
    const answer = await this.parts.credentials.refused(used, { status: end.status, challenge });
    if ('said' in answer) return this.lose(line, waiting, 'refused', answer.said);
    await this.again(line, waiting, 'The sign-in had run out and was renewed.');
  }

  /** What was not taken goes once more, but for a call: that is sent once, whatever its server says of it. */
  private again(line: Outgoing, waiting: Waiting | undefined, said: string): Promise<void> | void {
    if (line.method === 'tools/call') return this.lose(line, waiting, 'refused', `${said} Ask again.`);
    if ((waiting?.sent ?? 1) >= MOST_SENDINGS)
      return this.lose(line, waiting, 'refused', `${said} It did so again.`);
    return this.post(line, waiting);
  }

  /** Begins a session anew with the client's own words. Gives back why that is not possible, as a sentence. */
  private renew(): Promise<string | undefined> {
    this.renewing ??= this.begin().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async begin(): Promise<string | undefined> {
    const { endpoint, requests, begunAnew } = this.parts;
    const { initialize, initialized, version, session } = endpoint;
    if (initialize === undefined) return 'its client never began one.';
    endpoint.session = endpoint.version = undefined;
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const answer = await new Promise<ReplyEnd | { version: string }>((resolve) => {
      const reply = new ReplyReader({
        began: (_, replied) => void endpoint.named(replied),
        message: (bytes) => {
          const settled = settledVersion(bytes);
          if (settled !== undefined) resolve({ version: settled });
        },
        end: resolve,
      });
      void requests.send({ method: 'POST', url: endpoint.url, headers, body: initialize.body }, reply);
    });
    endpoint.version = version;
    // The next line will find it ended too, and try again.
    if ('kind' in answer || answer.version !== version) endpoint.session = session;
    if ('kind' in answer)
      return answer.kind === 'status' ? `it answered HTTP ${answer.status}.` : 'it gave no answer.';
    if (answer.version !== version) return `it speaks ${visible(answer.version)} now.`;
    if (initialized !== undefined) await this.post(initialized, undefined);
    this.listening.start();
    begunAnew();
    return undefined;
  }

  private overOneStream(): LegacyStream {
    const { endpoint, inbound, waiting } = this.parts;
    const legacy = new LegacyStream(endpoint.url, {
      open: (ports) => this.get(undefined, ports),
      message: (bytes) => inbound.message(bytes),
      gone: () => {
        this.over = true;
        for (const one of waiting.values())
          this.lose(one.line, one, one.sent > 0 ? 'unknown' : 'unsent', STREAM_ENDED);
      },
    });
    this.legacy = legacy;
    return legacy;
  }

  private lose(
    line: Outgoing,
    waiting: Waiting | undefined,
    outcome: Unanswered['outcome'],
    said: string,
  ): void {
    const { shown } = this.parts.address;
    if (waiting === undefined)
      this.parts.say(`${shown}: ${line.method || 'an answer'} did not arrive. ${said}`);
    else
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

interface Ended {
  end: ReplyEnd;
  used: string | undefined;
}

/** As a sentence. */
function ended(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
