import { describe, expect, it } from 'vitest';
import { argumentsField } from '../../../src/audit/writing/arguments.ts';
import { sha256Hex } from '../../../src/platform/digest.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';

const field = (text: string): string => argumentsField(JsonSource.of(text)).text;
const digest = /^[0-9a-f]{64}$/;

describe("a call's arguments in the log", () => {
  it('are their own source text up to 2,048 bytes', () => {
    const empty = '{"a":9007199254740993 , "b":""}';
    const text = empty.replace('""', `"${'x'.repeat(2048 - empty.length)}"`);
    expect(text).toHaveLength(2048);
    expect(field(text)).toBe(text);
    expect(field(text.replace('x', 'xx'))).toContain('"cut":true');
    expect(field(text.replace('x', 'é'))).toContain('"cut":true');
  });

  it('keep their numbers and short strings when long strings are cut', () => {
    const long = 'y'.repeat(5000);
    const text = `{"n":1.0,"big":9007199254740993, "content":"${long}","path":"/tmp/a"}`;
    expect(field(text)).toBe(
      `{"n":1.0,"big":9007199254740993, "content":{"cut":true,"head":"${'y'.repeat(128)}","length":5000,"digest":"${sha256Hex(long)}"},"path":"/tmp/a"}`,
    );
  });

  it('digest the decoded string, whatever its escapes', () => {
    const value = 'say "hi"\\\n\u0001é👍'.repeat(300);
    const cut = JSON.parse(field(`["${JSON.stringify(value).slice(1, -1)}"]`))[0];
    const spelled = JSON.stringify(value).slice(1, -1);
    expect(cut).toMatchObject({ cut: true, length: Buffer.byteLength(value), digest: sha256Hex(spelled) });
    const odd = JSON.parse(field(`["${spelled.replaceAll('a', '\\u0061')}"]`))[0];
    expect(odd).toEqual(cut);
    expect(value.startsWith(cut.head)).toBe(true);
  });

  it('split no surrogate pair at the cut', () => {
    const value = `a${'👍'.repeat(2000)}`;
    const cut = JSON.parse(field(`{"v":"${value}"}`)).v;
    expect(cut.head).toBe(`a${'👍'.repeat(63)}`);
    const whole = JSON.parse(field(`{"${value}":1}`));
    expect(whole.head.isWellFormed()).toBe(true);
  });

  it('never turn a key into an object: a long key cuts the whole', () => {
    const text = `{"${'k'.repeat(3000)}" :"v"}`;
    expect(JSON.parse(field(text))).toEqual({
      cut: true,
      head: text.slice(0, 512),
      length: text.length,
      digest: sha256Hex(text),
    });
    const beside = `{"${'k'.repeat(300)}" :"${'v'.repeat(3000)}"}`;
    expect(Object.keys(JSON.parse(field(beside)))).toEqual(['k'.repeat(300)]);
  });

  it('are cut as a whole when many short values make them long', () => {
    const text = JSON.stringify(Array.from({ length: 2000 }, (_, index) => `item ${index}`));
    expect(JSON.parse(field(text))).toMatchObject({
      cut: true,
      length: text.length,
      digest: sha256Hex(text),
    });
  });

  it.for([
    ['one long string', () => `{"a":"${'x'.repeat(32 << 20)}"}`],
    ['quotes', () => `{"a":"${'\\"'.repeat(16 << 20)}"}`],
    ['backslashes', () => `{"a":"${'\\\\'.repeat(16 << 20)}"}`],
    ['depth', () => '['.repeat(16 << 20) + ']'.repeat(16 << 20)],
    ['empty strings', () => `[${'"",'.repeat(10 << 20)}""]`],
    ['many long strings', () => `[${`"${'z'.repeat(300)}",`.repeat(100_000)}""]`],
    ['no JSON at all', () => '"'.repeat((32 << 20) + 1)],
    ['a string without end', () => `{"a":"${'x'.repeat(1 << 20)}`],
  ] as const)('of up to 32 MiB of %s still give a short valid value', ([, make]) => {
    const text = make();
    const short = field(text);
    expect(Buffer.byteLength(short)).toBeLessThan(4200);
    const value = JSON.parse(short);
    expect((value.a ?? value).digest).toMatch(digest);
  });
});
