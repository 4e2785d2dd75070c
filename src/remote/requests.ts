import type { HttpClient, HttpExchange, HttpRequest, HttpSink } from './http/http-client.ts';
import type { ReplyReader } from './reply-reader.ts';
import { ReplyRoom } from './reply-room.ts';
import type { Credentials } from './sign-in/credentials.ts';

/** The requests of one bridge that are under way, each with what says who we are. */
export class Requests {
  private readonly http: HttpClient;
  private readonly own: Readonly<Record<string, string>>;
  private readonly credentials: Credentials;
  private readonly open = new Set<HttpExchange>();
  readonly room = new ReplyRoom();
  private paused = false;
  private closed = false;

  constructor(http: HttpClient, own: Readonly<Record<string, string>>, credentials: Credentials) {
    this.http = http;
    this.own = own;
    this.credentials = credentials;
  }

  /** Gives back the `Authorization` that went with it. `started` is called once the request is being written. */
  async send(request: HttpRequest, reply: ReplyReader, started?: () => void): Promise<string | undefined> {
    const authorization = await this.credentials.header().catch(() => undefined);
    // Who asked for it may have given up on it meanwhile.
    if (this.closed || reply.ended) return authorization;
    const headers = {
      ...this.own,
      ...request.headers,
      // No server is to pack its answer: the bytes that come are those that pass.
      'accept-encoding': 'identity',
      ...(authorization === undefined ? {} : { authorization }),
    };
    let exchange: HttpExchange | undefined;
    let over = false;
    const done = (): void => {
      over = true;
      if (exchange !== undefined) this.open.delete(exchange);
    };
    const sink: HttpSink = {
      started: () => started?.(),
      began: (status, replied) => reply.began(status, replied),
      data: (chunk) => reply.data(chunk),
      ended: () => {
        done();
        reply.complete();
      },
      failed: (error, sent) => {
        done();
        reply.failed(error, sent);
      },
    };
    exchange = this.http.send({ ...request, headers }, sink);
    if (over) return authorization;
    const abort = exchange;
    reply.abort = () => {
      done();
      abort.abort();
    };
    this.open.add(exchange);
    if (this.paused) exchange.pause();
    return authorization;
  }

  pause(): void {
    this.paused = true;
    for (const exchange of this.open) exchange.pause();
  }

  resume(): void {
    this.paused = false;
    for (const exchange of this.open) exchange.resume();
  }

  /** Nothing more is told of any of them. */
  close(): void {
    this.closed = true;
    for (const exchange of this.open) exchange.abort();
    this.open.clear();
    this.http.destroy();
  }
}
