import { describe, expect, it } from 'vitest';
import { lived, weekOf } from '../support/week.ts';

describe('a week of questions, where each rule that is offered is accepted', () => {
  it.each([undefined, 1, 2, 3])(
    'of seed %s asks at most 0.55 times as often, and lets no rejected call run',
    async (seed) => {
      const { calls, asked, letThrough, rules } = await lived(await weekOf(seed));
      expect(letThrough).toEqual([]);
      expect(asked / calls).toBeLessThanOrEqual(0.55);
      expect(rules.length).toBeGreaterThan(3);
    },
  );
});
