import type { NotifySettings } from '../../policy/decide/types.ts';
import type { Hold, Now } from '../holding/hold.ts';
import type { Notice } from './notice.ts';

/** Calls of one chunk come within this and are told together, also with `after: "0s"`. */
const TOGETHER_MS = 50;

interface Waiting {
  hold: Hold;
  /** When it was told, by the monotonic clock; undefined: not yet. */
  told: number | undefined;
  reminded: boolean;
}

type Times = Pick<NotifySettings, 'afterMs' | 'remindMs'>;

/** The holds that wait, and which of them were told: each is told once, and reminded of once. No clock, no I/O. */
export class WaitingList {
  private readonly times: () => Times;
  private readonly waiting = new Map<string, Waiting>();

  constructor(times: () => Times) {
    this.times = times;
  }

  /** A hold that is new, or another than it was: detached, or attached again. */
  put(hold: Hold): void {
    const known = this.waiting.get(hold.id);
    if (known === undefined) this.waiting.set(hold.id, { hold, told: undefined, reminded: false });
    else known.hold = hold;
  }

  drop(id: string): void {
    this.waiting.delete(id);
  }

  clear(): void {
    this.waiting.clear();
  }

  /** Takes what is to be told now: with the first call whose time has come all that were not told yet. */
  take(now: Now): Notice | undefined {
    const all = [...this.waiting.values()];
    const untold = all.filter(({ told }) => told === undefined);
    if (untold.some((one) => this.tellAt(one) <= now.mono)) {
      for (const one of untold) one.told = now.mono;
      return { event: 'waiting', holds: untold.map(({ hold }) => hold) };
    }
    const late = all.filter((one) => (this.remindAt(one, now) ?? Number.POSITIVE_INFINITY) <= now.mono);
    for (const one of late) one.reminded = true;
    return late.length === 0 ? undefined : { event: 'reminder', holds: late.map(({ hold }) => hold) };
  }

  /** In how many ms there is next something to tell; undefined: there is nothing. */
  next(now: Now): number | undefined {
    const times = [...this.waiting.values()].flatMap((one) =>
      one.told === undefined ? [this.tellAt(one)] : (this.remindAt(one, now) ?? []),
    );
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - now.mono);
  }

  private tellAt({ hold }: Waiting): number {
    return hold.openedMono + Math.max(TOGETHER_MS, this.times().afterMs);
  }

  /** So long before its client is answered, or the hold ends. Whoever is told after that needs no second word. */
  private remindAt({ hold, told, reminded }: Waiting, now: Now): number | undefined {
    const { remindMs } = this.times();
    if (told === undefined || reminded || remindMs === undefined) return undefined;
    const byWall = now.mono + (hold.answerBy ?? hold.expiresAt) - now.wall;
    const at = Math.min(hold.answerByMono ?? hold.expiresMono, byWall) - remindMs;
    return at <= told ? undefined : at;
  }
}
