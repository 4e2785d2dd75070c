import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what every member of a space may read and no relay: under the secret that invitations carry. */
export class MemberSeal {
  private readonly key: Buffer;

  /** `secret`: 32 bytes. */
  constructor(secret: Uint8Array) {
    this.key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'holdpoint-member-v1', 32));
  }

  /** `bound`: the place where it is put, so that it counts nowhere else. */
  seal(bound: string, text: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(bound));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined for what no member put there. */
  open(bound: string, sealed: Uint8Array): string | undefined {
    const bytes = Buffer.from(sealed);
    if (bytes.length < 28) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(Buffer.from(bound))
        .setAuthTag(bytes.subarray(-16));
      return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}
