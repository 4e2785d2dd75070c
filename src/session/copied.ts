import type { Tip } from '../audit/log/entry.ts';
import type { Sink } from '../audit/writing/sink.ts';

/** Told of whatever is recorded, whether somebody copies it yet or not. */
export class Copied implements Sink {
  private tip: Tip | undefined;
  private heard: ((tip: Tip) => void) | undefined;

  committed(_: Uint8Array, tip: Tip): void {
    this.tip = tip;
    this.heard?.(tip);
  }

  closed(tip: Tip): void {
    this.committed(new Uint8Array(), tip);
  }

  /** From now on, and of the latest that was recorded before. */
  listen(heard: (tip: Tip) => void): void {
    this.heard = heard;
    if (this.tip !== undefined) heard(this.tip);
  }
}
