import { describe, expect, it } from 'vitest';
import { type Draft, told, withDraft } from '../../../src/watch/state/drafts.ts';
import { FIRST_SCREEN, type Mode, type Screen } from '../../../src/watch/state/screen.ts';
import { DOWN, drawn, ENTER, ESCAPE, hold, pressing, screenWith, WHOLE } from '../../support/desk.ts';

const LINES = ['  {', '- "allow": []', `+ "allow": [{"when": "${'a b '.repeat(60)}"}]`, '  }'];
const DRAFT: Draft = { rule: '{}', title: 'always', lines: LINES };
const screen: Screen = { ...screenWith([hold('first')]), drafts: [DRAFT], mode: 'rule' };

describe('a rule that is to be written', () => {
  it.each<[Mode, Mode]>([
    ['list', 'rule'],
    ['detail', 'rule'],
    ['typing', 'typing'],
    ['reason', 'reason'],
    ['ignoring', 'ignoring'],
    ['record', 'record'],
  ])('is shown to a person in %s as %s: nobody is interrupted', (mode, then) => {
    expect(withDraft({ ...FIRST_SCREEN, drafts: [DRAFT], mode }).mode).toBe(then);
  });

  it('waits while an approval settles, and nothing is shown where nothing waits', () => {
    const waits = { ...FIRST_SCREEN, drafts: [DRAFT], approving: { intents: [], at: 1 } };
    expect(withDraft(waits)).toBe(waits);
    expect(withDraft(FIRST_SCREEN)).toBe(FIRST_SCREEN);
  });

  it('stands on the screen whole, whatever its width', () => {
    for (const columns of [40, 80, 200]) {
      const { texts } = drawn(screen, { columns, rows: 40 });
      const rows = texts.slice(texts.findIndex((text) => text.includes('always')) + 1);
      expect(rows.join(' ').match(/\ba(?= +b\b)/g)).toHaveLength(60);
    }
  });

  it('is signed by Enter or y, once its end was on the screen, and Esc writes nothing', () => {
    for (const key of [ENTER, 'y']) expect(pressing(screen, [key]).screen.mode).toBe('sign');
    const more = { ...WHOLE, limit: 3 };
    const unseen = pressing(screen, [ENTER], { view: more }).screen;
    expect([unseen.mode, unseen.message?.text]).toEqual(['rule', expect.stringContaining('space shows it')]);
    expect(pressing(screen, [DOWN, DOWN, DOWN, ENTER], { view: more }).screen.mode).toBe('sign');
    const left = pressing(screen, [ESCAPE]).screen;
    expect([left.mode, left.drafts]).toEqual(['list', []]);
    expect(left.message?.text).toContain('Nothing was written');
    for (const key of ['a', 'x', 'q', 'n', '!'])
      expect(pressing(screen, [key]).screen).toMatchObject({ mode: 'rule' });
  });

  it('takes a passphrase, which nothing shows; Esc goes back to it', () => {
    const typed = pressing(screen, [ENTER, 'c', 'o', 'r']);
    expect(typed.signs).toBeUndefined();
    expect(drawn(typed.screen).texts.join('\n')).toContain('to write this rule: •••');
    expect(pressing(typed.screen, [ENTER]).signs).toBe('cor');
    expect(pressing(screen, [ENTER, ENTER]).signs).toBeUndefined();
    expect(pressing(screen, [ENTER, 'correct horse\r']).signs).toBe('correct horse');
    expect(pressing(typed.screen, [ESCAPE]).screen).toMatchObject({
      mode: 'rule',
      typed: '',
      drafts: [DRAFT],
    });
  });

  it('that was not written is told, and Enter signs nothing', () => {
    const over = { ...screen, drafts: [told('no rule was written', ['It is so. '.repeat(30)]), DRAFT] };
    expect(
      drawn(over)
        .texts.join('')
        .match(/It is so\./g),
    ).toHaveLength(30);
    const next = pressing(over, [ENTER]).screen;
    expect([next.mode, next.drafts]).toEqual(['list', [DRAFT]]);
  });
});
