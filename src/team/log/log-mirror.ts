import { basename } from 'node:path';
import type { LogRelay } from '../relay/log-relay.ts';
import { auditSubject } from '../relay/names.ts';
import { readCopy } from './copy-message.ts';
import { type CopierPorts, FileCopier, LogDiffers } from './file-copier.ts';

export interface MirrorPorts extends CopierPorts {
  space: string;
  say(sentence: string): void;
}

/** A session's file, by its name in the audit folder. */
export interface LogFile {
  name: string;
  path: string;
}

interface Awaited {
  name: string;
  seq: number;
  resolve(): void;
  reject(error: unknown): void;
}

const AGAIN_MS = 2_000;

/** What a session's file is called among a space's subjects: a word. */
export function subjectOf(space: string, machine: string, file: string): string {
  return auditSubject(space, machine, basename(file, '.jsonl').replaceAll('.', '-'));
}

/** Copies what is recorded while it is recorded, never on a call's way. */
export class LogMirror {
  private readonly ports: MirrorPorts;
  private readonly copiers = new Map<string, FileCopier>();
  private readonly wanted = new Map<string, LogFile>();
  private working: Promise<void> | undefined;
  private again: NodeJS.Timeout | undefined;
  private readonly awaited = new Set<Awaited>();
  private stopped = false;
  /** What was said last of what is in the way. */
  private told: string | undefined;

  constructor(ports: MirrorPorts) {
    this.ports = ports;
  }

  /** Something was recorded in this file. */
  wake(file: LogFile): void {
    this.wanted.set(file.name, file);
    this.start();
  }

  /**
   * Resolves once the file is copied up to and with this record; rejects with a PlainError where it differs from its
   * copy. While the relay is away it waits.
   */
  acknowledged(file: LogFile, seq: number): Promise<void> {
    if ((this.copiers.get(file.name)?.copied ?? 0) > seq) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.awaited.add({ name: file.name, seq, resolve, reject });
      this.wake(file);
    });
  }

  /** Those who waited for what is copied by now; with a fault, those of that file. */
  private release(name: string, fault?: unknown): void {
    const copied = this.copiers.get(name)?.copied ?? 0;
    for (const one of this.awaited) {
      if (one.name !== name || (fault === undefined && copied <= one.seq)) continue;
      this.awaited.delete(one);
      if (fault === undefined) one.resolve();
      else one.reject(fault);
    }
  }

  private start(): void {
    if (this.working !== undefined || this.again !== undefined || this.stopped) return;
    this.working = new Promise<void>((next) => setImmediate(next))
      .then(() => this.work())
      .finally(() => {
        this.working = undefined;
        if (this.wanted.size > 0) this.start();
      });
  }

  private async work(): Promise<void> {
    for (const [name, file] of this.wanted) {
      this.wanted.delete(name);
      try {
        await this.copier(file).copy();
        this.told = undefined;
        this.release(name);
      } catch (error) {
        this.tell((error as Error).message);
        if (error instanceof LogDiffers) {
          this.release(name, error);
          continue;
        }
        this.wanted.set(name, file);
        this.later();
        return;
      }
    }
  }

  private tell(sentence: string): void {
    if (sentence !== this.told) this.ports.say(sentence);
    this.told = sentence;
  }

  private later(): void {
    this.again = setTimeout(() => {
      this.again = undefined;
      this.start();
    }, AGAIN_MS);
    this.again.unref();
  }

  private copier(file: LogFile): FileCopier {
    const known = this.copiers.get(file.name);
    if (known !== undefined) return known;
    const { space, machine } = this.ports;
    const subject = subjectOf(space, machine.name, file.name);
    const made = new FileCopier(this.ports, file.path, { file: file.name, subject });
    this.copiers.set(file.name, made);
    return made;
  }

  /** Resolves once all that was recorded is copied, or after so many ms. */
  async settled(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs;
    while ((this.working !== undefined || this.wanted.size > 0) && Date.now() < until) {
      const left = new Promise<void>((late) => setTimeout(late, Math.min(50, until - Date.now())));
      await Promise.race([this.working ?? left, left]);
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.again);
  }
}

/** How far each file of a machine is copied: by its subject, the number of its last record. */
export async function copiedSoFar(
  relay: LogRelay,
  space: string,
  machine: string,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  await relay.read(auditSubject(space, machine, '*'), 'last', ({ subject, value }) => {
    const last = readCopy(value)?.records.at(-1);
    found.set(subject, last?.seq ?? -1);
  });
  return found;
}
