import { describe, expect, it } from 'vitest';
import { mustReveal, shownBefore, shownFile } from '../../../src/approvals/answering/masked-view.ts';
import type { HoldView } from '../../../src/approvals/channel/messages.ts';
import { holdView } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';
import { rows, view } from '../../support/views.ts';

const key = (letter: string): string => `sk_live_${letter.repeat(3)}Q7x2Lm9Rt4Vb8Nc1Zs6`;
const hold = (args: object): HoldView => ({ argumentsText: JSON.stringify(args) }) as HoldView;
const FILE = `a=1\nSTRIPE_KEY=${key('a')}\nb=2\n`;

describe('a file beside a call', () => {
  it('shows no secret that the call would hide, and the same one as the same', () => {
    const call = hold({ path: '.env', content: FILE.replace('b=2', 'b=3') });
    const shown = shownFile({ text: FILE }, call, false);
    expect(JSON.stringify(shown)).not.toContain(key('a'));
    expect(JSON.stringify(shown)).not.toContain('another one');
    expect(shownFile({ text: FILE }, call, true)).toEqual({ text: FILE });
    expect(shownFile({ why: 'x.' }, call, false)).toEqual({ why: 'x.' });
  });

  it('never lets two secrets that are masked alike count as one', () => {
    const args = { path: '.env', content: FILE.replace(key('a'), key('b')) };
    const file = shownFile({ text: FILE }, hold(args), false);
    const masked = shownFile({ text: args.content }, hold(args), false);
    const content = 'text' in masked ? masked.text : '';
    const shown = rows(view({ ...args, content }, { file }).lines);
    expect(shown.filter((row) => /│ [-+] STRIPE_KEY/.test(row))).toHaveLength(2);
  });

  it('is masked by the name under which the call gives its text, for names say what may be guessed', () => {
    const file = { text: 'a1ZQ9zL2mN8bT5wXk3vQ9zL2mN8bT5wXk3v' };
    expect(shownFile(file, hold({ path: 'a', content: 'b' }), false)).toEqual(file);
    expect(JSON.stringify(shownFile(file, hold({ path: 'a', file_text: 'b' }), false))).toContain(
      'possible secret',
    );
  });

  it('that cannot be searched for secrets is not compared', () => {
    const shown = shownFile({ text: 'x'.repeat(1024 * 1024) }, hold({ path: 'a', content: 'b' }), false);
    expect(shown).toEqual({
      why: 'The file on this machine is too long to be searched for secrets, so it is not compared.',
    });
  });
});

describe('the last approved call beside one', () => {
  it('is masked as that is, and another secret is said to be one', () => {
    const [before, now] = [JSON.stringify({ api_key: key('a') }), hold({ api_key: key('b') })];
    const about = { redact: [], revealed: false };
    expect(shownBefore(before, now, about)).toContain('another one');
    expect(shownBefore(before, now, about)).not.toContain(key('a'));
    expect(shownBefore(before, hold({ api_key: key('a') }), about)).not.toContain('another one');
    expect(shownBefore(before, now, { ...about, revealed: true })).toBe(before);
  });
});

describe('what is masked', () => {
  const shown = (more: object, opaque = false) => ({
    hold: holdView('aaaaa', { tool: 'post', obligations: obligations(more) }),
    masked: 1,
    opaque,
    revealed: false,
  });

  it.each([
    ['a text that its rule has typed', { confirm: 'type', expected: 'post' }],
    ['a passphrase', { confirm: 'passphrase' }],
    ['a text and a passphrase', { confirm: 'both', expected: 'x.example' }],
    ['two approvers', { approvals: 2 }],
  ])('must be seen before an approval that takes %s', (_, more) => {
    expect(mustReveal(shown(more))).toBe(true);
    expect(mustReveal({ ...shown(more), revealed: true })).toBe(false);
  });

  it('need not be where the class alone asks for a text, unless it may be more than a secret', () => {
    expect(mustReveal(shown({ confirm: 'type', expected: 'x.example' }))).toBe(false);
    expect(mustReveal(shown({ confirm: 'type', expected: 'x.example' }, true))).toBe(true);
    expect(mustReveal(shown({}))).toBe(false);
    expect(mustReveal(shown({}, true))).toBe(true);
  });
});
