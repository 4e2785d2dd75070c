import { describe, expect, it } from 'vitest';
import { NOBODY } from '../../../src/approvals/signing/enrolment.ts';
import { isAnybodyEnrolled } from '../../../src/approvals/signing/entitled.ts';

describe('whether somebody is enrolled', () => {
  it('is said of a list that cannot be relied on too', () => {
    const ada = { name: 'ada', key: 'k', publicKey: 'p', since: 's' };
    expect(isAnybodyEnrolled(() => NOBODY)).toBe(false);
    expect(isAnybodyEnrolled(() => ({ approvers: new Map([['k', ada]]), head: 'h' }))).toBe(true);
    expect(
      isAnybodyEnrolled(() => {
        throw new Error('damaged');
      }),
    ).toBe(true);
  });
});
