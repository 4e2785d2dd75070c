import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { LowSync } from 'lowdb';
import { PlainError } from '../protocol/plain-error.ts';
import { ensurePrivateFolder } from './home.ts';

const LOCK_WAIT_MS = 5_000;
const LOCK_POLL_MS = 10;
/** A lock this old was left by a process that died: nobody writes a small document for so long. */
const LOCK_STALE_MS = 10_000;

/**
 * lowdb's adapter for one small document that several processes change. lowdb's own adapter gives every process
 * the same temporary name and lost whole files when four wrote at once (measured, research/security.md 3.2).
 */
class AtomicJsonFile<T> {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  read(): T | null {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new PlainError(`${this.file} cannot be read: ${(error as Error).message}.`, 1, { cause: error });
    }
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new PlainError(`${this.file} is damaged. Move it away; what it held must be given again.`, 1, {
        cause: error,
      });
    }
  }

  write(data: T): void {
    const temporary = `${this.file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    const fd = openSync(temporary, 'wx', 0o600);
    try {
      const bytes = Buffer.from(`${JSON.stringify(data, null, 2)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, this.file);
  }
}

/** One small document of the state folder, read and changed under a lock. */
export class StateFile<T> {
  private readonly file: string;
  private readonly empty: () => T;

  constructor(file: string, empty: () => T) {
    this.file = file;
    this.empty = empty;
  }

  read(): T {
    return this.open().data;
  }

  /** Reads afresh, lets `change` alter the document, writes it. Throws a PlainError when it cannot. */
  update<R>(change: (data: T) => R): R {
    ensurePrivateFolder(dirname(this.file));
    const unlock = lock(`${this.file}.lock`);
    try {
      const db = this.open();
      const result = change(db.data);
      db.write();
      return result;
    } finally {
      unlock();
    }
  }

  private open(): LowSync<T> {
    const db = new LowSync<T>(new AtomicJsonFile<T>(this.file), this.empty());
    db.read();
    return db;
  }
}

function lock(file: string): () => void {
  const until = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600));
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_STALE_MS) rmSync(file, { force: true });
    else if (Date.now() > until) {
      throw new PlainError(`${file} is held by another holdpoint. If none is running, remove it.`);
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
}
