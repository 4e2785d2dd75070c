import type { Screen } from './screen.ts';

/** The screen, for what works on it besides the keys. */
export interface Desk {
  screen(): Screen;
  set(screen: Screen): void;
  /** Milliseconds of the monotonic clock. */
  now(): number;
  /** Shows what went wrong, as a sentence. */
  complain(sentence: string): void;
}
