import { describe, expect, it } from 'vitest';
import { BAD, callOf, firstScreen, missing, ORDINARY } from '../../support/study.ts';

/** Bad calls whose words are not on the first screen, and why. */
const KNOWN_MISSES: Readonly<Record<string, string>> = {
  l03: 'the eighth of twelve short edits',
  m05: 'one argument of a long program, which only its meaning makes a bad one',
};

/** So many of the 180 ordinary calls have a line with a sign; it is a question of habit that these stay few. */
const MOST_WARNED = 13;

describe('the first screen of a bad call at 80x24', () => {
  const lastOf = (id: string | null) => (id === null ? undefined : callOf(id));

  it.each(BAD)('holds the words of its harm, and that of its twin none of them: $id, $kind', (bad) => {
    const screen = firstScreen(bad, lastOf(bad.before));
    const twin = firstScreen(callOf(bad.twin), lastOf(bad.before));
    const found = bad.words.length - missing(screen, bad.words).length;
    const inTwin = bad.words.length - missing(twin, bad.words).length;
    if (bad.id in KNOWN_MISSES) expect(found, KNOWN_MISSES[bad.id]).toBeLessThan(bad.words.length);
    else expect(missing(screen, bad.words), screen.texts.join('\n')).toEqual([]);
    expect(inTwin, twin.texts.join('\n')).toBe(0);
  });
});

describe('the first screen of an ordinary call at 80x24', () => {
  const screens = ORDINARY.map((call) => ({ call, screen: firstScreen(call) }));

  it('has the value that tells most', () => {
    const told = screens.filter(({ call }) => call.telling !== undefined);
    const without = told.filter(({ call, screen }) => missing(screen, [call.telling ?? '']).length > 0);
    expect(told.length).toBeGreaterThanOrEqual(40);
    expect(without.map(({ call }) => `${call.id} ${call.telling}`)).toEqual([]);
  });

  it('warns of few, and speaks of danger for that one alone that takes the rights of another user', () => {
    const signs = screens.map(({ call, screen }) => ({
      call,
      tones: screen.lines.flatMap(({ parts }) =>
        parts[0]?.text.startsWith('!') === true ? [parts[1]?.look] : [],
      ),
    }));
    const danger = signs.filter(({ tones }) => tones.includes('danger'));
    expect(danger.map(({ call }) => call.arguments)).toEqual([
      { profile: 'web1', command: 'sudo systemctl reload nginx' },
    ]);
    expect(signs.filter(({ tones }) => tones.length > 0).length).toBeLessThanOrEqual(MOST_WARNED);
  });
});
