import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { describe, expect, it } from 'vitest';
import { encryptionKeyOf } from '../../../src/team/sealing/encryption-key.ts';
import { open, recipientOf, seal } from '../../../src/team/sealing/hpke.ts';

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});
const own = encryptionKeyOf(Buffer.alloc(32, 3));
const info = Buffer.from('info');
const aad = Buffer.from('beside');
/** A view of its own memory, as the other library wants it. */
const view = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

describe('HPKE (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM)', () => {
  it('is opened by another implementation', async () => {
    const sealed = seal(recipientOf(own.raw), info, aad, Buffer.from('a text'));
    const jwk = own.privateKey.export({ format: 'jwk' });
    const key = await suite.kem.importKey('jwk', { ...jwk, key_ops: ['deriveBits'] } as never, false);
    const opened = await suite.open(
      { recipientKey: key, enc: view(sealed.subarray(0, 32)), info: view(info) },
      view(sealed.subarray(32)),
      view(aad),
    );
    expect(Buffer.from(opened).toString()).toBe('a text');
  });

  it('opens what another implementation sealed', async () => {
    const recipientPublicKey = await suite.kem.importKey('raw', view(own.raw), true);
    const { ct, enc } = await suite.seal(
      { recipientPublicKey, info: view(info) },
      view(Buffer.from('b')),
      view(aad),
    );
    const sealed = Buffer.concat([Buffer.from(enc), Buffer.from(ct)]);
    expect(open(own, info, aad, sealed)?.toString()).toBe('b');
  });

  it.each([
    ['another key', { key: encryptionKeyOf(Buffer.alloc(32, 4)) }],
    ['another use', { info: Buffer.from('other') }],
    ['another text beside it', { aad: Buffer.from('other') }],
  ])('does not open for %s', (_, changed) => {
    const sealed = seal(recipientOf(own.raw), info, aad, Buffer.from('x'));
    const given = { key: own, info, aad, ...changed };
    expect(open(given.key, given.info, given.aad, sealed)).toBeUndefined();
  });

  it('does not open what was changed in any byte or cut', () => {
    const sealed = seal(recipientOf(own.raw), info, aad, Buffer.from('xyz'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(open(own, info, aad, changed)).toBeUndefined();
      expect(open(own, info, aad, sealed.subarray(0, at))).toBeUndefined();
    }
  });
});
