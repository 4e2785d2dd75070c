import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes one session's file as a journal would, at any time of day. */
export class LogWriter {
  readonly name: string;
  readonly path: string;
  private seq = 0;
  private prev = '0'.repeat(64);
  private readonly session: string;

  constructor(folder: string, month: string, base: string) {
    this.name = `${month}/${base}`;
    this.path = join(folder, this.name);
    this.session = base.split('.')[0] ?? '';
    mkdirSync(dirname(this.path), { recursive: true });
  }

  /** One record; the file's last change becomes its time. */
  write(time: number, type: string, fields: object): this {
    const head = { v: 1, seq: this.seq, time: new Date(time).toISOString(), mono: 0, session: this.session };
    const line = JSON.stringify({ ...head, prev: this.prev, type, ...fields });
    this.seq += 1;
    this.prev = createHash('sha256').update(line).digest('hex');
    appendFileSync(this.path, `${line}\n`);
    utimesSync(this.path, time / 1000, time / 1000);
    return this;
  }

  counted(time: number, call: number, amount: string, item = 'k'): this {
    return this.write(time, 'decision', { call, effect: 'allow', counted: [{ item, amount }] });
  }

  stop(time: number): this {
    return this.write(time, 'session', { kind: 'run', event: 'stop' });
  }

  get tip(): { seq: number; digest: string } {
    return { seq: this.seq - 1, digest: this.prev };
  }
}
