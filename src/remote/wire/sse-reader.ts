import { joined } from '../../protocol/join.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

/** One event of a stream of server-sent events (WHATWG HTML, 9.2). */
export interface SseEvent {
  /** Empty: `message`. */
  event: string;
  /** Lines joined by LF, as bytes: what they say is not this room's matter. */
  data: Uint8Array;
  /** Of this event; undefined: it gave none. */
  id: string | undefined;
}

export interface SseSink {
  /** An event that holds data. */
  event(event: SseEvent): void;
  /** The last id that was given, also by an event without data: where a stream is taken up again. */
  id(id: string): void;
  /** How long to wait before that, in ms. */
  retry(ms: number): void;
  /** A line or the data of an event is longer than allowed: nothing more is read. */
  tooLong(): void;
}

/** What stands in a field that is not data; no id or name is longer. */
const LONGEST_FIELD = 4096;
const LONGEST_RETRY_MS = 10 * 60_000;

/** What can stand in a header: no other id could be named where a stream is taken up again. */
const SENDABLE = /^[^\p{Cc}\ufffd]*$/u;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Cuts a stream of server-sent events into events, whatever the chunks and whichever of LF, CRLF and CR ends its lines.
 * Holds at most `maxBytes` of an event.
 */
export class SseReader {
  private readonly sink: SseSink;
  private readonly maxBytes: number;
  private parts: Uint8Array[] = [];
  private lineBytes = 0;
  /** A CR ended a line: an LF right behind it ends the same. */
  private afterCr = false;
  private first = true;
  private data: Uint8Array[] = [];
  private dataBytes = 0;
  private event = '';
  private id: string | undefined;
  private over = false;

  constructor(sink: SseSink, maxBytes: number) {
    this.sink = sink;
    this.maxBytes = maxBytes;
  }

  /** How many bytes it keeps of an event that has not ended. */
  get held(): number {
    return this.lineBytes + this.dataBytes;
  }

  feed(chunk: Uint8Array): void {
    let start = 0;
    let cr = chunk.indexOf(CR);
    let lf = chunk.indexOf(LF);
    while (!this.over && start < chunk.length) {
      if (this.afterCr) {
        this.afterCr = false;
        if (chunk[start] === LF) {
          start += 1;
          if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
          continue;
        }
      }
      const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
      if (end === -1) return this.more(chunk.subarray(start));
      this.ends(chunk.subarray(start, end));
      this.afterCr = chunk[end] === CR;
      start = end + 1;
      if (end === cr) cr = chunk.indexOf(CR, start);
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
    }
  }

  private more(part: Uint8Array): void {
    this.lineBytes += part.length;
    if (this.lineBytes + this.dataBytes > this.maxBytes) return this.stop();
    // The chunk may be used again by whoever gave it.
    this.parts.push(Uint8Array.from(part));
  }

  private stop(): void {
    this.over = true;
    this.parts = this.data = [];
    this.sink.tooLong();
  }

  private ends(last: Uint8Array): void {
    let line = last;
    if (this.lineBytes > 0) {
      this.more(last);
      if (this.over) return;
      line = joined(this.parts, this.lineBytes);
      this.parts = [];
      this.lineBytes = 0;
    }
    if (this.first && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    this.first = false;
    if (line.length === 0) this.dispatch();
    else if (line[0] !== COLON) this.field(line);
  }

  private field(line: Uint8Array): void {
    const colon = line.indexOf(COLON);
    const name = decoder.decode(
      line.subarray(0, colon === -1 ? Math.min(line.length, 16) : Math.min(colon, 16)),
    );
    const from = colon === -1 ? line.length : line[colon + 1] === SPACE ? colon + 2 : colon + 1;
    const value = line.subarray(from);
    if (name === 'data') return this.add(value);
    if (value.length > LONGEST_FIELD) return;
    const text = decoder.decode(value);
    if (name === 'event') this.event = text;
    else if (name === 'id' && SENDABLE.test(text)) this.id = text;
    else if (name === 'retry' && /^\d{1,9}$/.test(text))
      this.sink.retry(Math.min(Number(text), LONGEST_RETRY_MS));
  }

  private add(value: Uint8Array): void {
    this.dataBytes += value.length + 1;
    if (this.dataBytes > this.maxBytes) return this.stop();
    this.data.push(Uint8Array.from(value));
  }

  private dispatch(): void {
    const { data, id, event } = this;
    this.data = [];
    this.dataBytes = 0;
    this.event = '';
    this.id = undefined;
    if (id !== undefined) this.sink.id(id);
    if (data.length === 0 || (data.length === 1 && data[0]?.length === 0)) return;
    this.sink.event({ event, data: withBreaks(data), id });
  }
}

function withBreaks(lines: readonly Uint8Array[]): Uint8Array {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, -1));
  let at = 0;
  for (const [nth, line] of lines.entries()) {
    if (nth > 0) all[at++] = LF;
    all.set(line, at);
    at += line.length;
  }
  return all;
}
