import { joined } from '../protocol/join.ts';
import type { ServerAnswer } from '../protocol/server-line.ts';
import { ServerLineReader } from '../protocol/server-line-reader.ts';
import { type ListedItem, readToolPage } from '../protocol/tool-list.ts';

const LF = 0x0a;
const CR = 0x0d;
/** A longer line passes as it is: what is hidden is denied all the same. */
const LONGEST = 16 * 1024 * 1024;

/** Which tools leave the list. */
export type Hidden = (tool: string) => boolean;

export interface ListFilterPorts {
  /** Whether a list of tools may come now, and something of it may have to be hidden. */
  wanted(): boolean;
  /** Whether an answer is one to `tools/list`. */
  isList(answer: ServerAnswer): boolean;
  /** `unknown`: the policy is not there yet, and `release` will be called when it is. */
  hidden(): Hidden | 'unknown' | undefined;
  relay(bytes: Uint8Array): void;
}

/**
 * Takes hidden tools out of the server's lists, and passes everything else as it is. While a list is awaited, lines
 * pass one by one, for only at its end a line says whose answer it is.
 */
export class ListFilter {
  private readonly ports: ListFilterPorts;
  private line: Uint8Array[] = [];
  private size = 0;
  private atBoundary = true;
  /** What came behind a list that waits for the policy. */
  private waiting: Uint8Array[] | undefined;

  constructor(ports: ListFilterPorts) {
    this.ports = ports;
  }

  push(chunk: Uint8Array): void {
    if (this.waiting !== undefined) {
      this.waiting.push(Uint8Array.from(chunk));
      return;
    }
    const free = this.size === 0 && !(this.atBoundary && this.ports.wanted());
    if (free) return this.passing(chunk);
    this.kept(chunk);
  }

  /** The policy is there, or there will be none. */
  release(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    const [list, ...rest] = waiting;
    // Whose answer it is was settled when it came: the request has been seen to be answered since.
    if (list !== undefined) this.listed(list);
    for (const chunk of rest) this.push(chunk);
  }

  /** The server will write no more: what is left of a line goes as it is. */
  end(): void {
    this.release();
    this.flush();
  }

  /** No list can stand in this chunk before its first line has ended. */
  private passing(chunk: Uint8Array): void {
    const end = chunk.indexOf(LF);
    const rest = end === -1 ? chunk.length : end + 1;
    if (!this.ports.wanted() || rest === chunk.length) {
      this.ports.relay(chunk);
      this.atBoundary = chunk[chunk.length - 1] === LF;
      return;
    }
    this.ports.relay(chunk.subarray(0, rest));
    this.atBoundary = true;
    this.push(chunk.subarray(rest));
  }

  private kept(chunk: Uint8Array): void {
    const lf = chunk.indexOf(LF);
    const part = lf === -1 ? chunk : chunk.subarray(0, lf + 1);
    this.line.push(Uint8Array.from(part));
    this.size += part.length;
    if (lf === -1) {
      if (this.size > LONGEST) this.flush();
      return;
    }
    const whole = joined(this.line, this.size);
    this.line = [];
    this.size = 0;
    this.ended(whole);
    if (lf + 1 < chunk.length) this.push(chunk.subarray(lf + 1));
  }

  private ended(whole: Uint8Array): void {
    if (this.isList(whole)) this.listed(whole);
    else this.ports.relay(whole);
  }

  private listed(whole: Uint8Array): void {
    const hidden = this.ports.hidden();
    if (hidden === 'unknown') this.waiting = [whole];
    else this.ports.relay(hidden === undefined ? whole : withoutHidden(whole, hidden));
  }

  private isList(whole: Uint8Array): boolean {
    const reader = new ServerLineReader();
    const cr = whole[whole.length - 2] === CR ? 2 : 1;
    reader.feed(whole.subarray(0, whole.length - cr));
    const seen = reader.end();
    return 'answer' in seen && seen.answer !== undefined && this.ports.isList(seen.answer);
  }

  private flush(): void {
    for (const part of this.line) this.ports.relay(part);
    this.atBoundary = this.size === 0;
    this.line = [];
    this.size = 0;
  }
}

/** The line with those tools cut out, each with the comma before it; every other byte stays. */
export function withoutHidden(line: Uint8Array, hidden: Hidden): Uint8Array {
  const body = line.subarray(0, line.length - (line[line.length - 2] === CR ? 2 : 1));
  const { items = [] } = readToolPage(body) ?? {};
  const [first] = items;
  const last = items.at(-1);
  const goes = ({ tool }: ListedItem): boolean => tool !== undefined && hidden(tool.name);
  if (first === undefined || last === undefined || !items.some(goes)) return line;
  const parts = [line.subarray(0, first.start)];
  let kept = 0;
  for (const [index, item] of items.entries()) {
    if (goes(item)) continue;
    const before = kept === 0 ? item.start : (items[index - 1]?.end ?? item.start);
    parts.push(line.subarray(before, item.end));
    kept += 1;
  }
  parts.push(line.subarray(last.end));
  return joined(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
}
