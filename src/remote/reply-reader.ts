import { joined } from '../protocol/join.ts';
import { visible } from '../text/visible.ts';
import type { ReplyHeaders } from './http/http-client.ts';
import type { ReplyRoom } from './reply-room.ts';
import { SseReader } from './wire/sse-reader.ts';

/** No message may be longer: an answer over HTTP is kept whole until its line can be written. */
export const MAX_MESSAGE = 32 * 1024 * 1024;
/** Of an answer that refuses. */
const MAX_REFUSAL = 64 * 1024;

/** How a reply ended. */
export type ReplyEnd =
  /** It was taken, and nothing came with it. */
  | { kind: 'accepted' }
  /** All of it came; `from`: where a stream can be taken up again. */
  | { kind: 'ended'; from: string | undefined }
  | { kind: 'broken'; error: Error; sent: boolean; from: string | undefined }
  /** Not 2xx. */
  | { kind: 'status'; status: number; headers: ReplyHeaders; body: Uint8Array }
  /** 2xx, and no message: what it was, completing "It …". */
  | { kind: 'unreadable'; said: string }
  /** We want no more of it. */
  | { kind: 'stopped' };

export interface ReplyPorts {
  /** Its headers came, and it is 2xx. */
  began?(status: number, headers: ReplyHeaders): void;
  /** An event that is no message, of the older transport. */
  named?(event: string, data: Uint8Array): void;
  message(bytes: Uint8Array): void;
  retry?(ms: number): void;
  /** Called once, last. */
  end(end: ReplyEnd): void;
}

/** Reads what comes of one request: a message as JSON, a stream of them as events, or a refusal. */
export class ReplyReader {
  private readonly ports: ReplyPorts;
  private readonly room: ReplyRoom;
  private status = 0;
  private headers: ReplyHeaders = () => undefined;
  private events: SseReader | undefined;
  private parts: Uint8Array[] = [];
  private size = 0;
  private most = MAX_MESSAGE;
  private from: string | undefined;
  private over = false;
  /** Ends the exchange, once there is one. */
  abort: () => void = () => {};

  constructor(room: ReplyRoom, ports: ReplyPorts) {
    this.room = room;
    this.ports = ports;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Nothing more of it is wanted. */
  stop(): void {
    this.ends({ kind: 'stopped' });
  }

  began(status: number, headers: ReplyHeaders): void {
    this.status = status;
    this.headers = headers;
    if (status >= 300) {
      this.most = MAX_REFUSAL;
      return;
    }
    this.ports.began?.(status, headers);
    const encoding = headers('content-encoding');
    if (encoding !== undefined && encoding !== 'identity')
      return this.unreadable(`answered packed (${visible(encoding)}), though it was asked not to`);
    const type = (headers('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    if (type === 'text/event-stream') this.events = this.eventReader();
    else if (
      type !== 'application/json' &&
      status !== 202 &&
      status !== 204 &&
      headers('content-length') !== '0'
    )
      this.unreadable(
        `answered with ${type === '' || type === undefined ? 'no content type' : visible(type)}, which is no MCP. Is the address right?`,
      );
  }

  data(chunk: Uint8Array): void {
    if (this.over) return;
    if (this.events !== undefined) {
      this.events.feed(chunk);
      return this.keeps(this.events.held);
    }
    this.size += chunk.length;
    if (this.size <= this.most) {
      this.parts.push(Uint8Array.from(chunk));
      this.keeps(this.size);
    } else if (this.status < 300) this.tooLong();
    else {
      this.size -= chunk.length;
      this.complete();
    }
  }

  /** All of it came. */
  complete(): void {
    if (this.over) return;
    const { status, headers, size } = this;
    if (status >= 300) return this.ends({ kind: 'status', status, headers, body: joined(this.parts, size) });
    if (this.events === undefined && size === 0) return this.ends({ kind: 'accepted' });
    if (this.events === undefined && status !== 202 && status !== 204)
      this.ports.message(joined(this.parts, size));
    this.ends({ kind: 'ended', from: this.from });
  }

  failed(error: Error, sent: boolean): void {
    this.ends({ kind: 'broken', error, sent, from: this.from });
  }

  private eventReader(): SseReader {
    const sink = {
      id: (id: string): void => {
        this.from = id === '' ? undefined : id;
      },
      retry: (ms: number): void => this.ports.retry?.(ms),
      tooLong: (): void => this.tooLong(),
      event: ({ event, data }: { event: string; data: Uint8Array }): void => {
        if (this.over) return;
        if (event === '' || event === 'message') this.ports.message(data);
        else this.ports.named?.(event, data);
      },
    };
    return new SseReader(sink, MAX_MESSAGE);
  }

  /** So many bytes of what is no whole message yet. */
  private keeps(bytes: number): void {
    if (!this.over && !this.room.holds(this, bytes))
      this.unreadable('sends more at once than is kept of all its answers together');
  }

  private tooLong(): void {
    this.unreadable(`answered with a message of more than ${MAX_MESSAGE / 1024 / 1024} MiB`);
  }

  private unreadable(said: string): void {
    this.ends({ kind: 'unreadable', said });
  }

  private ends(end: ReplyEnd): void {
    if (this.over) return;
    this.over = true;
    this.abort();
    this.parts = [];
    this.events = undefined;
    this.room.free(this);
    this.ports.end(end);
  }
}
