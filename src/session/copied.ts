import type { Tip } from '../audit/log/entry.ts';
import type { Sink } from '../audit/writing/sink.ts';

/** Who copies what is recorded. */
export interface Copier {
  /** Something was recorded, up to this. */
  wake(tip: Tip): void;
  /** Resolves once that is copied; rejects with what is in the way. */
  acknowledged(tip: Tip): Promise<void>;
}

/** A call waits so long for the copy of its record. */
export const COPIED_WITHIN_MS = 5_000;

/** Told of whatever is recorded, whether somebody copies it yet or not. */
export class Copied implements Sink {
  private tip: Tip | undefined;
  private copier: Copier | undefined;
  private readonly waiting = new Set<(copier: Copier) => void>();

  committed(_: Uint8Array, tip: Tip): void {
    this.tip = tip;
    this.copier?.wake(tip);
  }

  closed(tip: Tip): void {
    this.committed(new Uint8Array(), tip);
  }

  /** From now on, and of the latest that was recorded before. */
  copiedBy(copier: Copier): void {
    this.copier = copier;
    if (this.tip !== undefined) copier.wake(this.tip);
    for (const go of this.waiting) go(copier);
    this.waiting.clear();
  }

  /** Resolves once all that was recorded by now is copied; rejects, with a sentence, when that takes too long. */
  async acknowledged(): Promise<void> {
    const { tip } = this;
    if (tip === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(TOO_LATE)), COPIED_WITHIN_MS);
    });
    try {
      await Promise.race([late, this.reached().then((copier) => copier.acknowledged(tip))]);
    } finally {
      clearTimeout(timer);
    }
  }

  private reached(): Promise<Copier> {
    if (this.copier !== undefined) return Promise.resolve(this.copier);
    return new Promise((go) => this.waiting.add(go));
  }
}

const TOO_LATE = `The team's relay did not confirm the copy of this call's record within ${COPIED_WITHIN_MS / 1000} seconds, and the policy wants that first ("audit.mirror": "required").`;
