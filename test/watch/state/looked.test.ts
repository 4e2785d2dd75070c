import { describe, expect, it } from 'vitest';
import { look, rowsSeen, seenOf } from '../../../src/watch/state/looked.ts';
import { hear } from '../../../src/watch/state/news.ts';
import { held, hold, screenWith } from '../../support/desk.ts';

const rows = Array.from({ length: 10 }, (_, at) => ({
  indent: at % 2,
  block: false,
  segments: [{ text: `row ${at}`, escaped: false }],
}));
const card = { as: 'one', rows };
const key = 's1/aaaaa';

describe('rows of a card', () => {
  it('count when they stood on the screen: the end alone, reached by G, is the end alone', () => {
    const screen = look(look(screenWith([hold('aaaaa')]), card, 0, 3), card, 7, 10);
    expect(rowsSeen(screen.looked.get(key))).toBe(6);
    expect(rowsSeen(look(screen, card, 2, 8).looked.get(key))).toBe(10);
  });

  it('are signed for as those that stood there, in their order', () => {
    const screen = look(look(screenWith([hold('aaaaa')]), card, 8, 12), card, 0, 1);
    const one = seenOf(screen.looked.get(key));
    expect(one).toMatchObject({ lines: 3, of: 10 });
    const other = look(look(screenWith([hold('aaaaa')]), card, 0, 1), card, 8, 10);
    expect(seenOf(other.looked.get(key))).toEqual(one);
    expect(seenOf(undefined)).toMatchObject({ lines: 0, of: 0 });
  });

  it('are none once they are drawn otherwise, or their call has another content', () => {
    const screen = look(screenWith([hold('aaaaa')]), card, 0, 10);
    expect(rowsSeen(look(screen, { ...card, as: 'two' }, 0, 4).looked.get(key))).toBe(4);
    const repeated = hear(screen, held(hold('aaaaa', { callDigest: 'other' })), 1);
    expect(repeated.looked.get(key)).toBeUndefined();
    const same = hear(screen, held(hold('aaaaa')), 1);
    expect(rowsSeen(same.looked.get(key))).toBe(10);
  });

  it('change nothing when they were on the screen already', () => {
    const screen = look(screenWith([hold('aaaaa')]), card, 0, 10);
    expect(look(screen, card, 3, 5)).toBe(screen);
  });
});
