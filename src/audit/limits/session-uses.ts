import { decimalOf } from '../../policy/decide/decimal.ts';
import type { Counted } from '../../policy/decide/over.ts';
import { Column, type Use } from './column.ts';
import { piecesOf } from './sum.ts';
import type { Windows } from './windows.ts';

/** What one file's records used up, by limit. */
export type Columns = Map<string, Column>;

/** A use that may still be given back. */
export type OpenUse = Use & { item: string };

/** Who is told of each use, and puts it into its column. */
export type Uses = Pick<Windows, 'insert'>;

/** What a session's calls use up, as its records say it one after the other; it may have more than one file. */
export class SessionUses {
  /** By call: what may still be given back. */
  readonly open: Map<string, OpenUse[]>;
  private readonly windows: Uses;

  constructor(windows: Uses, open = new Map<string, OpenUse[]>()) {
    this.windows = windows;
    this.open = open;
  }

  /** A record of the file whose uses are `columns`; `time` in ms since 1970. */
  take(entry: Record<string, unknown>, time: number, columns: Columns): void {
    const call = String(entry['call']);
    switch (entry['type']) {
      case 'decision':
        if (Array.isArray(entry['counted'])) this.use(call, time, entry['counted'] as Counted[], columns);
        break;
      case 'verdict':
        if (entry['verdict'] !== 'approve') this.giveBack(call, columns);
        break;
      case 'hold':
        // Its client was told that nothing ran; when it asks again, that call counts.
        if (entry['event'] === 'detached') this.giveBack(call, columns);
        break;
      case 'refusal':
        this.giveBack(call, columns);
        break;
      case 'outcome':
        // Its end is known to be its running: nothing of it can be given back any more.
        this.open.delete(call);
    }
  }

  giveBack(call: string, columns: Columns): void {
    for (const { item, time, digits, exponent } of this.open.get(call) ?? [])
      this.insert(item, { time, digits: -digits, exponent }, columns);
    this.open.delete(call);
  }

  /** Amounts that are no numbers are not of our making: skipped. */
  private use(call: string, time: number, counted: readonly Counted[], columns: Columns): void {
    const uses = counted.flatMap(({ item, amount }) => {
      const read = decimalOf(amount);
      return read === undefined ? [] : piecesOf(read).map((piece) => ({ item, time, ...piece }));
    });
    if (uses.length > 0) this.open.set(call, uses);
    for (const use of uses) this.insert(use.item, use, columns);
  }

  private insert(item: string, use: Use, columns: Columns): void {
    const column = columns.get(item) ?? new Column();
    columns.set(item, column);
    this.windows.insert(item, column, use);
  }
}
