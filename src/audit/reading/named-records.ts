import { LineHead } from '../log/line-head.ts';
import { type FoundLine, linesWanted, type Wanted } from '../log/lines-with.ts';
import { fieldJson } from '../log/raw-json.ts';
import type { ReadRecord } from '../log/read-record.ts';
import { readFound, type Session, sessionHead } from './session-parts.ts';

/** Calls and holds of one session. */
export interface Names {
  calls?: readonly number[];
  holds?: readonly string[];
  /** Also the calls that go on under an approval of a named one. */
  continued?: boolean;
}

interface Found {
  record: ReadRecord;
  part: number;
  offset: number;
}

interface Wants {
  calls: Set<number>;
  /** In a record that names a hold. */
  texts: Buffer[];
}

/** Types that say which hold a call was released or refused by. */
const OF_HOLDS: ReadonlySet<string> = new Set(['hold', 'verdict', 'forward']);

/**
 * The records of a session about the calls and holds that are named, and about all that those rest on, in order, behind
 * what the session says of itself; none when it names none of them. Of other lines only
 * the beginning is looked at.
 */
export function namedRecords(
  session: Session,
  names: Names,
  onWarning: (warning: string) => void,
): ReadRecord[] {
  const search = new Search(session, names.continued === true, onWarning);
  for (const call of names.calls ?? []) search.wantCall(call);
  for (const hold of names.holds ?? []) search.wantHold(hold);
  return search.run();
}

class Search {
  private readonly session: Session;
  private readonly continued: boolean;
  private readonly onWarning: (warning: string) => void;
  private readonly calls = new Set<unknown>();
  private readonly holds = new Set<unknown>();
  /** What was not searched for yet. */
  private wanted: Wants = { calls: new Set(), texts: [] };
  private readonly head: LineHead;
  private firstPass = true;
  private readonly found = new Map<string, Found>();

  constructor(session: Session, continued: boolean, onWarning: (warning: string) => void) {
    this.session = session;
    this.continued = continued;
    this.head = new LineHead(session.session);
    this.onWarning = onWarning;
  }

  wantCall(call: number): void {
    if (this.calls.has(call)) return;
    this.calls.add(call);
    this.wanted.calls.add(call);
    if (this.continued) this.wanted.texts.push(Buffer.from(`"continues":${call}}`));
  }

  wantHold(hold: string): void {
    if (this.holds.has(hold)) return;
    this.holds.add(hold);
    this.wanted.texts.push(Buffer.from(`:${fieldJson(hold)}`));
  }

  run(): ReadRecord[] {
    while (this.wanted.calls.size + this.wanted.texts.length > 0) {
      const { wanted } = this;
      this.wanted = { calls: new Set(), texts: [] };
      this.search(wanted);
      this.firstPass = false;
      for (const { record } of this.found.values()) this.follow(record);
    }
    if (this.found.size === 0) return [];
    const inOrder = [...this.found.values()].sort((a, b) => a.part - b.part || a.offset - b.offset);
    return [...sessionHead(this.session, this.onWarning), ...inOrder.map(({ record }) => record)];
  }

  private search(wants: Wants): void {
    const wanted = this.test(wants);
    const find = (path: string): Iterable<FoundLine> => linesWanted(path, wanted);
    for (const [part, file] of this.session.files.entries()) {
      for (const { record, offset } of readFound(file, find, this.onWarning))
        if (record.type !== 'session') this.found.set(`${part} ${offset}`, { record, part, offset });
    }
  }

  /** Whatever is not surely a record of something else is read. */
  private test({ calls, texts }: Wants): Wanted {
    const { head, firstPass } = this;
    return (bytes, from, to) => {
      if (!head.read(bytes, from, to)) return firstPass;
      if (head.call !== -1 && calls.has(head.call)) return true;
      if (texts.length === 0 || !OF_HOLDS.has(head.type)) return false;
      const line = bytes.subarray(from, to);
      return texts.some((text) => line.includes(text));
    };
  }

  private follow({ type, fields }: ReadRecord): void {
    if (!OF_HOLDS.has(type)) return;
    const { call, hold, pass, continues } = fields;
    const wanted =
      this.calls.has(call) ||
      this.holds.has(hold) ||
      this.holds.has(pass) ||
      (this.continued && this.calls.has(continues));
    if (!wanted) return;
    if (typeof call === 'number') this.wantCall(call);
    if (typeof hold === 'string') this.wantHold(hold);
    if (typeof pass === 'string') this.wantHold(pass);
    if (typeof continues === 'number') this.wantCall(continues);
  }
}
