/**
 * Where a password stands, without a name of its own before it. `as`: what is taken there. `any`: whatever is no
 * variable. `piped`: the same but for small letters alone, which could be a command. `phrase`: also several words in
 * quotes. `quoted`: in quotes anything, else what looks made up. `likely`: what looks made up; words stand there
 * too. `strong`: what nothing else looks like. `whole`: in quotes, whatever it is.
 */
export interface Placed {
  /** One of these is in every text that has such a place, in small letters of three and more; none: it is cheap. */
  hints: readonly string[];
  /** Shorter than a hint, and in every such text. */
  holds?: string;
  /** Its match ends where the value begins. Linear: bounded, no nested repetition. */
  before: RegExp;
  why: string;
  as: 'any' | 'piped' | 'quoted' | 'phrase' | 'likely' | 'chosen' | 'digits' | 'strong' | 'whole';
  /** What ends it within its word. */
  until?: string;
}
