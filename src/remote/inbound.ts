import { withoutEnd } from '../protocol/line-splitter.ts';
import { ServerLineReader } from '../protocol/server-line-reader.ts';
import type { Waiting, WaitingRequests } from './waiting.ts';
import { sameId, settledVersion } from './wire/answers.ts';
import { type Mirrored, mirroredTools } from './wire/mirror-headers.ts';
import { oneLine } from './wire/one-line.ts';

const MIRROR = Buffer.from('x-mcp-header');

export interface InboundPorts {
  /** A whole line for the client. */
  emit(line: Uint8Array): void;
  /** The version that an answer to `initialize` settles on. */
  version(version: string): void;
}

/** The messages of the server on their way to become lines: each is looked at for whose answer it is, and passes. */
export class Inbound {
  private readonly ports: InboundPorts;
  private readonly waiting: WaitingRequests;
  private readonly reader = new ServerLineReader();
  private mirrored = new Map<string, readonly Mirrored[]>();

  constructor(waiting: WaitingRequests, ports: InboundPorts) {
    this.waiting = waiting;
    this.ports = ports;
  }

  readonly mirroredOf = (tool: string): readonly Mirrored[] => this.mirrored.get(tool) ?? [];

  /** `of`: the request in whose reply it came. */
  message(bytes: Uint8Array, of?: Waiting): void {
    const line = oneLine(bytes);
    if (line === undefined) {
      if (of !== undefined) of.spoilt = 'answered with a line break within a text, which is no JSON';
      return;
    }
    this.reader.feed(withoutEnd(line));
    const seen = this.reader.end();
    // Its structure is broken or cut off: nobody could read it, and it is the whole of the message.
    if ('odd' in seen && seen.odd === 'not-json' && of !== undefined) {
      of.spoilt = 'answered with what is no JSON';
      return;
    }
    const answer = 'odd' in seen ? undefined : seen.answer;
    if (answer !== undefined) {
      // Answered already, or given up: its id may be another request's by now.
      if (of?.line.id !== undefined && !this.waiting.has(of) && sameId(of.line.id, answer.id)) return;
      const waiting = this.waiting.answered(answer.id);
      // We answered it already, and a request has one answer.
      if (waiting === undefined && this.waiting.wasLost(answer.id)) return;
      if (waiting !== undefined) this.learn(waiting, line);
    }
    this.ports.emit(line);
  }

  /** The body of a refusal may be the very answer. */
  answerIn(body: Uint8Array, of: Waiting): void {
    const line = oneLine(body);
    if (line === undefined || of.line.id === undefined) return;
    this.reader.feed(withoutEnd(line));
    const seen = this.reader.end();
    if (!('odd' in seen) && seen.answer !== undefined && sameId(seen.answer.id, of.line.id))
      this.message(body, of);
  }

  private learn({ line: { method } }: Waiting, answer: Uint8Array): void {
    if (method === 'initialize') {
      const version = settledVersion(answer);
      if (version !== undefined) this.ports.version(version);
    }
    if (
      method !== 'tools/list' ||
      Buffer.from(answer.buffer, answer.byteOffset, answer.length).indexOf(MIRROR) === -1
    )
      return;
    try {
      for (const [tool, list] of mirroredTools(JSON.parse(Buffer.from(answer).toString())))
        this.mirrored.set(tool, list);
    } catch {
      // Its client cannot read it either.
    }
  }
}
