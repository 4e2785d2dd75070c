import { describe, expect, it } from 'vitest';
import { invitationText, readInvitation } from '../../../src/team/trust/invitation.ts';

const invitation = { space: 'acme', root: 'a'.repeat(32), secret: 'B'.repeat(43) };

describe('an invitation', () => {
  it('is one word that says what it was made of', () => {
    const text = invitationText(invitation);
    expect(text).toMatch(/^holdpoint-team-1\.[\w-]+$/);
    expect(readInvitation(text)).toEqual(invitation);
  });

  it('cut, changed or of other things is refused with the way out', () => {
    const text = invitationText(invitation);
    const others = [
      text.slice(0, -9),
      text.slice(1),
      'x',
      '',
      invitationText({ ...invitation, space: '../x' }),
    ];
    for (const other of others) expect(() => readInvitation(other)).toThrow(/team init/);
  });
});
