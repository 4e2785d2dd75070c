import { describe, expect, it } from 'vitest';
import { replay } from '../../../src/approvals/signing/enrolment.ts';
import { notVouched, signHead, vouchedAt } from '../../../src/team/trust/fresh-head.ts';
import { enrolled, person, removal } from '../../support/team-people.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-28T12:00:00.000Z');
const [ada, bob, cy] = ['ada', 'bob', 'cy'].map(person) as [
  ReturnType<typeof person>,
  ReturnType<typeof person>,
  ReturnType<typeof person>,
];
const events = enrolled(ada, bob, cy);

function listOf(all: readonly unknown[]) {
  const found = replay(all);
  if ('fault' in found) throw new Error(found.fault);
  return found;
}

const enrolment = listOf(events);
const word = (by: typeof ada, agoMs: number, of = enrolment) =>
  signHead('acme', String(of.head), new Date(NOW - agoMs).toISOString(), by);
const vouching = (...heads: ReturnType<typeof word>[]) => ({
  ...{ space: 'acme', root: ada.key, enrolment, heads, freshMs: DAY, now: NOW },
});

describe("an approver's answer over a relay counts while the list is vouched for", () => {
  it('by another approver, lately', () => {
    expect(notVouched(vouching(word(ada, DAY - 1)), bob.key)).toBeUndefined();
    expect(notVouched(vouching(word(cy, 0)), bob.key)).toBeUndefined();
    expect(notVouched(vouching(word(ada, DAY + 1)), bob.key)).toContain('since 2026-11-27');
    expect(notVouched(vouching(), bob.key)).toContain('No other approver');
  });

  it('never by themselves, but for the key that the list begins with', () => {
    expect(notVouched(vouching(word(bob, 0)), bob.key)).toContain('No other approver');
    expect(notVouched(vouching(word(ada, 0)), ada.key)).toBeUndefined();
  });

  it('for this very list: a word for one before a removal counts no more, and one who was removed has none', () => {
    const after = listOf([...events, removal(events, bob, ada)]);
    expect(vouchedAt({ ...vouching(word(ada, 0)), enrolment: after }, undefined)).toBe(
      Number.NEGATIVE_INFINITY,
    );
    const theirs = word(bob, 0, after);
    expect(vouchedAt({ ...vouching(theirs), enrolment: after }, undefined)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('in this space, under a sound signature, and not from further ahead than clocks may be apart', () => {
    const good = word(ada, 0);
    const elsewhere = signHead('other', String(enrolment.head), good.at, ada);
    const forged = { ...good, key: cy.key };
    const later = word(ada, -3 * 3_600_000);
    for (const head of [elsewhere, forged, later, { ...good, at: new Date(NOW - 1).toISOString() }])
      expect(vouchedAt(vouching(head), undefined)).toBe(Number.NEGATIVE_INFINITY);
    expect(vouchedAt(vouching(word(ada, -3_600_000)), undefined)).toBe(NOW + 3_600_000);
  });
});
