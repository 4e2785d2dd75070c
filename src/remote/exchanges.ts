import type { RemoteAddress } from './address.ts';
import { type Endpoint, POSTED } from './endpoint.ts';
import type { Inbound } from './inbound.ts';
import { type ReplyEnd, type ReplyPorts, ReplyReader } from './reply-reader.ts';
import type { Requests } from './requests.ts';
import type { Ended, Sending } from './sending.ts';
import { mirrorHeaders } from './wire/mirror-headers.ts';

export interface ExchangeParts {
  address: RemoteAddress;
  endpoint: Endpoint;
  requests: Requests;
  inbound: Inbound;
  say(sentence: string): void;
}

/** The three kinds of requests that a session is made of: a line, a stream, and its end. */
export class Exchanges {
  private readonly parts: ExchangeParts;
  private saidAnother = false;

  constructor(parts: ExchangeParts) {
    this.parts = parts;
  }

  /** Posts a line, to the address of its server unless `to` is given; resolves once the reply has ended. */
  async post(sending: Sending, to?: URL): Promise<Ended> {
    const { endpoint, requests, inbound } = this.parts;
    const { line, waiting } = sending;
    const headers = {
      ...endpoint.headers(),
      ...mirrorHeaders(line, inbound.mirroredOf),
      ...POSTED,
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
      const url = to ?? endpoint.url;
      used = requests.send({ method: 'POST', url, headers, body: line.body }, reply, () => {
        if (waiting !== undefined) waiting.begun = true;
      });
    });
    return { end, used: await used };
  }

  /** A stream from the server, from an event on. */
  get(from: string | undefined, ports: ReplyPorts): () => void {
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

  /** Tells the server that its session is over, where there is one. */
  async goodbye(): Promise<void> {
    const { endpoint, requests } = this.parts;
    if (endpoint.session === undefined) return;
    await new Promise<void>((resolve) => {
      const reply = new ReplyReader(requests.room, { message: () => {}, end: () => resolve() });
      void requests.send({ method: 'DELETE', url: endpoint.url, headers: endpoint.headers() }, reply);
    });
  }

  private namedAnother(): void {
    if (this.saidAnother) return;
    this.saidAnother = true;
    const { say, address } = this.parts;
    say(
      `${address.shown} named another session than the one that it began, or one that cannot be; that does not count.`,
    );
  }
}
