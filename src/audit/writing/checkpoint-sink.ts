import { Checkpoints } from '../log/checkpoint.ts';
import type { Tip } from '../log/entry.ts';
import type { Sink } from './sink.ts';

/** Keeps the ends of the log in a second place, until that cannot be written: then `failed` is told, once, why. */
export class CheckpointSink implements Sink {
  private readonly failed: (cause: string) => void;
  private checkpoints: Checkpoints | undefined;

  constructor(file: string, failed: (cause: string) => void) {
    this.checkpoints = new Checkpoints(file);
    this.failed = failed;
  }

  committed(_: Uint8Array, tip: Tip, durable: boolean): void {
    this.note(tip, durable);
  }

  closed(tip: Tip): void {
    this.note(tip, true);
  }

  private note(tip: Tip, now: boolean): void {
    try {
      this.checkpoints?.note(tip, new Date().toISOString(), now);
    } catch (error) {
      this.checkpoints = undefined;
      const { code, message } = error as NodeJS.ErrnoException;
      this.failed(code ?? message);
    }
  }
}
