import type { Desk } from './desk.ts';
import { type Recorded, reread, type Wanted } from './record.ts';

/** The record, for its page. */
export interface RecordPages {
  /** `faults`: what could not be read of the log, in sentences. */
  calls(): Promise<{ calls: Recorded[]; faults: string[] }>;
  show(name: string): Promise<string[]>;
  numbers(): Promise<string[]>;
  grants(): Promise<string[]>;
}

const TITLES = {
  numbers: 'the last 24 hours',
  grants: 'what runs without asking (holdpoint grants revoke ID ends it)',
};
/** So often, in seconds, the page of the record is read anew. */
const ANEW_TICKS = 5;
const UNREAD = 'The record could not be read: holdpoint audit list says why.';

/** Brings the record onto its page: when that is opened, and again while it is looked at. One reading at a time. */
export class RecordReader {
  private readonly desk: Desk;
  private readonly pages: RecordPages | undefined;
  private reading = false;

  constructor(desk: Desk, pages: RecordPages | undefined) {
    this.desk = desk;
    this.pages = pages;
  }

  /** After each key; `wanted`: what it asked for. */
  pressed(wanted: Wanted | undefined): void {
    const { mode, record } = this.desk.screen();
    if (wanted !== undefined) void this.fetch(wanted);
    else if (mode === 'record' && record.calls === undefined) void this.read();
  }

  /** Each second. */
  tick(ticks: number): void {
    const { mode, record } = this.desk.screen();
    if (mode === 'record' && record.text === undefined && ticks % ANEW_TICKS === 0) void this.read();
  }

  private async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      const { calls, faults } = (await this.pages?.calls()) ?? { calls: [], faults: [] };
      this.put(calls, faults);
    } catch {
      this.put(this.desk.screen().record.calls ?? [], []);
      this.desk.complain(UNREAD);
    } finally {
      this.reading = false;
    }
  }

  private put(calls: readonly Recorded[], faults: readonly string[]): void {
    const screen = this.desk.screen();
    if (screen.mode === 'record') this.desk.set({ ...screen, record: reread(screen.record, calls, faults) });
  }

  private async fetch(wanted: Wanted): Promise<void> {
    const { pages } = this;
    if (pages === undefined) return;
    const title = wanted.want === 'show' ? wanted.name : TITLES[wanted.want];
    try {
      const lines = await (wanted.want === 'show' ? pages.show(wanted.name) : pages[wanted.want]());
      const screen = this.desk.screen();
      if (screen.mode === 'record')
        this.desk.set({ ...screen, scroll: 0, record: { ...screen.record, text: { title, lines } } });
    } catch {
      this.desk.complain(UNREAD);
    }
  }
}
