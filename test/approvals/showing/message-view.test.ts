import { describe, expect, it } from 'vitest';
import { rows, said, view } from '../../support/views.ts';

describe('a message', () => {
  it('has who gets it and what it is about before its text, in whichever order it came', () => {
    const shown = view({ body: 'hi', priority: 1, subject: 's', cc: [], to: 'a@b.test' });
    expect(shown.name).toBe('message');
    expect(rows(shown.lines)).toEqual([
      '"to": "a@b.test"',
      '"cc": []',
      '"subject": "s"',
      '"priority": 1',
      '"body": "hi"',
    ]);
    const chat = view({ text: 'hi', thread_ts: '1', channel: '#ops' });
    expect(rows(chat.lines)).toEqual(['"channel": "#ops"', '"thread_ts": "1"', '"text": "hi"']);
  });

  it('says to how many it goes, at which domains, and who gets it unseen', () => {
    const shown = view({ to: ['a@b.test', 'C <c@d.test>'], bcc: 'e@evil.test', subject: 's', body: 'b' });
    expect(said(shown)).toEqual([
      'warn: It goes unseen by the others (bcc) to e@evil.test.',
      'warn: It goes to 3 addresses at 3 domains: b.test, d.test, evil.test.',
    ]);
    expect(said(view({ to: 'a@b.test', body: 'x' }))).toEqual(['note: It goes to b.test.']);
  });

  it('to 125,000 addresses at one domain is drawn like others', () => {
    const shown = view({ to: 'a@b,'.repeat(125_000), body: 'x' });
    expect(said(shown)).toContain('note: It goes to 125,000 addresses at 1 domain: b.');
  });

  it('to a look-alike is warned of, with the letters that are not plain', () => {
    expect(said(view({ to: 'boss@аcme.test', body: 'x' }))[0]).toBe(
      'danger: A name in it mixes letters of two scripts that look alike: boss@аcme.test (U+0430).',
    );
  });

  it('is none without somebody who gets it, or without a text', () => {
    expect(view({ body: 'x', title: 'y' }).name).toBe('plain');
    expect(view({ to: 'a', from: 'b' }).name).toBe('plain');
  });

  const names = ['ada', 'bob', 'cy', 'dee', 'eve', 'flo', 'gil', 'hal'];
  const inside = names.map((name) => `${name}@northwind.test`);
  const told = (to: string[]) => said(view({ to, subject: 's', body: 'b' }));

  it('to many names whoever is elsewhere, and the rarest domain first', () => {
    expect(told([...inside, 'x@outside.test'])).toEqual([
      'warn: Not at northwind.test: x@outside.test.',
      'warn: It goes to 9 addresses at 2 domains: outside.test, northwind.test.',
    ]);
    expect(told(inside)).toEqual(['note: It goes to 8 addresses at 1 domain: northwind.test.']);
  });

  it.each(['northwlnd.test', 'northwnd.test', 'northwindd.test', 'norhtwind.test'])(
    'to a domain that is nearly another is warned of: %s',
    (domain) =>
      expect(told([...inside, `ivy@${domain}`])[0]).toBe(
        `danger: Two domains differ by one letter. ivy@${domain}: ${domain} is not northwind.test.`,
      ),
  );

  it('to short domains that differ by a letter is not', () => {
    expect(told(['a@b.test', 'a@d.test'])).toEqual([
      'warn: It goes to 2 addresses at 2 domains: b.test, d.test.',
    ]);
  });
});
