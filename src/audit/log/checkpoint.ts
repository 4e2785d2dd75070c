import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import type { Tip } from './entry.ts';

/** One line of a checkpoint file: where a session's file stood at some moment. */
interface Line extends Tip {
  v: 1;
  time: string;
}

/** So many records may stand in a file before a checkpoint names one of them. */
const EVERY_RECORDS = 100;

/**
 * Copies the ends of session files to a second place: a file that the agent's user can
 * append to and not rewrite shows later what was cut, changed or deleted. Opened for each line: it may be rotated.
 */
export class Checkpoints {
  private readonly file: string;
  private named = -1;

  constructor(file: string) {
    this.file = file;
  }

  /** `now`: a permission was recorded, or the session ends. Throws errors of the system. */
  note(tip: Tip, time: string, now: boolean): void {
    if (tip.seq === this.named || (!now && this.named >= 0 && tip.seq - this.named < EVERY_RECORDS)) return;
    const line: Line = { v: 1, time, ...tip };
    const fd = openSync(this.file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
    try {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      if (writeSync(fd, bytes) < bytes.length) throw new Error('it took only a part of a line');
    } finally {
      closeSync(fd);
    }
    this.named = tip.seq;
  }
}

/** A checkpoint file as read: `bad` lines are none of ours. */
export interface ReadCheckpoints {
  tips: { line: number; tip: Tip }[];
  bad: number[];
}

/** Throws errors of the system. */
export function readCheckpoints(file: string): ReadCheckpoints {
  const read: ReadCheckpoints = { tips: [], bad: [] };
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const tip = tipIn(text);
    if (tip === undefined) read.bad.push(index + 1);
    else read.tips.push({ line: index + 1, tip });
  }
  return read;
}

function tipIn(text: string): Tip | undefined {
  try {
    const { v, file, seq, digest } = JSON.parse(text) as Partial<Line>;
    const fine = v === 1 && typeof file === 'string' && typeof seq === 'number' && typeof digest === 'string';
    return fine ? { file, seq, digest } : undefined;
  } catch {
    return undefined;
  }
}
