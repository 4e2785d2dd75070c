import type { NotifySettings } from '../../policy/decide/types.ts';

const DAY_MINUTES = 24 * 60;

/**
 * When the quiet time that `wall` (ms since 1970) lies in is over, in the same unit; undefined: it lies in none. By
 * this machine's local time.
 */
export function quietUntil(wall: number, quiet: NotifySettings['quiet']): number | undefined {
  if (quiet === undefined) return undefined;
  const now = new Date(wall);
  const minute = now.getHours() * 60 + now.getMinutes();
  const length = (quiet.to - quiet.from + DAY_MINUTES) % DAY_MINUTES;
  const since = (minute - quiet.from + DAY_MINUTES) % DAY_MINUTES;
  if (since >= length) return undefined;
  // Counted by the calendar: on a night when clocks are set it is not so many minutes from now.
  const end = new Date(wall);
  end.setHours(0, quiet.to, 0, 0);
  if (end.getTime() <= wall) {
    end.setHours(0, 0, 0, 0);
    end.setDate(end.getDate() + 1);
    end.setHours(0, quiet.to, 0, 0);
  }
  return end.getTime();
}
