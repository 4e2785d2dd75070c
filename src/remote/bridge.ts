import { LineSplitter, withoutEnd } from '../protocol/line-splitter.ts';
import type { RequestId } from '../protocol/request-id.ts';
import type { Unanswered, Upstream } from '../proxy/upstream/upstream.ts';
import { visible } from '../text/visible.ts';
import type { RemoteAddress } from './address.ts';
import { Conversation, type TransportChoice } from './conversation.ts';
import { Endpoint } from './endpoint.ts';
import type { HttpClient } from './http/http-client.ts';
import { Inbound } from './inbound.ts';
import { Requests } from './requests.ts';
import type { Credentials } from './sign-in/credentials.ts';
import { WaitingRequests } from './waiting.ts';
import { type Outgoing, readOutgoing } from './wire/outgoing.ts';

/** More than the longest line that a client may send. */
const MAX_LINE = 40 * 1024 * 1024;
/** What is kept of lines that were posted and whose replies have not ended; more stops its client's input. */
const MAX_POSTED = 64 * 1024 * 1024;
/** How long a server may take to be told that a session is over. */
const GOODBYE_MS = 700;
const LIST_CHANGED = Buffer.from(
  `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n`,
);

export interface BridgeParts {
  address: RemoteAddress;
  http: HttpClient;
  /** Of every request, names in lower case. */
  headers: Readonly<Record<string, string>>;
  credentials: Credentials;
  transport: TransportChoice;
  say(sentence: string): void;
}

/**
 * A server that is reached over HTTP: each line is the body of one POST, byte for byte, and each message that comes back
 * is one line.
 */
export class Bridge implements Upstream {
  private readonly endpoint: Endpoint;
  private readonly requests: Requests;
  private readonly waiting = new WaitingRequests();
  private readonly conversation: Conversation;
  private readonly splitter = new LineSplitter(MAX_LINE);
  private queue: Outgoing[] = [];
  private queued = 0;
  /** Bytes of lines whose POST has not ended. */
  private posted = 0;
  private pumping = false;
  private closed = false;
  private readonly say: (sentence: string) => void;
  private early: Uint8Array[] = [];
  private listener: ((bytes: Buffer) => void) | undefined;
  private first: (() => void)[] = [];
  private readonly taken: (() => void)[] = [];
  private unanswered: (request: Unanswered) => void = () => {};

  constructor({ address, http, headers, credentials, transport, say }: BridgeParts) {
    const { waiting } = this;
    this.say = say;
    this.endpoint = new Endpoint(address.url);
    this.requests = new Requests(http, headers, credentials);
    const { endpoint, requests } = this;
    const inbound = new Inbound(waiting, {
      emit: (line) => this.emit(line),
      version: (version) => {
        endpoint.version = version;
      },
    });
    this.conversation = new Conversation({
      keeps: (bytes) => {
        this.posted += bytes;
        if (bytes < 0) this.look();
      },
      ...{ address, endpoint, requests, credentials, waiting, inbound, transport, say },
      lost: (one, outcome, said) => {
        waiting.lose(one);
        this.unanswered({ request: one.line.id?.key ?? '', outcome, said });
      },
      begunAnew: () => this.emit(LIST_CHANGED),
    });
  }

  write(bytes: Uint8Array): void {
    if (this.closed) return;
    for (const line of this.splitter.push(bytes)) {
      if ('overlong' in line) continue;
      const body = withoutEnd(line);
      if (isBlank(body)) continue;
      this.take(body);
    }
    void this.pump();
  }

  private take(body: Uint8Array): void {
    let line: Outgoing;
    try {
      line = readOutgoing(Uint8Array.from(body));
    } catch (error) {
      this.say(`a line for the server could not be read, and was not sent: ${visible(String(error))}`);
      return;
    }
    // Whoever asks while a session begins may wait for this before it answers.
    if (line.kind === 'response') return void this.conversation.next(line, undefined);
    if (line.cancels !== undefined && this.givenUp(line.cancels)) return;
    this.queue.push(line);
    this.queued += body.length;
  }

  /** What nobody asks for any more is not sent. True: there is nothing that the server has to be told. */
  private givenUp(id: RequestId): boolean {
    const at = this.queue.findLastIndex((line) => line.id?.key === id.key);
    if (at !== -1) {
      const [line] = this.queue.splice(at, 1);
      this.queued -= line?.body.length ?? 0;
      return true;
    }
    const given = this.waiting.get(id);
    if (given === undefined) return false;
    this.waiting.take(given);
    return !given.begun || this.conversation.gaveUp(given);
  }

  get backlog(): number {
    return this.closed ? 0 : this.queued + Math.max(0, this.posted - MAX_POSTED);
  }

  private look(): void {
    for (const listener of this.taken) listener();
  }

  onBytes(listener: (bytes: Buffer) => void): void {
    this.listener = listener;
    const { early } = this;
    this.early = [];
    for (const line of early) this.emit(line);
  }

  onFirstBytes(listener: () => void): void {
    this.first.push(listener);
  }

  onTaken(listener: () => void): void {
    this.taken.push(listener);
  }

  onUnanswered(listener: (request: Unanswered) => void): void {
    this.unanswered = listener;
  }

  pause(): void {
    this.requests.pause();
  }

  resume(): void {
    this.requests.resume();
  }

  /** Resolves once nothing is under way any more, or after so long. */
  async settled(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs;
    while ((this.queue.length > 0 || this.pumping || this.waiting.size > 0) && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Ends the session and every connection; resolves once the server was told, or could not be in time. */
  async close(withinMs = GOODBYE_MS): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.conversation.close();
    for (const one of this.waiting.values()) if (!one.begun) this.waiting.take(one);
    await Promise.race([
      this.conversation.goodbye(),
      new Promise((resolve) => setTimeout(resolve, withinMs)),
    ]);
    this.requests.close();
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    for (let line = this.queue.shift(); line !== undefined; line = this.queue.shift()) {
      await this.next(line);
      this.queued -= line.body.length;
      this.look();
    }
    this.pumping = false;
  }

  private async next(line: Outgoing): Promise<void> {
    if (this.closed) return;
    const waiting = line.id === undefined ? undefined : this.waiting.add(line, line.id);
    await this.conversation.next(line, waiting);
  }

  private emit(line: Uint8Array): void {
    for (const listener of this.first.splice(0)) listener();
    if (this.listener === undefined) this.early.push(line);
    else this.listener(Buffer.from(line.buffer, line.byteOffset, line.byteLength));
  }
}

function isBlank(body: Uint8Array): boolean {
  return body.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
