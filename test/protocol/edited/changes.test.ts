import { describe, expect, it } from 'vitest';
import { changeWords } from '../../../src/protocol/edited/changes.ts';

const same = (text: string): string => text;

describe('what an agent is told of its changed arguments', () => {
  it('names each outermost member that differs, with what it was and is', () => {
    expect(
      changeWords('{"a":1,"b":"x","c":{"d":1},"e":true}', '{"a":1,"b":"y","c":{"d": 2},"f":[1]}', same),
    ).toBe('"b" was "x" and is "y"; "c" was {"d":1} and is {"d":2}; "e" was left out; "f" was added: [1]');
  });

  it('says no secret, and names it all the same where one secret became another', () => {
    const masked = (text: string): string => text.replace(/"s\d"/, '"[masked]"');
    expect(changeWords('{"key":"s1"}', '{"key":"s2"}', masked)).toBe(
      '"key" was "[masked]" and is "[masked]"',
    );
  });

  it('tells long values by their length, and at most twenty members', () => {
    expect(changeWords('{"a":1}', `{"a":"${'x'.repeat(400)}"}`, same)).toBe(
      '"a" was 1 and is another text of 402 characters',
    );
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`k${at}`, at])));
    expect(changeWords('{}', many, same)).toMatch(/; 5 more$/);
  });

  it('says where only the spelling differs', () => {
    expect(changeWords('{"a":1, "b":2}', '{"b":2,"a":1}', same)).toBe('only their spelling');
  });
});
