import { sha256Hex } from '../../platform/digest.ts';
import { decimalText, ZERO } from '../../policy/decide/decimal.ts';
import type { ReadRecord } from '../log/read-record.ts';
import { Column } from './column.ts';
import type { IndexedFile } from './index-file.ts';
import { usedIn } from './known-sessions.ts';
import type { Columns, SessionUses } from './session-uses.ts';

const NONE = new Column();

/** What an index says of one file, held against the records of that file as they are read anyway. */
export class FileClaim {
  /** The first difference, as what the index says; undefined as long as there is none. */
  difference: string | undefined;
  /** As many bytes were read as the index says it knows. */
  reached = false;
  private readonly indexed: IndexedFile;
  private readonly uses: SessionUses;
  private readonly columns: Columns = new Map();
  private offset = 0;
  private ended = false;

  /** `uses`: of the session, which may have other files before this one. */
  constructor(indexed: IndexedFile, uses: SessionUses) {
    this.indexed = indexed;
    this.uses = uses;
    if (indexed.offset === 0) this.settle(undefined);
  }

  /** The next record of the file. */
  take(record: ReadRecord): void {
    if (this.reached) return;
    const from = this.offset;
    this.offset += Buffer.byteLength(record.text) + 1;
    this.uses.take(record.fields, record.at, this.columns);
    if (record.type === 'session' && record.fields['event'] === 'stop') this.ended = true;
    if (this.offset >= this.indexed.offset) this.settle({ from, text: record.text });
  }

  private settle(last: { from: number; text: string } | undefined): void {
    this.reached = true;
    this.difference = this.placeDifference(last) ?? this.endDifference() ?? this.usesDifference();
    this.columns.clear();
  }

  private placeDifference(last: { from: number; text: string } | undefined): string | undefined {
    const { offset, last: claimed } = this.indexed;
    const same =
      offset === this.offset &&
      claimed?.from === last?.from &&
      claimed?.digest === (last && sha256Hex(last.text));
    return same ? undefined : `that another record ends at byte ${offset}`;
  }

  /** What was not read as an end is read on; the other way round all that comes would be passed over. */
  private endDifference(): string | undefined {
    return this.indexed.ended && !this.ended ? 'that it has ended' : undefined;
  }

  private usesDifference(): string | undefined {
    const { columns } = this.indexed;
    const items = new Set([...columns.keys(), ...this.columns.keys()]);
    const item = [...items].find((one) => !same(columns.get(one) ?? NONE, this.columns.get(one) ?? NONE));
    if (item === undefined) return undefined;
    const [claimed, used] = [totalOf(columns, item), totalOf(this.columns, item)];
    return claimed === used
      ? `that its calls used up ${used} of ${item} at other times than its records say`
      : `that its calls used up ${claimed} of ${item}, where its records say ${used}`;
  }
}

function totalOf(columns: Columns, item: string): string {
  const column = columns.get(item);
  try {
    const total = column && usedIn([{ columns: new Map([[item, column]]) }]).get(item);
    return decimalText(total ?? ZERO);
  } catch {
    return 'no number';
  }
}

function same(one: Column, other: Column): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) {
    const equal =
      one.times[at] === other.times[at] &&
      one.digits[at] === other.digits[at] &&
      one.exponents[at] === other.exponents[at];
    if (!equal) return false;
  }
  return true;
}
