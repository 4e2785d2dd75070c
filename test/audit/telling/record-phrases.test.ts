import { describe, expect, it } from 'vitest';
import type { ReadRecord } from '../../../src/audit/log/read-record.ts';
import { recordWords } from '../../../src/audit/telling/record-phrases.ts';

describe('a record of a sign-in', () => {
  it.each([
    ['login', 'signed in to https://mcp.example/mcp by ada'],
    ['logout', 'signed out of https://mcp.example/mcp by ada'],
  ])('says of a %s who came or went, and where', (event, words) => {
    const fields = { event, server: 'https://mcp.example/mcp', by: { name: 'ada' } };
    const record: Partial<ReadRecord> = { type: 'sign-in', fields };
    expect(recordWords(record as ReadRecord, undefined)).toBe(words);
  });

  it('shows no control character of what stands there', () => {
    const fields = { event: 'login', server: 'https://a/\u001b[2J', by: { name: '\u202eada' } };
    const words = recordWords({ type: 'sign-in', fields } as unknown as ReadRecord, undefined);
    expect(words).toBe('signed in to https://a/\\u{001b}[2J by \\u{202e}ada');
  });
});
