import { describe, expect, it } from 'vitest';
import { bearerChallenge } from '../../../src/remote/sign-in/challenge.ts';

describe('a Bearer challenge', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['Basic realm="x"', undefined],
    ['Bearer', {}],
    ['bearer realm="a, Bearer scope=x", scope="a b"', { realm: 'a, Bearer scope=x', scope: 'a b' }],
    ['Bearer error=invalid_token', { error: 'invalid_token' }],
    ['Bearer error_scope="no", scope="yes"', { error_scope: 'no', scope: 'yes' }],
    ['Bearer SCOPE = "x" ,  error="y"', { scope: 'x', error: 'y' }],
    ['Bearer scope="a\\"b"', { scope: 'a"b' }],
    ['Bearer scope="first", scope="second"', { scope: 'first' }],
    ['Basic realm="scope=evil", Bearer scope="x", Digest scope="y"', { scope: 'x' }],
    ['Negotiate abc==, Bearer scope="x"', { scope: 'x' }],
    ['Bearer __proto__="x", scope="y"', { scope: 'y' }],
    ['Bearer scope="never closed', {}],
  ])('is read from %s', (header, expected) => {
    const found = bearerChallenge(header);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect({ ...found }).toMatchObject(expected);
  });

  it('takes no longer for a header that is made to be slow', () => {
    for (const piece of ['a=', '"', 'Bearer ', 'a ', '\\', 'a=",'])
      bearerChallenge(`Bearer x="${piece.repeat(1_000_000)}`);
    expect(bearerChallenge(`Bearer ${'a="b", '.repeat(100_000)}scope="x"`)?.scope).toBeUndefined();
  });
});
