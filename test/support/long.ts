/** `npm run test:long`: all of what the gate tries a part of. */
export const LONG = process.env['HOLDPOINT_LONG'] === '1';

/** Every `of`-th of a list, from `first` on; all of it in the long run. */
export function part<T>(all: readonly T[], of: number, first = 0): T[] {
  return LONG ? [...all] : all.filter((_, index) => index % of === first % of);
}
