import { describe, expect, it } from 'vitest';
import { BAD, firstScreen, missing, ORDINARY, ordinary } from '../../support/study.ts';

/** Bad calls whose words are not on the first screen yet, and why. */
const KNOWN_MISSES: Readonly<Record<string, string>> = {};

const before = (id: string | null) => (id === null ? undefined : ordinary(id));

describe('the first screen of a bad call at 80x24', () => {
  it.each(BAD.filter(({ id }) => !(id in KNOWN_MISSES)))(
    'holds the words of its harm, and its twin does not: $id $kind',
    (bad) => {
      const texts = firstScreen(bad, before(bad.before));
      expect(missing(texts, bad.words), texts.join('\n')).toEqual([]);
      const twin = firstScreen(ordinary(bad.twin), before(bad.before));
      expect(missing(twin, bad.words), twin.join('\n')).toHaveLength(bad.words.length);
    },
  );
});

describe('the first screen of an ordinary call at 80x24', () => {
  const screens = ORDINARY.map((call) => ({ call, texts: firstScreen(call) }));

  it('has the value that tells most', () => {
    const without = screens.filter(
      ({ call, texts }) => call.telling !== undefined && missing(texts, [call.telling]).length > 0,
    );
    expect(without.map(({ call }) => `${call.id} ${call.telling}`)).toEqual([]);
  });
});
