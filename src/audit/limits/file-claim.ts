import { sha256Hex } from '../../platform/digest.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { Column } from './column.ts';
import { ColumnClaim, totalOf } from './column-claim.ts';
import type { IndexedFile } from './index-file.ts';
import type { Columns, SessionUses } from './session-uses.ts';

/** What an index says of one file, held against the records of that file as they are read anyway. */
export class FileClaim {
  /** The first difference, as what the index says; undefined as long as there is none. */
  difference: string | undefined;
  /** As many bytes were read as the index says it knows. */
  reached = false;
  private readonly indexed: IndexedFile;
  private readonly uses: SessionUses;
  private readonly columns: Columns;
  private offset = 0;
  private ended = false;

  /** `uses`: of the session, which may have other files before this one. */
  constructor(indexed: IndexedFile, uses: SessionUses) {
    this.indexed = indexed;
    this.uses = uses;
    this.columns = new Map([...indexed.columns].map(([item, column]) => [item, new ColumnClaim(column)]));
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
    for (const [item, column] of this.columns) {
      const difference = column instanceof ColumnClaim ? column.difference(item) : unknown(item, column);
      if (difference !== undefined) return `that its calls ${difference}`;
    }
    return undefined;
  }
}

/** A limit that the index names nowhere. */
function unknown(item: string, column: Column): string | undefined {
  return column.length === 0 ? undefined : `used up 0 of ${item}, where its records say ${totalOf(column)}`;
}
