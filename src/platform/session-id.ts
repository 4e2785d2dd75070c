import { randomInt } from 'node:crypto';

/** In the order in which they sort; none that is taken for another when read. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const RANDOM = 4;

/** Two letters for the thousandths of a second: sessions of one second sort by their start too. */
function fraction(ms: number): string {
  const step = Math.floor((ms * LETTERS.length ** 2) / 1000);
  return `${LETTERS[Math.floor(step / LETTERS.length)]}${LETTERS[step % LETTERS.length]}`;
}

/** A session's name: its start in UTC, so that names sort by time, and six letters: `20261124-141209-k7qfm2`. */
export function sessionId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const tail = Array.from({ length: RANDOM }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${stamp}-${fraction(now.getUTCMilliseconds())}${tail}`;
}
