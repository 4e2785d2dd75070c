import { queryCalls } from '../../audit/reading/query.ts';
import type { Home } from '../../platform/home.ts';
import { localTime } from '../../text/time.ts';

/** How often a grant or a rule let a call run, and when last (ISO 8601), as far as the log goes. */
export interface Used {
  uses: number;
  lastUse: string | null;
}

const DAY_MS = 86_400_000;

/** By id. `at`: when it began, ISO 8601, or a day. */
export function usesOf(home: Home, all: readonly { id: string; at: string }[]): Map<string, Used> {
  const used = new Map<string, Used>(all.map(({ id }) => [id, { uses: 0, lastUse: null }]));
  if (all.length === 0) return used;
  // A day is somebody's local one.
  const since = Math.min(...all.map(({ at }) => Date.parse(at))) - DAY_MS;
  for (const { grant, rule, effect, time, forwarded } of queryCalls(home.audit, { since }).calls) {
    const by = effect === 'allow' ? rule : grant;
    const one = by === undefined || !forwarded ? undefined : used.get(by);
    if (one === undefined) continue;
    one.uses += 1;
    one.lastUse = time;
  }
  return used;
}

/** The same as a sentence's end. */
export function wordsOfUse(used: Used | undefined): string {
  if (used === undefined || used.lastUse === null) return '  not used yet';
  return `  used ${used.uses === 1 ? 'once' : `${used.uses} times`}, last ${localTime(used.lastUse)}`;
}
