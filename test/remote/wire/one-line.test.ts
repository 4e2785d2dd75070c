import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../src/remote/wire/one-line.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (text: string): string | undefined => {
  const made = oneLine(encode(text));
  return made && new TextDecoder().decode(made);
};

describe('a message as one line', () => {
  it('keeps every byte but those of its line breaks, and says the same', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(0, 1, 2, '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (json, space, end) => {
          const text = JSON.stringify(JSON.parse(json), null, space).replaceAll('\n', end);
          const made = line(`${text}${end}`) ?? '';
          expect(made).toBe(`${text.replaceAll(/[\r\n]/g, ' ')}\n`);
          expect(JSON.parse(made)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it.each(['{"a":"\n"}', '{"a":"x\ry"}', '{"a":"\\\n"}', '["\\\\\n"]', '["\\"\n"]'])(
    'is none where a break stands within a text: %j',
    (text) => expect(line(text)).toBeUndefined(),
  );

  it.each(['["\\\\",\n1]', '["\\"",\n"x"]'])('knows where a text ends: %j', (text) =>
    expect(line(text)).toBe(`${text.replace('\n', ' ')}\n`),
  );
});
