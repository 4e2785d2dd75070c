import { describe, expect, it } from 'vitest';
import {
  keyId,
  makeKey,
  passphraseFault,
  readLockedKey,
  unlockKey,
} from '../../../src/approvals/signing/approver-key.ts';

describe('an approver key', async () => {
  const key = await makeKey('ada', 'correct horse battery');

  it('opens with its passphrase, however its letters are composed, and with no other', async () => {
    expect((await unlockKey(key, 'correct horse battery'))?.name).toBe('ada');
    expect(await unlockKey(key, 'correct horse batterY')).toBeUndefined();
    const umlaut = await makeKey('ada', 'zw\u00f6lf boxk\u00e4mpfer');
    expect(await unlockKey(umlaut, 'zwo\u0308lf boxka\u0308mpfer')).toBeDefined();
  });

  it('does not open once its name, public key, cost or lock was changed', async () => {
    const other = await makeKey('bob', 'correct horse battery');
    const changed = [
      { ...key, name: 'bob' },
      { ...key, publicKey: other.publicKey },
      { ...key, kdf: { ...key.kdf, p: 2 } },
      { ...key, locked: other.locked },
      { ...key, cipher: other.cipher },
      { ...key, cipher: { ...key.cipher, tag: key.cipher.tag.slice(0, 6) } },
    ];
    for (const one of changed) expect(await unlockKey(one, 'correct horse battery')).toBeUndefined();
  });

  it('costs a guess at least 2^17 rounds of scrypt', () => {
    expect(key.kdf).toMatchObject({ name: 'scrypt', N: 131_072, r: 8, p: 1 });
  });

  it('never holds the private key or the passphrase in the open', () => {
    expect(JSON.stringify(key)).not.toContain('correct');
    expect(Buffer.from(key.locked, 'base64url').includes(Buffer.from('2b6570', 'hex'))).toBe(false);
  });

  it.for([
    ['no JSON', 'x'],
    ['another document', '{"version":1}'],
    ['a name that could mislead', JSON.stringify({ ...key, name: 'ada\u202e' })],
    ['a cost that would hang the reader', JSON.stringify({ ...key, kdf: { ...key.kdf, N: 2 ** 30 } })],
    ['bytes that are no base64url', JSON.stringify({ ...key, locked: '%%' })],
  ])('refuses %s as a key file in a sentence that names the file', ([, text]) => {
    expect(() => readLockedKey(text!, '/k/ada.key')).toThrow("/k/ada.key is not an approver's key");
  });

  it('is named by 128 bits of its public key', () => {
    expect(keyId(key.publicKey)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes passphrases of ten characters and more', () => {
    expect(passphraseFault('123456789')).toContain('shorter than 10');
    expect(passphraseFault('1234567890')).toBeUndefined();
  });
});
