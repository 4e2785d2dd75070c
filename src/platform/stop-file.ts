import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../text/visible.ts';
import { causeOf, fileFault } from './file-fault.ts';
import { ensurePrivateFolder, type Home } from './home.ts';
import { placeNew } from './new-file.ts';

/** That every call of a home is refused, and what is known of it. */
export interface Stop {
  /** ISO 8601. */
  at?: string;
  by?: string;
  reason?: string;
  /** Why nothing is known of it: ends a sentence. */
  damage?: string;
}

const QUIET = { throwIfNoEntry: false } as const;
/** A link in its place is not followed, and a pipe not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MOST_BYTES = 64 * 1024;
/** What is asked of a reason, in characters: an agent reads it with each refusal. */
export const LONGEST_REASON = 1_000;

/**
 * The brake of a home: while this file is there, whatever it holds, no call runs. There is nothing else that says so,
 * so it outlives every process, and needs none.
 */
export class StopFile {
  readonly path: string;
  private readonly home: Home;

  constructor(home: Home) {
    this.home = home;
    this.path = join(home.state, 'stopped.json');
  }

  /** Undefined while nothing is stopped: then it costs one call of the system. What cannot be read stops. Never throws. */
  read(): Stop | undefined {
    try {
      if (lstatSync(this.path, QUIET) === undefined) return undefined;
      return stopIn(this.path);
    } catch (error) {
      // It was taken away just now.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      return { damage: `cannot be read: ${causeOf(error)}` };
    }
  }

  /**
   * Stops everything. Gives the stop that was there already, if there was one. A disk that takes no more bytes takes an
   * empty file, and that stops as well. Throws a PlainError when nothing could be put there.
   */
  put(stop: Required<Pick<Stop, 'at' | 'by'>> & { reason?: string | undefined }): Stop | undefined {
    ensurePrivateFolder(this.home.root);
    ensurePrivateFolder(this.home.state);
    try {
      return placeNew(this.path, `${JSON.stringify(stop)}\n`) ? undefined : (this.read() ?? {});
    } catch (error) {
      return this.putEmpty(error);
    }
  }

  private putEmpty(cause: unknown): Stop | undefined {
    try {
      closeSync(openSync(this.path, 'wx', 0o600));
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return this.read() ?? {};
      throw fileFault(cause, this.path, 'written');
    }
  }

  /** Throws a PlainError when it cannot be taken away: then everything is stopped still. */
  remove(): void {
    try {
      unlinkSync(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileFault(error, this.path, 'removed');
    }
  }
}

function stopIn(path: string): Stop {
  const fd = openSync(path, FLAGS);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { damage: 'is no ordinary file' };
    if (stat.uid !== (process.getuid?.() ?? stat.uid))
      return { damage: `belongs to another user (uid ${stat.uid})` };
    if (stat.size > MOST_BYTES) return { damage: 'is longer than what holdpoint writes' };
    return understood(readFileSync(fd, 'utf8'));
  } finally {
    closeSync(fd);
  }
}

function understood(text: string): Stop {
  const damage = text === '' ? 'is empty' : 'is damaged';
  try {
    const { at, by, reason } = (JSON.parse(text) ?? {}) as Record<string, unknown>;
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof by !== 'string') return { damage };
    return { at, by, ...(typeof reason === 'string' && reason !== '' ? { reason } : {}) };
  } catch {
    return { damage };
  }
}

/** Who stopped everything, when and why, as one sentence or two; of a file that nobody can read, that it counts. */
export function stopWords({ at, by, reason, damage }: Stop, path: string): string {
  if (damage !== undefined)
    return `Everything is stopped: ${visible(path)} ${visible(damage)}, and while it is there it counts.`;
  const since = at === undefined ? '' : ` since ${at.slice(0, 16).replace('T', ' ')} UTC`;
  const who = by === undefined ? '' : `, by ${visible(by)}`;
  const why = reason === undefined ? '' : ` Reason: ${ended(visible(reason).slice(0, LONGEST_REASON))}`;
  return `Everything is stopped${since}${who}.${why}`;
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
