import type { ReadRecord } from '../log/read-record.ts';
import { sessionOf } from '../log/session-count.ts';
import { FileClaim } from './file-claim.ts';
import { CLOCK_MS } from './file-reading.ts';
import type { IndexedSession, LimitsIndex } from './index-file.ts';
import { type OpenUse, SessionUses } from './session-uses.ts';

/** How a file of the log was found: one that is damaged says nothing, one that was pruned is gone by right. */
export type FileState = 'whole' | 'damaged' | 'pruned' | 'gone';

/** What an index says of a file, ending "It says of FILE …", and the log does not say. */
export interface IndexDifference {
  file: string;
  says: string;
}

type OpenUses = ReadonlyMap<string, readonly OpenUse[]>;

interface SessionClaim {
  /** What may still be given back, as the index says. */
  open: OpenUses;
  /** The same as the records say, of the session's files together. */
  uses: SessionUses;
  files: Map<string, FileClaim>;
}

/**
 * Holds what an index says of the log against the log's records, which are given one by one: whoever can read the
 * home's key can make an index that says less. All that it says stays true as the log grows, so one that was made
 * earlier agrees too.
 */
export class IndexCheck {
  /** By session. */
  private readonly claims = new Map<string, SessionClaim>();
  /** When each file was last written, as the index says; by that it may be passed over. In ms since 1970. */
  private readonly written = new Map<string, number>();
  private readonly late = new Map<string, number>();
  private readonly found: IndexDifference[] = [];
  private readonly covers: number;

  constructor({ covers, sessions, closed }: LimitsIndex) {
    this.covers = covers;
    for (const one of sessions) this.claim(one);
    for (const [month, files] of Object.entries(closed))
      for (const [base, modified] of Object.entries(files)) this.wrote(`${month}/${base}`, modified);
  }

  /** How many files it speaks of. */
  get files(): number {
    return this.written.size;
  }

  /** The next record of a file. A session's files come in their order. */
  add(record: ReadRecord, file: string): void {
    const written = this.written.get(file);
    if (written === undefined) return;
    if (record.at > written + CLOCK_MS && Array.isArray(record.fields['counted']))
      this.late.set(file, record.at);
    this.claims.get(record.session)?.files.get(file)?.take(record);
  }

  /** Once the log was read: at most one for each file. */
  differences(stateOf: (file: string) => FileState): IndexDifference[] {
    const ofSessions = [...this.claims.values()].flatMap((claim) => differencesOf(claim, stateOf));
    const told = new Set(ofSessions.map(({ file }) => file));
    const late = [...this.late]
      .filter(([file]) => stateOf(file) === 'whole' && !told.has(file))
      .map(([file, at]) => ({ file, says: this.lateWords(file, at) }));
    return [...this.found, ...ofSessions, ...late];
  }

  private lateWords(file: string, at: number): string {
    const written = this.written.get(file) ?? 0;
    return `that it was last written ${timeOf(written)}, where it counts a call of ${timeOf(at)}`;
  }

  private claim({ files, open }: IndexedSession): void {
    // What older uses there were is not kept in an index.
    const uses = new SessionUses({
      insert: (_, column, use) => use.time > this.covers && column.insert(use),
    });
    const claim: SessionClaim = { open, uses, files: new Map() };
    const session = sessionOf(files[0]?.name ?? '');
    for (const file of files) {
      if (sessionOf(file.name) !== session || this.claims.has(session) || claim.files.has(file.name))
        this.found.push({ file: file.name, says: 'that it is of two sessions, or of another one' });
      claim.files.set(file.name, new FileClaim(file, uses));
      this.wrote(file.name, file.identity[2]);
    }
    this.claims.set(session, claim);
  }

  private wrote(name: string, modified: number): void {
    this.written.set(name, Math.min(modified, this.written.get(name) ?? modified));
  }
}

function differencesOf(
  { files, open, uses }: SessionClaim,
  stateOf: (file: string) => FileState,
): IndexDifference[] {
  const states = new Map([...files.keys()].map((file) => [file, stateOf(file)]));
  const gone = [...states].filter(([, state]) => state === 'gone');
  if (gone.length > 0) return gone.map(([file]) => ({ file, says: 'what it used up, and it is gone' }));
  // Of a damaged file the report speaks anyway.
  if ([...states.values()].some((state) => state !== 'whole')) return [];
  const found = [...files].flatMap(([file, { difference, reached }]) => {
    const says = reached ? difference : 'more than stands in it: it is shorter';
    return says === undefined ? [] : [{ file, says }];
  });
  const [last] = [...files.keys()].slice(-1);
  if (found.length > 0 || last === undefined || sameOpen(open, uses.open)) return found;
  return [{ file: last, says: 'that what other calls used up may be given back than its records say' }];
}

function sameOpen(one: OpenUses, other: OpenUses): boolean {
  const same = (a: readonly OpenUse[], b: readonly OpenUse[] = []): boolean =>
    a.length === b.length && a.every((use, at) => sameUse(use, b[at] as OpenUse));
  return one.size === other.size && [...one].every(([call, uses]) => same(uses, other.get(call)));
}

function sameUse(one: OpenUse, other: OpenUse): boolean {
  return (['item', 'time', 'digits', 'exponent'] as const).every((key) => one[key] === other[key]);
}

/** A forged time may be none. */
function timeOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? 'never' : time.toISOString();
}
