import { describe, expect, it } from 'vitest';
import { encryptionKeyOf } from '../../../src/team/sealing/encryption-key.ts';
import { type Recipient, recipientOf } from '../../../src/team/sealing/hpke.ts';
import { isSealed, openWith, sealTo } from '../../../src/team/sealing/sealed.ts';

const people = ['alice', 'bob', 'carol'].map((id, n) => ({
  id,
  ...encryptionKeyOf(Buffer.alloc(32, n + 1)),
}));
const [alice, bob, carol] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
const to = (...some: typeof people): Map<string, Recipient> =>
  new Map(some.map(({ id, raw }) => [id, recipientOf(raw)]));

describe('a sealed text', () => {
  it('is read by each of its recipients and by nobody else', async () => {
    const sealed = await sealTo(to(alice, bob), 'beside', 'DROP TABLE invoices');
    expect(openWith(alice, 'beside', sealed)?.toString()).toBe('DROP TABLE invoices');
    expect(openWith(bob, 'beside', sealed)?.toString()).toBe('DROP TABLE invoices');
    expect(openWith(carol, 'beside', sealed)).toBeUndefined();
    expect(JSON.stringify(sealed)).not.toContain('DROP');
  });

  it('opens only beside what it was sealed beside', async () => {
    const sealed = await sealTo(to(alice), 'hold 1', 'x');
    expect(openWith(alice, 'hold 2', sealed)).toBeUndefined();
  });

  it('does not open with the key that was sealed to somebody else under ones own name', async () => {
    const sealed = await sealTo(to(alice), '', 'x');
    const keys = { bob: sealed.keys['alice'] as string };
    expect(openWith(bob, '', { ...sealed, keys })).toBeUndefined();
    expect(openWith({ ...alice, id: 'bob' }, '', { ...sealed, keys })).toBeUndefined();
  });

  it('is not mistaken: other shapes are none', async () => {
    const sealed = await sealTo(to(alice), '', 'x');
    expect(isSealed(sealed)).toBe(true);
    for (const other of [
      null,
      1,
      [],
      { ...sealed, iv: 1 },
      { ...sealed, keys: { a: 1 } },
      { ...sealed, body: '*' },
    ])
      expect(isSealed(other)).toBe(false);
  });
});
