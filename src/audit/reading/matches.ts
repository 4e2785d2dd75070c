import { sha256Hex } from '../../platform/digest.ts';
import { MASK, type Redactor } from '../writing/redact.ts';
import type { CallRecord } from './call-record.ts';

const MASKS = new RegExp(MASK.source, 'g');
const CUT = /"cut":true,"head":"(?:[^"\\]|\\.)*","length":\d+,"digest":"((?:hmac:)?[0-9a-f]{64})"/g;

/** A file's text, and what an editor makes of it: an end of line behind it is nobody's secret. */
function readings(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  return [...new Set([text, text.replace(/\r?\n$/, ''), text.trim()])].filter((one) => one !== '');
}

/**
 * Whether a text is what was left out of a call's record: one sentence for each place, none when it is not. `redactor`
 * has the key of the home that wrote the record.
 */
export function matchesIn(call: CallRecord, bytes: Uint8Array, redactor: Redactor): string[] {
  const texts = readings(bytes);
  const tags = new Set(texts.map((text) => redactor.tag(text)));
  const plain = [sha256Hex(bytes), ...texts.map((text) => sha256Hex(Buffer.from(text)))];
  const digests = new Set(plain.flatMap((digest) => [digest, redactor.keyed(digest)]));
  const found: string[] = [];
  for (const [where, field] of [
    ['arguments', call.arguments],
    ['answers', call.input],
  ] as const) {
    for (const [, why = '', , tag = ''] of field?.text.matchAll(MASKS) ?? [])
      if (tags.has(tag)) found.push(`It is what was masked in the ${where} as "${why}".`);
    for (const [, digest = ''] of field?.text.matchAll(CUT) ?? [])
      if (digests.has(digest)) found.push(`It is a text of the ${where} that was cut.`);
  }
  if (digests.has(call.digest)) found.push('It is the whole line that was judged.');
  return found;
}
