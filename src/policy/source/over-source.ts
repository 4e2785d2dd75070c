import { type ListedPath, listedPath } from '../../protocol/json/listed-path.ts';
import { decimalOf } from '../decide/decimal.ts';
import type { Over } from '../decide/over.ts';
import type { Effect } from '../decide/types.ts';
import { durationMs } from './duration.ts';
import { inWords } from './make-policy.ts';

/** How `over` is written: `"20/hour"`, or what is added up, up to what, within what. */
export type OverSource = string | { sum: string; limit: number; per: string };

const HOUR_MS = 3_600_000;
const PERIODS: Record<string, number> = {
  minute: 60_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 168 * HOUR_MS,
};
const MOST_MS = 31 * 24 * HOUR_MS;
const COUNT = /^([0-9]{1,9})\/([a-z0-9]+)$/;

function windowMs(per: string): number | undefined {
  const ms = PERIODS[per] ?? durationMs(per);
  return ms !== undefined && ms >= 1_000 && ms <= MOST_MS ? ms : undefined;
}

/** Around an item, for its name in the records. `limit` is the number as it was written. */
interface Around {
  list: Effect;
  item: object;
  id: string | undefined;
  limit: string | undefined;
}

/** A limit as the decision uses it, or a sentence about what is wrong with it. */
export function overOf(source: OverSource, around: Around): Over | string {
  const key = around.id ?? `${around.list}-${fingerprint(inWords(around.item, Number.POSITIVE_INFINITY))}`;
  if (typeof source === 'string') {
    const [, count = '', per = ''] = COUNT.exec(source) ?? [];
    const [limit, window] = [decimalOf(count), windowMs(per)];
    if (limit === undefined || window === undefined)
      return `${JSON.stringify(source)} is not a limit such as "20/hour", "5/minute", "100/day" or "3/10m".`;
    return { key, source, sum: undefined, limit, windowMs: window };
  }
  const sum = listedPath(source.sum);
  if (sum === undefined || sum.includes('*'))
    return `${JSON.stringify(source.sum)} is not one argument such as "args.amount".`;
  const limit = decimalOf(around.limit ?? String(source.limit));
  if (limit === undefined || limit.digits < 0n) return 'The limit must be a plain number, zero or more.';
  const window = windowMs(source.per);
  if (window === undefined)
    return `${JSON.stringify(source.per)} is none of "minute", "hour", "day", "week", nor a time such as "10m" of at most 31d.`;
  const words = `sum of ${spelled(sum)} over ${around.limit ?? source.limit} per ${source.per}`;
  return { key, source: words, sum, limit, windowMs: window };
}

function spelled(path: ListedPath): string {
  return `args.${path.join('.')}`;
}

/** FNV-1a, 64 bits: an item without an id keeps its count while it says the same, wherever it stands. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
