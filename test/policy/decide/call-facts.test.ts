import { describe, expect, it } from 'vitest';
import { type CallFacts, holdsFacts, shownFacts } from '../../../src/policy/decide/call-facts.ts';

describe('what a person is told of a call besides its bytes', () => {
  it.each<[string, CallFacts, object]>([
    ['a tool of a list', { definition: 'd', risk: 'write' }, { unsure: false, listing: 'listed' }],
    ['a class that is a guess', { definition: 'd', risk: 'read', unsure: true }, { unsure: true }],
    ['a tool that a whole list does not have', { absent: true }, { risk: null, listing: 'absent' }],
    ['a tool that no list was seen of', { unlisted: true }, { risk: null, listing: 'never' }],
    ['a tool of a list that is not whole', {}, { definition: null, listing: 'never' }],
  ])('says so of %s', (_, facts, told) => {
    const shown = shownFacts(facts);
    expect(shown).toMatchObject(told);
    expect(holdsFacts({ ...shown })).toBe(true);
  });

  it('is no message when a fact is missing or is none', () => {
    const shown = { ...shownFacts({ definition: 'd', risk: 'read' }) };
    expect(holdsFacts({ ...shown, unsure: 'yes' })).toBe(false);
    expect(holdsFacts({ ...shown, listing: 'perhaps' })).toBe(false);
    expect(holdsFacts({ definition: null, risk: null })).toBe(false);
  });
});
