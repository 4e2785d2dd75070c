import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `--since` as milliseconds since 1970: a time, or how long ago. Throws a PlainError (exit 2) for anything else. */
export function sinceOf(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Date.now() - Number(count) * (UNITS[unit] ?? 0);
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new PlainError(
    `--since cannot be read: ${JSON.stringify(text)}. Give a time like 2026-11-22T10:00:00Z or 15m, 2h, 7d.`,
    EXIT.usage,
  );
}
