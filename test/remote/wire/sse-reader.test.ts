import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseEvent, SseReader } from '../../../src/remote/wire/sse-reader.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function read(text: string, cuts: readonly number[] = [], max = 1 << 20) {
  const events: { event: string; data: string; id: string | undefined }[] = [];
  const ids: string[] = [];
  const retries: number[] = [];
  let tooLong = 0;
  const reader = new SseReader(
    {
      event: ({ event, data, id }: SseEvent) => void events.push({ event, data: decoder.decode(data), id }),
      id: (id) => void ids.push(id),
      retry: (ms) => void retries.push(ms),
      tooLong: () => {
        tooLong += 1;
      },
    },
    max,
  );
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let at = 1; at < places.length; at += 1) reader.feed(bytes.slice(places[at - 1], places[at]));
  return { events, ids, retries, tooLong };
}

/** What the specification says, written down another way: all of the text at once, by lines. */
function byTheBook(text: string) {
  const found: { event: string; data: string; id: string | undefined }[] = [];
  let data: string[] = [];
  let event = '';
  let id: string | undefined;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  // What stands behind the last break is no line yet.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (data.join('\n') !== '' || data.length > 1) found.push({ event, data: data.join('\n'), id });
      data = [];
      event = '';
      id = undefined;
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
    if (name === 'id' && !value.includes('\0')) id = value;
  }
  return found;
}

describe('a stream of events', () => {
  it('is read as the specification says, wherever it is cut', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'data: ',
        'data:',
        'data',
        'event: x',
        'id: 7',
        'id',
        ': note',
        'retry: 5',
        'dat',
        ' ',
        ':',
        'é',
        '{"a":1}',
        '\ufeff',
        '\0',
      ),
      fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\n\r\n', '\r\r'),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 40 }),
        fc.array(fc.nat(200), { maxLength: 12 }),
        (parts, cuts) => {
          const text = parts.join('');
          expect(read(text, cuts).events).toEqual(byTheBook(text));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('gives its ids and delays also without data, and no delay of over ten minutes', () => {
    expect(read('id: a\n\nretry: 50\n\nretry: 999999999\nid: b\ndata:\n\nretry: soon\n\n')).toEqual({
      events: [],
      ids: ['a', 'b'],
      retries: [50, 600_000],
      tooLong: 0,
    });
  });

  it.each([
    ['a line', `data: ${'x'.repeat(200)}`],
    ['lines', `${'data: xxxxxxxxxx\n'.repeat(20)}`],
    ['a comment', `: ${'x'.repeat(200)}`],
    ['what is no field', 'x'.repeat(200)],
  ])('that is too long for %s is read no further, and that is told once', (_, text) => {
    const { events, tooLong } = read(`${text}\n\ndata: after\n\n${text}`, [10, 50, 90], 100);
    expect([events, tooLong]).toEqual([[], 1]);
  });
});
