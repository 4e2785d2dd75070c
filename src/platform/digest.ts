import { hash } from 'node:crypto';

/** `prev` of a session's first record: there is nothing before it. */
export const ZERO = '0'.repeat(64);

/** Lower-case hex SHA-256 of bytes, or of a text's UTF-8 (a lone surrogate counts as U+FFFD). */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}
