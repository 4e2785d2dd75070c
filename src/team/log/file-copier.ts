import { linesWanted, wholeLines } from '../../audit/log/lines-with.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { LogRelay } from '../relay/log-relay.ts';
import type { Recipient } from '../sealing/hpke.ts';
import type { Machine } from '../trust/machine.ts';
import { copyOf, readCopy } from './copy-message.ts';

export interface CopierPorts {
  relay: LogRelay;
  machine: Machine;
  /** Whose keys open the lines. */
  auditors(): ReadonlyMap<string, Recipient>;
}

/** Records that go together, and bytes of their lines: sealed and in base64 a message is about twice as long. */
const MOST_RECORDS = 500;
const SHARE = 0.4;

/** A log and its copy say different things, which trying again does not mend. */
export class LogDiffers extends PlainError {}

interface Place {
  /** Bytes of the file that the relay has. */
  offset: number;
  /** The last message of the subject; 0: there is none. */
  after: number;
  records: number;
}

/** Copies one session's file to the relay: from where that stands, each record once. */
export class FileCopier {
  private readonly ports: CopierPorts;
  private readonly path: string;
  private readonly file: string;
  private readonly subject: string;
  private place: Place | undefined;

  /** `file`: its name in the audit folder, which the copies carry. */
  constructor(ports: CopierPorts, path: string, { file, subject }: { file: string; subject: string }) {
    this.ports = ports;
    this.path = path;
    this.file = file;
    this.subject = subject;
  }

  /** How many records the relay has; undefined: that is not known yet. */
  get copied(): number | undefined {
    return this.place?.records;
  }

  /**
   * Copies what stands in the file by now. Rejects with a PlainError when the relay cannot be reached, and when it
   * has what this file has not: then the log or its copy was changed.
   */
  async copy(): Promise<void> {
    for (;;) {
      this.place ??= await this.found();
      const lines = this.next(this.place);
      if (lines.length === 0) return;
      const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
      const by = { machine: this.ports.machine, auditors: this.ports.auditors() };
      let value = await copyOf(this.subject, this.file, lines, by);
      if (value.length > this.ports.relay.longest)
        value = await copyOf(this.subject, this.file, lines, { ...by, auditors: new Map() });
      const { offset, after, records } = this.place;
      const sequence = await this.ports.relay.append(this.subject, value, after).catch((error: unknown) => {
        // It may have arrived all the same.
        this.place = undefined;
        throw error;
      });
      this.place =
        sequence === 'moved'
          ? undefined
          : { offset: offset + bytes, after: sequence, records: records + lines.length };
    }
  }

  /** Whole lines from there on, as many as go together. */
  private next({ offset }: Place): Buffer[] {
    const most = this.ports.relay.longest * SHARE;
    const lines: Buffer[] = [];
    let size = 0;
    for (const { bytes: line } of wholeLines(this.path, offset)) {
      if (lines.length >= MOST_RECORDS || (size + line.length > most && lines.length > 0)) return lines;
      lines.push(line);
      size += line.length + 1;
    }
    return lines;
  }

  /** Where the relay stands, by its last message. */
  private async found(): Promise<Place> {
    const last = await this.ports.relay.last(this.subject);
    if (last === undefined) return { offset: 0, after: 0, records: 0 };
    const copy = readCopy(last.value);
    const record = copy?.records.at(-1);
    if (record === undefined)
      throw new LogDiffers(`What lies at the relay as a copy of ${this.file} is none.`);
    let before = 0;
    const isIt = (): boolean => before++ === record.seq;
    const [own] = linesWanted(this.path, isIt);
    if (own === undefined || own.torn || sha256Hex(own.bytes) !== record.sha256)
      throw this.differs(record.seq);
    return { offset: own.offset + own.bytes.length + 1, after: last.sequence, records: record.seq + 1 };
  }

  private differs(seq: number): LogDiffers {
    return new LogDiffers(
      `The team's copy of ${this.file} has a record ${seq} that this machine's log has not: one of them was changed. Nothing more of it is copied; "holdpoint audit verify --team" says what differs.`,
    );
  }
}
