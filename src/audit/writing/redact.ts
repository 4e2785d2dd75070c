import { createHash, hash } from 'node:crypto';
import type { JsonSource } from '../../protocol/json/json-source.ts';
import type { ListedPath } from '../../protocol/json/listed-path.ts';
import { findInText } from '../../secrets/find-in-text.ts';
import { findSecrets, type SecretSpan } from '../../secrets/find-secrets.ts';

const TAG = 16;
/** Of SHA-256, in bytes. */
const BLOCK = 64;
const HASH = 32;
/** In bytes: shorter texts are put behind the key where it lies. */
const SHORT_TEXT = 256;
/** Of UTF-8, a character takes at most so many bytes for each of its UTF-16 units. */
const BYTES_A_UNIT = 3;

function shortened(key: Uint8Array): Uint8Array {
  return key.length <= BLOCK ? key : createHash('sha256').update(key).digest();
}

/** A mask as `Redactor` leaves it: why, how many characters, and its tag. */
export const MASK = /\[masked ([\w .-]*), (\d+) characters?, ([0-9a-f]+)\]/;

/** Takes secrets out of what is recorded; equal secrets leave equal masks, under a key that stays in this home. */
export class Redactor {
  /** The key's two sides (RFC 2104) with room behind them: a fraction of the time that createHmac takes. */
  private readonly inner: Buffer;
  private readonly outer: Buffer;
  private readonly listed: readonly ListedPath[];

  /** `key`: 32 random bytes of this home, so that nobody else can try out which secret a mask stands for. */
  constructor(key: Uint8Array, listed: readonly ListedPath[]) {
    this.inner = Buffer.alloc(BLOCK + SHORT_TEXT, 0x36);
    this.outer = Buffer.alloc(BLOCK + HASH, 0x5c);
    for (const [at, byte] of shortened(key).entries()) {
      this.inner[at] = (this.inner[at] ?? 0) ^ byte;
      this.outer[at] = (this.outer[at] ?? 0) ^ byte;
    }
    this.listed = listed;
  }

  /** A digest that says as little as a mask does: `hmac:` and 64 hex digits. */
  keyed(digest: string): string {
    return `hmac:${this.hmac(digest)}`;
  }

  /** JSON source with its secrets masked; undefined when there is none. `source` is clean JSON. */
  json(source: JsonSource): string | undefined {
    const spans = findSecrets(source, this.listed);
    return spans.length === 0 ? undefined : this.masked(source, spans);
  }

  /** Whether the policy names arguments to be masked: then nothing may be kept of which the names are not known. */
  get hasList(): boolean {
    return this.listed.length > 0;
  }

  /** The same of a text that is no JSON: the beginning of a long one. */
  text(text: string): string {
    let out = '';
    let copied = 0;
    for (const { start, end, why } of findInText(text, true)) {
      out += text.slice(copied, start) + this.mask(text.slice(start, end), why);
      copied = end;
    }
    return copied === 0 ? text : out + text.slice(copied);
  }

  private masked(source: JsonSource, spans: readonly SecretSpan[]): string {
    let out = '';
    let copied = 0;
    for (const { start, end, why, secret, number } of spans) {
      const mask = this.mask(secret, why);
      out += source.slice(copied, start) + (number ? `"${mask}"` : mask);
      copied = end;
    }
    return out + source.slice(copied, source.bytes.length);
  }

  private mask(secret: string, why: string): string {
    const characters = [...secret].length;
    const safe = why.replace(/[^\w .-]/g, '');
    return `[masked ${safe}, ${characters} ${characters === 1 ? 'character' : 'characters'}, ${this.tag(secret)}]`;
  }

  /** Tells this key from another, and nothing else of it. */
  get keyName(): string {
    return this.tag('holdpoint: the name of this key');
  }

  /** What a mask of this text says besides its kind and length. */
  tag(text: string): string {
    return this.hmac(text).slice(0, TAG);
  }

  private hmac(text: string): string {
    const { inner, outer } = this;
    const most = inner.length - BLOCK;
    // A digest, above all: every long call has three of them.
    const whole = text.length * BYTES_A_UNIT <= most ? undefined : Buffer.from(text);
    const length = whole === undefined ? inner.write(text, BLOCK) : 0;
    const first =
      whole === undefined
        ? inner.subarray(0, BLOCK + length)
        : Buffer.concat([inner.subarray(0, BLOCK), whole]);
    outer.set(hash('sha256', first, 'buffer'), BLOCK);
    return hash('sha256', outer, 'hex');
  }
}
