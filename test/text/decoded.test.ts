import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes, decodedValue, decodedWithin, unpercented } from '../../src/text/decoded.ts';

describe('what a value decodes to', () => {
  it('is what Node makes of the same base64, of both alphabets, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        for (const spelled of [text, text.replace(/=+$/, ''), Buffer.from(bytes).toString('base64url')])
          expect([...(base64Bytes(spelled) ?? [])]).toEqual([...bytes]);
      }),
    );
    expect(base64Bytes('AAAAA')).toBeUndefined();
    expect(base64Bytes('AA A')).toBeUndefined();
  });

  it('is a text, or it is nothing', () => {
    expect(decodedValue(Buffer.from('hello, world').toString('base64'))).toEqual({
      how: 'base64',
      text: 'hello, world',
    });
    expect(
      decodedValue(`data:text/plain;base64,${Buffer.from('hello, world').toString('base64')}`)?.text,
    ).toBe('hello, world');
    expect(
      decodedValue(
        Buffer.from('hello, world')
          .toString('base64')
          .replace(/(.{5})/g, '$1\n'),
      )?.text,
    ).toBe('hello, world');
    expect(decodedValue('0x68656c6c6f2c20776f726c64')).toEqual({ how: 'hex', text: 'hello, world' });
    expect(decodedValue(Buffer.alloc(30, 0xfe).toString('base64'))).toBeUndefined();
    expect(decodedValue('hello')).toBeUndefined();
    expect(unpercented('%zz')).toBeUndefined();
  });

  it('is looked for in no text that is too long, and never throws', () => {
    expect(decodedValue('QUJD'.repeat(20_000))).toBeUndefined();
    expect(decodedWithin(`base64 -d ${'QUJD'.repeat(20_000)}`)).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        decodedValue(text);
        expect(decodedWithin(`base64 -d ${text}`).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
