import type { Dispatcher } from 'undici';
import { proxiesOf } from './proxies.ts';

/** One request. Header names in lower case; nothing is sent but these, `host` and what frames the body. */
export interface HttpRequest {
  method: 'POST' | 'GET' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array;
}

/** What comes of it, in this order: `started`, `began`, then `data` as it comes, then `ended`; or `failed` at any time, last. */
export interface HttpSink {
  /** A connection stands, and the request is being written to it. */
  started?(): void;
  began(status: number, headers: ReplyHeaders): void;
  data(chunk: Uint8Array): void;
  ended(): void;
  /** `sent`: bytes of the request may have reached the server. False: none has. */
  failed(error: Error, sent: boolean): void;
}

/** By name in lower case; of several of one name the first. */
export type ReplyHeaders = (name: string) => string | undefined;

export interface HttpExchange {
  /** Nothing more is told of it. */
  abort(): void;
  pause(): void;
  resume(): void;
}

/** Who answers slower than this is not there; an answer itself may take as long as it likes. */
const CONNECT_MS = 15_000;
/** Node's servers close an idle connection after 5 s: a request that meets its end would have an unknown outcome. */
const IDLE_MS = 4_000;
const MOST_HEADER_BYTES = 64 * 1024;

/** HTTP as this machine is set up for it: proxies by the environment, certificates as Node knows them. */
export class HttpClient {
  private readonly dispatcher: Dispatcher;

  private constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Loads what sends requests: a part of undici, and all of it only where the environment names a proxy. */
  static async load(env: NodeJS.ProcessEnv): Promise<HttpClient> {
    const options = {
      connect: { timeout: CONNECT_MS },
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      maxHeaderSize: MOST_HEADER_BYTES,
      // That part is not in the bundle.
      allowH2: false,
    };
    const proxies = proxiesOf(env);
    if (proxies !== undefined) {
      const { proxiedAgent } = await import('./proxied-agent.ts');
      return new HttpClient(await proxiedAgent(proxies, options));
    }
    const { default: Agent } = await import('undici/lib/dispatcher/agent.js');
    return new HttpClient(new Agent(options));
  }

  /** Sends it once; never follows a redirect, never sends it again. */
  send(request: HttpRequest, sink: HttpSink): HttpExchange {
    const reply = new Reply(sink);
    const { method, url, headers, body } = request;
    try {
      this.dispatcher.dispatch(
        {
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers,
          body: body === undefined ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
          // Each waits for its own answer: one must not stand behind another's.
          blocking: true,
        },
        reply,
      );
    } catch (error) {
      reply.onResponseError(undefined, error as Error);
    }
    return reply;
  }

  /** Ends every connection at once. */
  destroy(): void {
    this.dispatcher.destroy().catch(() => {});
  }
}

class Reply implements HttpExchange, Dispatcher.DispatchHandler {
  private readonly sink: HttpSink;
  private controller: Dispatcher.DispatchController | undefined;
  private sent = false;
  private over = false;
  private paused = false;

  constructor(sink: HttpSink) {
    this.sink = sink;
  }

  abort(): void {
    if (this.over) return;
    this.over = true;
    this.controller?.abort(new Error('nobody waits for it'));
  }

  pause(): void {
    this.paused = true;
    this.controller?.pause();
  }

  resume(): void {
    this.paused = false;
    this.controller?.resume();
  }

  /** The connection stands, and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) controller.abort(new Error('nobody waits for it'));
    else {
      this.sent = true;
      this.sink.started?.();
    }
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.over || status < 200) return;
    this.sink.began(status, (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    });
    if (this.paused) this.controller?.pause();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (!this.over) this.sink.data(chunk);
  }

  onResponseEnd(): void {
    if (this.over) return;
    this.over = true;
    this.sink.ended();
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.over) return;
    this.over = true;
    this.sink.failed(error, this.sent);
  }
}
