import { describe, expect, it } from 'vitest';
import { quietUntil } from '../../../src/approvals/notifying/quiet.ts';

const NIGHT = { from: 22 * 60, to: 7 * 60 };
const NOON = { from: 12 * 60, to: 13 * 60 + 30 };
const local = (day: number, hour: number, minute = 0): number =>
  new Date(2026, 10, day, hour, minute).getTime();

describe('quiet time', () => {
  it.each([
    ['before it', local(24, 21, 59), NIGHT, undefined],
    ['at its first minute', local(24, 22), NIGHT, local(25, 7)],
    ['before midnight', local(24, 23, 30), NIGHT, local(25, 7)],
    ['after midnight', local(25, 0, 1), NIGHT, local(25, 7)],
    ['in its last minute', local(25, 6, 59), NIGHT, local(25, 7)],
    ['when it is over', local(25, 7), NIGHT, undefined],
    ['within a day', local(25, 12, 45), NOON, local(25, 13, 30)],
    ['that nobody wrote', local(25, 12, 45), undefined, undefined],
  ])('%s', (_, wall, quiet, until) => {
    expect(quietUntil(wall, quiet)).toBe(until);
  });
});
