import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCallOf } from '../../../src/approvals/signing/statement.ts';
import { recordedArguments } from '../../../src/audit/writing/arguments.ts';
import { Redactor } from '../../../src/audit/writing/redact.ts';
import { readClientLine } from '../../../src/protocol/client-message.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { Unescaped } from '../../../src/protocol/json/unescaped.ts';
import { isUtf8 } from '../../../src/protocol/json/utf8.ts';
import { CallDigester } from '../../../src/proxy/call-digest.ts';

/** Pieces of JSON strings, as they stand in the source. */
const SPELLED = fc.array(
  fc.oneof(
    fc.constantFrom('a', 'é', '漢', '😀', '\\n', '\\"', '\\\\', '\\/', '\\b\\f\\r\\t', '\\u0000', '\\u001F'),
    fc.constantFrom(
      '\\u0041',
      '\\u00e9',
      '\\u6f22',
      '\\ud83d\\ude00',
      '\\ud83d',
      '\\ude00',
      '\\uD83D\\n',
      '\\u007f',
    ),
  ),
  { maxLength: 30 },
);
/** Long enough to be taken in pieces, at every shift against their edges. */
const LONG = fc.tuple(
  SPELLED,
  fc.nat(12),
  fc.constantFrom('x', '\\n', '\\ud83d\\ude00', '\\u00e9', 'é', '\\ud83d'),
);
const longOf = ([some, shift, unit]: [string[], number, string]): string =>
  `"${'y'.repeat(shift)}${some.join('')}${unit.repeat(140_000 / unit.length)}${some.join('')}"`;

function piecesOf(token: string, as: 'said' | 'spelled'): { text: Buffer; lone: boolean } {
  const bytes = Buffer.from(token);
  const pieces = new Unescaped(as).of(bytes, 0, bytes.length);
  return { text: Buffer.concat(Array.from(pieces.pieces(), (one) => Buffer.from(one))), lone: pieces.lone };
}

describe('a long string', () => {
  it('says in bytes what JSON.parse says, and is spelled as JSON.stringify spells it', () => {
    const same = (token: string): void => {
      const said = JSON.parse(token) as string;
      const { text, lone } = piecesOf(token, 'said');
      expect(text.equals(Buffer.from(said))).toBe(true);
      expect(lone).toBe(/\p{Cs}/u.test(said));
      expect(piecesOf(token, 'spelled').text.toString()).toBe(JSON.stringify(said).slice(1, -1));
    };
    fc.assert(fc.property(SPELLED, (some) => same(`"${some.join('')}"`)));
    fc.assert(
      fc.property(LONG, (parts) => same(longOf(parts))),
      { numRuns: 30 },
    );
  });

  it('has one digest for the proxy, which takes it in pieces, and for the terminal, which takes it as a text', () => {
    fc.assert(
      fc.property(LONG, SPELLED, (parts, key) => {
        const args = `{"b":[${longOf(parts)},1.0],"${key.join('')}x":${longOf(parts)}}`;
        const line = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}}}`;
        const message = readClientLine(Buffer.from(line));
        if (message.kind !== 'call') throw new Error(JSON.stringify(message));
        const digest = new CallDigester('s', 'c').of(message);
        expect(isCallOf({ server: 's', tool: 't', argumentsText: args }, 'c', digest)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is recorded by its beginning, its length and its digest, whether somebody digested it before or not', () => {
    const redactor = new Redactor(Buffer.alloc(32), []);
    fc.assert(
      fc.property(LONG, (parts) => {
        const args = `{"a":${longOf(parts)}}`;
        const line = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}}}`;
        const message = readClientLine(Buffer.from(line));
        if (message.kind !== 'call' || message.arguments === undefined) throw new Error('no call');
        new CallDigester('s', 'c').of(message);
        const { field } = recordedArguments(message.arguments, redactor, 'source');
        expect(field).toEqual(recordedArguments(JsonSource.of(args), redactor, 'source').field);
        const said = Buffer.from((JSON.parse(args) as { a: string }).a);
        const spelled = JSON.stringify((JSON.parse(args) as { a: string }).a).slice(1, -1);
        const digest = createHash('sha256').update(spelled).digest('hex');
        expect(JSON.stringify(field)).toContain(redactor.keyed(digest));
        expect(JSON.stringify(field)).toMatch(new RegExp(`length[\\\\":]+${said.length}\\b`));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the look for UTF-8', () => {
  it('says what a strict decoder says', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const says = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    for (let lead = 0; lead < 256; lead += 1)
      for (let second = 0; second < 256; second += 1)
        for (const rest of [[], [0x80], [0xbf, 0x80], [0x41], [0x80, 0x41]]) {
          const bytes = Uint8Array.from([0x61, lead, second, ...rest]);
          if (isUtf8(bytes) !== says(bytes)) expect([...bytes]).toBe(says(bytes));
        }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80)),
        (all) => {
          expect(isUtf8(Uint8Array.from(all))).toBe(says(Uint8Array.from(all)));
        },
      ),
    );
  });
});

describe('names and keys that no peer uses', () => {
  const long = 'x'.repeat(2_000);
  const call = (params: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  it.for([
    ['a method', `{"jsonrpc":"2.0","id":1,"method":"${long}"}`, 'bad-method', 'at most 1024 bytes'],
    ['a tool', call(`{"name":"${long}"}`), 'bad-tool-name', 'at most 1024 bytes'],
    [
      'a key of the arguments',
      call(`{"name":"t","arguments":{"${'x'.repeat(70_000)}":1}}`),
      'too-many-values',
      'more than 65536 bytes in a key',
    ],
    [
      'the keys of _meta together',
      call(`{"name":"t","_meta":{${Array.from({ length: 40 }, (_, i) => `"${long}${i}":1`).join(',')}}}`),
      'too-many-values',
      'The keys of _meta have more than 65536 characters together',
    ],
  ] as const)('are refused in a sentence: %s', ([, line, cause, said]) => {
    expect(readClientLine(Buffer.from(line))).toMatchObject({
      kind: 'refused',
      cause,
      message: expect.stringContaining(said),
    });
  });

  it('a client that names itself at such length stays unnamed', () => {
    const line = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"${long}","version":"1"}}}`;
    expect(readClientLine(Buffer.from(line))).toMatchObject({ kind: 'request', client: undefined });
  });
});
