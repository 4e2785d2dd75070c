import { createHash, hash } from 'node:crypto';

/** `prev` of a session's first record: there is nothing before it. */
export const ZERO = '0'.repeat(64);

/** Lower-case hex SHA-256 of bytes, or of a text's UTF-8 (a lone surrogate counts as U+FFFD). */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** The same of all pieces together. */
export function sha256OfPieces(pieces: Iterable<Uint8Array>): string {
  const [only, ...more] = Array.isArray(pieces) ? (pieces as Uint8Array[]) : [];
  if (only !== undefined && more.length === 0) return sha256Hex(only);
  const whole = createHash('sha256');
  for (const piece of pieces) whole.update(piece);
  return whole.digest('hex');
}
