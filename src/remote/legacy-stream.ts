import type { ReplyEnd, ReplyPorts } from './reply-reader.ts';

const ENDPOINT_MS = 15_000;

export interface LegacyPorts {
  /** Sends the GET that opens the stream. */
  open(ports: ReplyPorts): () => void;
  message(bytes: Uint8Array): void;
  /** It ended: whoever waited for an answer on it waits in vain. */
  gone(end: ReplyEnd): void;
}

/** The older transport (2024-11-05): one stream for all that the server says, which first tells where to post. */
export class LegacyStream {
  private readonly ports: LegacyPorts;
  private opening: Promise<ReplyEnd | undefined> | undefined;
  private stop: () => void = () => {};
  private readonly base: URL;
  private closed = false;
  /** Where to post; undefined while the stream does not stand. */
  url: URL | undefined;

  constructor(base: URL, ports: LegacyPorts) {
    this.base = base;
    this.ports = ports;
  }

  /** Resolves once it is known where to post, or with why it is not. */
  ready(): Promise<ReplyEnd | undefined> {
    this.opening ??= this.open();
    return this.opening;
  }

  close(): void {
    this.closed = true;
    this.stop();
  }

  private open(): Promise<ReplyEnd | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(
        () => failed({ kind: 'unreadable', said: 'opened a stream and did not say where to post' }),
        ENDPOINT_MS,
      );
      let over = false;
      const failed = (end: ReplyEnd): void => {
        if (over) return;
        over = true;
        clearTimeout(late);
        this.opening = undefined;
        const stood = this.url !== undefined;
        this.url = undefined;
        this.stop();
        resolve(end);
        if (stood && !this.closed) this.ports.gone(end);
      };
      this.stop = this.ports.open({
        named: (event, data) => {
          if (event !== 'endpoint' || this.url !== undefined) return;
          const url = endpointOf(data, this.base);
          if (url === undefined)
            return failed({ kind: 'unreadable', said: 'wants its messages sent to another server' });
          this.url = url;
          clearTimeout(late);
          resolve(undefined);
        },
        message: (bytes) => this.ports.message(bytes),
        end: failed,
      });
    });
  }
}

/** Of the same origin, or nowhere: what is meant for one server is not posted to another. */
function endpointOf(data: Uint8Array, base: URL): URL | undefined {
  const text = new TextDecoder().decode(data);
  if (!URL.canParse(text, base.href)) return undefined;
  const url = new URL(text, base);
  return url.origin === base.origin ? url : undefined;
}
