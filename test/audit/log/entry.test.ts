import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/audit/log/entry.ts';
import { rawJson } from '../../../src/audit/log/raw-json.ts';
import { serialise } from '../../../src/audit/log/serialise.ts';
import { ZERO } from '../../../src/platform/digest.ts';
import { decision, SESSION } from '../samples.ts';

const header = { seq: 4, time: '2026-11-22T10:43:01.000Z', mono: 12, session: SESSION, prev: ZERO };
const line = (entry: Entry): string => serialise(header, entry);

describe('a record', () => {
  it('has its keys in the order of the table, whatever the order of the entry', () => {
    const entry = decision(7, {
      input: rawJson('{}'),
      about: { risk: 'write', unsure: true, unlisted: true, definition: null },
      diagnostics: ['a'],
      counted: [],
    });
    const backwards = Object.fromEntries(Object.entries(entry).reverse()) as unknown as Entry;
    expect(Object.keys(JSON.parse(line(backwards)))).toEqual(
      'v seq time mono session prev type call server tool arguments input digest callDigest bytes definition risk unsure unlisted caller effect rule reason diagnostics counted'.split(
        ' ',
      ),
    );
  });

  it('leaves out what is undefined and keeps null', () => {
    const record = JSON.parse(line(decision(1, { about: { definition: null, risk: undefined } })));
    expect(record).toHaveProperty('definition', null);
    expect(record).not.toHaveProperty('risk');
  });

  it('embeds arguments as their source text, numbers unchanged', () => {
    const source = '{ "a":9007199254740993, "b":1.0, "c":1e400, "d":"\\u0041" }';
    expect(line(decision(1, { arguments: rawJson(source) }))).toContain(`"arguments":${source},"digest"`);
  });

  it('is one line even when the source text is not', () => {
    const text = line(decision(1, { arguments: rawJson('{\r\n\t"a":\n1}') }));
    expect(text).not.toMatch(/[\r\n]/);
    expect(JSON.parse(text).arguments).toEqual({ a: 1 });
  });

  it('lets an open field neither forge nor repeat a field of the header', () => {
    const entry: Entry = {
      type: 'pin',
      event: 'first-seen',
      seq: 0,
      prev: 'x',
      session: 'y',
      v: 2,
      tool: 'z',
    };
    const text = line(entry);
    expect(text.match(/"(seq|prev|session|v)":/g)).toHaveLength(4);
    expect(JSON.parse(text)).toEqual({ v: 1, ...header, type: 'pin', event: 'first-seen', tool: 'z' });
  });

  it('holds no raw character that drives a terminal, hides or reorders, and still means the same', () => {
    const ranges = [
      [0x7f, 0x9f],
      [0x61c, 0x61c],
      [0x200b, 0x200f],
      [0x2028, 0x202e],
      [0x2060, 0x2069],
      [0xfeff, 0xfeff],
      [0xe0000, 0xe007f],
      [0x00, 0x1f],
    ] as const;
    let all = 'é日本👍';
    for (const [from, to] of ranges)
      for (let code = from; code <= to; code += 1) all += String.fromCodePoint(code);
    const embedded = rawJson(JSON.stringify({ [all]: all }));
    const text = line(
      decision(1, { reason: all, tool: all, arguments: embedded, caller: { client: all, claimed: true } }),
    );
    expect(text).not.toMatch(
      /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u,
    );
    expect(text).toContain('日本👍');
    const record = JSON.parse(text);
    expect([record.reason, record.tool, record.caller.client]).toEqual([all, all, all]);
    expect(record.arguments).toEqual({ [all]: all });
  });

  it('escapes lone surrogates, so that its bytes are always UTF-8', () => {
    const text = line(decision(1, { reason: 'a\ud800b', arguments: rawJson('{"x":"\udc00"}') }));
    expect(Buffer.from(text).toString()).toBe(text);
    expect(JSON.parse(text)).toMatchObject({ reason: 'a\ud800b', arguments: { x: '\udc00' } });
  });

  it('cuts long text from outside wherever it stands', () => {
    const huge = 'x'.repeat(1_000_000);
    const text = line(
      decision(1, { tool: huge, caller: { client: huge, claimed: true }, diagnostics: [huge] }),
    );
    expect(text.length).toBeLessThan(4000);
    expect(JSON.parse(text).tool).toMatch(/^x{512}… \(cut; 1000000 bytes, sha256 [0-9a-f]{64}\)$/);
  });
});
