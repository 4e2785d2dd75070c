import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { LowSync } from 'lowdb';
import { causeOf, fileFault } from './file-fault.ts';
import { ensurePrivateFolder } from './home.ts';
import { replaceWhole } from './new-file.ts';
import { PlainError } from './plain-error.ts';
import { type Lock, lock } from './state-lock.ts';

/** A document that is not what it should be. */
class Damaged extends Error {}

/**
 * lowdb's adapter for one small document that several processes change. lowdb's own adapter gives every process
 * the same temporary name and lost whole files when four wrote at once (measured; docs/decisions/0004-audit-without-lowdb.md).
 */
class AtomicJsonFile<T> {
  private readonly file: string;
  private readonly valid: (data: unknown) => boolean;
  private readonly beforeRename: () => void;

  constructor(file: string, valid: (data: unknown) => boolean, beforeRename: () => void) {
    this.file = file;
    this.valid = valid;
    this.beforeRename = beforeRename;
  }

  read(): T | null {
    let text: string;
    try {
      text = textOf(this.file);
    } catch (error) {
      if (error instanceof Damaged) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw fileFault(error, this.file, 'read');
    }
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      throw new Damaged();
    }
    if (!this.valid(data)) throw new Damaged();
    return data as T;
  }

  write(data: T): void {
    replaceWhole(this.file, `${JSON.stringify(data, null, 2)}\n`, this.beforeRename);
  }
}

/** A pipe in its place would keep whoever reads it waiting for ever. */
function textOf(file: string): string {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() && !stat.isDirectory()) throw new Damaged();
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

const isObject = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** A document as read: one that is damaged counts as empty, and `damage` is the sentence that says so. */
export interface Loaded<T> {
  data: T;
  damage: string | undefined;
}

/** One small document of the state folder, read and changed under a lock. */
export class StateFile<T> {
  readonly file: string;
  private readonly empty: () => T;
  private readonly valid: (data: unknown) => boolean;

  constructor(file: string, empty: () => T, valid: (data: unknown) => boolean = isObject) {
    this.file = file;
    this.empty = empty;
    this.valid = valid;
  }

  get exists(): boolean {
    return existsSync(this.file);
  }

  /** Changes nothing on the disk. Throws a PlainError when the file cannot be read. */
  load(): Loaded<T> {
    return this.open(() => {}).loaded;
  }

  /** The document, or the empty one in place of a damaged one. */
  read(): T {
    return this.load().data;
  }

  /**
   * Reads afresh, lets `change` alter the document, writes it; a damaged one is set aside. `record` is called when all
   * is written but the name: what it throws keeps the change from counting, and a full disk is met before it. Throws a
   * PlainError that says what became of the change.
   */
  update<R>(change: (data: T) => R, record?: () => void): R {
    ensurePrivateFolder(dirname(this.file));
    let held: Lock | undefined;
    let recorded = false;
    try {
      held = lock(`${this.file}.lock`);
      const { assertHeld } = held;
      const { db, loaded } = this.open(() => {
        assertHeld();
        record?.();
        recorded = record !== undefined;
      });
      if (loaded.damage !== undefined) this.setAside();
      const result = change(db.data);
      db.write();
      return result;
    } catch (error) {
      throw this.unchanged(error, recorded);
    } finally {
      held?.release();
    }
  }

  /** The truth about a change that does not count, for whoever asked for it. */
  private unchanged(error: unknown, recorded: boolean): unknown {
    const fault = fileFault(error, this.file, 'written');
    if (!(fault instanceof PlainError)) return error;
    const record = recorded ? ' The audit log has a record of the change, but it does not count.' : '';
    return new PlainError(`${fault.message}${record} Nothing was changed.`, fault.exitCode, { cause: error });
  }

  /** Sets a damaged document aside. Gives the sentence about it, undefined for a sound one. */
  heal(): string | undefined {
    if (this.load().damage === undefined) return undefined;
    const held = lock(`${this.file}.lock`);
    try {
      const { damage } = this.load();
      return damage === undefined ? undefined : `${damage} It was set aside as ${this.setAside()}.`;
    } finally {
      held.release();
    }
  }

  /** Kept for whoever wants to know what happened; never over an earlier one. */
  private setAside(): string {
    const time = new Date().toISOString().replaceAll(':', '');
    const aside = `${this.file}.corrupt-${time}-${randomBytes(2).toString('hex')}`;
    try {
      renameSync(this.file, aside);
    } catch (error) {
      throw new PlainError(`${this.file} is damaged and cannot be set aside: ${causeOf(error)}.`, 1, {
        cause: error,
      });
    }
    return aside;
  }

  private open(beforeRename: () => void): { db: LowSync<T>; loaded: Loaded<T> } {
    const adapter = new AtomicJsonFile<T>(this.file, this.valid, beforeRename);
    const db = new LowSync<T>(adapter, this.empty());
    try {
      db.read();
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      const damage = `${this.file} is damaged, so nothing that it granted counts.`;
      return { db, loaded: { data: db.data, damage } };
    }
    return { db, loaded: { data: db.data, damage: undefined } };
  }
}
