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
  /** By call: what may still be given back, but the newest call's. */
  private readonly others: Map<string, OpenUse[]>;
  /** Most calls end before the next one begins: a map that each of them is put into and taken out of leaves much behind. */
  private newest: { call: string; uses: OpenUse[] } | undefined;
  private readonly windows: Uses;

  constructor(windows: Uses, open = new Map<string, OpenUse[]>()) {
    this.windows = windows;
    this.others = open;
  }

  /** By call: what may still be given back. */
  get open(): Map<string, OpenUse[]> {
    if (this.newest !== undefined) this.others.set(this.newest.call, this.newest.uses);
    this.newest = undefined;
    return this.others;
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
        this.takeOut(call);
    }
  }

  giveBack(call: string, columns: Columns): void {
    for (const { item, time, digits, exponent } of this.takeOut(call))
      this.insert(item, { time, digits: -digits, exponent }, columns);
  }

  private takeOut(call: string): OpenUse[] {
    if (this.newest?.call === call) {
      const { uses } = this.newest;
      this.newest = undefined;
      return uses;
    }
    const uses = this.others.get(call) ?? [];
    if (uses.length > 0) this.others.delete(call);
    return uses;
  }

  /** Amounts that are no numbers are not of our making: skipped. */
  private use(call: string, time: number, counted: readonly Counted[], columns: Columns): void {
    const uses = counted.flatMap(({ item, amount }) => {
      const read = decimalOf(amount);
      return read === undefined ? [] : piecesOf(read).map((piece) => ({ item, time, ...piece }));
    });
    if (uses.length > 0) this.open.delete(call);
    if (uses.length > 0) this.newest = { call, uses };
    for (const use of uses) this.insert(use.item, use, columns);
  }

  private insert(item: string, use: Use, columns: Columns): void {
    const column = columns.get(item) ?? new Column();
    columns.set(item, column);
    this.windows.insert(item, column, use);
  }
}
