import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRightToLeft, visible } from '../../../src/text/visible.ts';
import { anyText } from '../../support/hostile-texts.ts';
import { rows, said, toned, view } from '../../support/views.ts';

const url = (text: string) => view({ url: text });

describe('a URL', () => {
  it('stands in full, whatever is set off in it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const whole = `https://a.test${text}`;
        if (isRightToLeft(whole) || whole.includes('\n') || / {61,}/.test(whole)) return;
        expect(rows(url(whole).lines)[0]).toBe(`"url": "${visible(whole.replace(/["\\]/g, '\\$&'))}"`);
      }),
      { numRuns: 400 },
    );
  });

  it('has its host set off and its query decoded', () => {
    const shown = url('https://api.shop.test:8443/x/y?q=a%20b+c&empty=&to=%3Cb%40c.test%3E#z');
    expect(rows(shown.lines)).toEqual([
      '"url": "https://api.shop.test:8443/x/y?q=a%20b+c&empty=&to=%3Cb%40c.test%3E#z"',
      '  host: api.shop.test, port 8443',
      '  query:',
      '    "q" = "a b c"',
      '    "empty" = ""',
      '    "to" = "<b@c.test>"',
    ]);
    expect(toned(shown.lines, 'target')).toEqual(['api.shop.test', 'host: api.shop.test, port 8443']);
    expect(shown.warnings).toEqual([]);
  });

  it.each([
    [
      'https://good.test@evil.test/',
      "danger: What stands before the @ is a user's name; the host is evil.test.",
    ],
    [
      'https://good.test:443@evil.test/',
      "danger: What stands before the @ is a user's name; the host is evil.test.",
    ],
    [
      'https://evil.test\\@good.test/',
      'danger: It is spelled so that it may be read in two ways; a program calls evil.test.',
    ],
    [
      'http://2130706433/',
      'danger: It is spelled so that it may be read in two ways; a program calls 127.0.0.1.',
    ],
    [
      'https://gооd.test/',
      'danger: A name in it mixes letters of two scripts that look alike; in plain letters it is xn--gd-fmca.test.',
    ],
    [
      'https://münchen.test/',
      'danger: The name has letters that are not plain Latin ones; in plain letters it is xn--mnchen-3ya.test.',
    ],
    [
      'https://xn--gd-fmca.test/',
      'danger: The name stands for one in other letters (xn--); in plain letters it is xn--gd-fmca.test.',
    ],
    ['http://169.254.169.254/latest', "danger: 169.254.169.254 gives out a cloud machine's own credentials."],
    ['http://10.0.0.7/', 'warn: 10.0.0.7 is this machine or its own network.'],
    ['http://localhost:9/', 'warn: localhost is this machine or its own network.'],
    ['https://93.184.216.34/', 'warn: The host is a bare address: 93.184.216.34.'],
    ['https://[2606:2800::1]/', 'warn: The host is a bare address: [2606:2800::1].'],
    ['http://a.test/', 'note: It goes over the network unencrypted (http).'],
    ['file:///etc/passwd', 'danger: Its scheme is file, which calls no web server.'],
    ['https://a.test/x/..%2f..%2fadmin', 'warn: It climbs folders, or has controls in it.'],
  ])('that is not what it seems is told in words: %s', (text, words) => {
    expect(said(url(text))).toContain(words);
  });

  it('that no program takes for one says so', () => {
    expect(rows(url('https://a b.test').lines)).toEqual(['"url": "https://a b.test"']);
    expect(rows(url('https://a.test:99999/').lines)[1]).toBe(
      '  host: none, programs would not take this for a URL',
    );
  });
});
