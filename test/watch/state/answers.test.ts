import { describe, expect, it } from 'vitest';
import { settled } from '../../../src/watch/state/intent.ts';
import { press } from '../../../src/watch/state/keys.ts';
import { listRows } from '../../../src/watch/state/list-rows.ts';
import { look } from '../../../src/watch/state/looked.ts';
import { hear } from '../../../src/watch/state/news.ts';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { closed, DOWN, ENTER, held, hold, pressing, screenWith, TAB, UP, WHOLE } from '../../support/desk.ts';
import { obligations } from '../../support/obligations.ts';

const IDS = ['aaaaa', 'bbbbb', 'ccccc'];
const alike = (more: object = {}) =>
  IDS.map((id) => hold(id, { argumentsText: JSON.stringify({ path: id }), ...more }));
const first = hold('first', { tool: 'other' });
/** The group of three is selected. */
const group = (more: object = {}): Screen => pressing(screenWith([first, ...alike(more)]), [DOWN]).screen;
const ROWS = [{ indent: 0, block: false, segments: [{ text: 'x', escaped: false }] }];

describe('a group', () => {
  it('is approved by one key where each is a read or write and all that differs was on the screen', () => {
    const { intent, others = [] } = pressing(group(), ['a'], { from: 20_000 });
    expect([intent, ...others].map((one) => one?.entry.hold.id)).toEqual(IDS);
  });

  it('is not approved together while a line of it was not on the screen, or something is masked', () => {
    for (const view of [
      { ...WHOLE, unseen: 1 },
      { ...WHOLE, masked: 1 },
      { ...WHOLE, mustReveal: true },
    ]) {
      const pressed = pressing(group(), ['a', 'a', 'a'], { from: 20_000, view });
      expect(pressed.intent).toBeUndefined();
      expect(pressed.screen.approving).toBeUndefined();
    }
  });

  it.each([
    ['of another class', { risk: 'outbound' }],
    ['of a class that is a guess', { unsure: true }],
    ['that take more than a key', { obligations: obligations({ confirm: 'type', expected: 'x' }) }],
    ['that take two approvers', { obligations: obligations({ approvals: 2 }) }],
  ])('of calls %s is never approved together', (_, more) => {
    const pressed = pressing(group(more), ['a'], { from: 20_000 });
    expect(pressed.intent).toBeUndefined();
    expect(pressed.screen.message?.text).toContain('Only plain reads and writes are approved together');
  });

  it('has no call in it with which tools are accepted, nor is one of those approved with marks', () => {
    const screen = screenWith([first, ...alike({ offers: [] })]);
    expect(listRows(screen).rows.map(({ kind }) => kind)).toEqual(['call', 'call', 'call', 'call']);
    const marked = pressing(screen, [DOWN, 'm', 'm', 'a'], { from: 20_000 });
    expect(marked.intent).toBeUndefined();
  });

  it('has no call in its approval that came after it was looked at', () => {
    const screen = hear(group(), held(hold('later', { argumentsText: '{"path":"z"}' })), 19_900);
    expect(pressing(screen, ['a'], { from: 20_000 }).intent).toBeUndefined();
    const asked = press(group(), { text: 'a' }, 20_000, WHOLE).screen;
    const late = hear(asked, held(hold('later', { argumentsText: '{"path":"z"}' })), 20_100);
    const { intent, others = [] } = settled(late, 20_300);
    expect([intent, ...others].map((one) => one?.entry.hold.id)).toEqual(IDS);
  });

  it('is looked at as long as its longest call takes to be looked at, so that it counts for no haste', () => {
    const long = { argumentsText: JSON.stringify({ path: 'x'.repeat(300) }) };
    const calls = IDS.map((id) => hold(id, long));
    const screen = pressing(screenWith([first, ...calls]), [DOWN], { from: 10_000 }).screen;
    expect(pressing(screen, ['a'], { from: 11_000 }).intent).toBeUndefined();
    const { intent, others = [] } = pressing(screen, ['a'], { from: 11_800 });
    expect([intent, ...others].map((one) => one?.dwellMs)).toEqual([1_800, 1_800, 1_800]);
  });

  it('of more calls than anybody looks at is only rejected', () => {
    const many = Array.from({ length: 101 }, (_, at) =>
      hold(`h${at}`, { argumentsText: `{"path":"${at}"}` }),
    );
    const screen = pressing(screenWith([first, ...many]), [DOWN]).screen;
    expect(pressing(screen, ['a'], { from: 20_000 }).intent).toBeUndefined();
    expect(pressing(screen, ['x', ENTER], { from: 20_000 }).others).toHaveLength(100);
  });

  it('is rejected together with one reason, whatever its class, and no call that came while it was typed', () => {
    const asked = pressing(group({ risk: 'production' }), ['x', 'n', 'o'], { from: 20_000 }).screen;
    const late = hear(
      asked,
      held(hold('later', { argumentsText: '{"path":"z"}', risk: 'production' })),
      24_000,
    );
    const { intent, others = [] } = pressing(late, [ENTER], { from: 25_000 });
    expect([intent, ...others].map((one) => [one?.entry.hold.id, one?.verdict, one?.reason])).toEqual(
      IDS.map((id) => [id, 'reject', 'no']),
    );
  });
});

describe('marked calls', () => {
  /** Each of two calls was looked at, and marked. */
  const marked = (): Screen => {
    let screen = screenWith([hold('aaaaa'), hold('bbbbb', { tool: 'other' })]);
    for (const now of [2_000, 4_000]) {
      screen = look(screen, { as: 'x', rows: ROWS }, 0, 1);
      screen = press(screen, { text: 'm' }, now, WHOLE).screen;
    }
    return screen;
  };

  it('are approved together once each was on the screen in full', () => {
    const { intent, others = [] } = pressing(marked(), ['a']);
    expect([intent, ...others].map((one) => one?.entry.hold.id)).toEqual(['aaaaa', 'bbbbb']);
  });

  it('are not while one of them was not', () => {
    const screen = screenWith([hold('aaaaa'), hold('bbbbb', { tool: 'other' })]);
    const pressed = pressing(screen, ['m', 'm', 'a']);
    expect(pressed.intent).toBeUndefined();
    expect(pressed.screen.message?.text).toContain('was not on the screen in full');
  });

  it('may be one alone, though the selection has gone on', () => {
    let screen = screenWith([hold('aaaaa'), hold('bbbbb', { tool: 'other' })]);
    screen = look(screen, { as: 'x', rows: ROWS }, 0, 1);
    const { intent } = pressing(press(screen, { text: 'm' }, 2_000, WHOLE).screen, ['a']);
    expect(intent?.entry.hold.id).toBe('aaaaa');
  });

  it('are rejected together unseen, and a mark goes with its call', () => {
    const screen = pressing(screenWith([hold('aaaaa'), hold('bbbbb', { tool: 'other' })]), ['m', 'm']).screen;
    const { intent, others = [] } = pressing(screen, ['x', ENTER], { from: 20_000 });
    expect([intent, ...others].map((one) => one?.verdict)).toEqual(['reject', 'reject']);
    expect(hear(screen, closed('aaaaa'), 20_000).marks).toEqual(new Set(['s1/bbbbb']));
  });

  it('lose their marks by Escape', () => {
    expect(pressing(marked(), [{ text: '', escape: true }]).screen.marks.size).toBe(0);
  });
});

describe('a card that was looked at before', () => {
  it('is armed again at once, so that thirty looked-at calls are not slowed down', () => {
    const screen = pressing(screenWith([hold('aaaaa'), hold('bbbbb', { tool: 'other' })]), [DOWN, UP]).screen;
    expect(pressing(screen, ['a'], { from: 11_600 }).intent?.entry.hold.id).toBe('aaaaa');
    expect(pressing(screen, ['a'], { from: 11_400 }).intent).toBeUndefined();
  });
});

describe('a call of critical class', () => {
  const critical = obligations({ confirm: 'both', expected: 'production', level: 'critical', sign: true });
  const screen = (): Screen => ({
    ...screenWith([hold('aaaaa', { risk: 'production', obligations: critical })]),
    signing: { state: 'locked', name: 'ada' },
  });

  it('takes the text, then the passphrase, and never Enter', () => {
    const typed = pressing(screen(), ['a', ...'production', TAB], { apart: 600 });
    expect(typed.screen.mode).toBe('passphrase');
    expect(typed.intent).toBeUndefined();
    const given = pressing(typed.screen, [...'secret', TAB], { from: 30_000 });
    expect(given).toMatchObject({
      passphrase: 'secret',
      intent: { verdict: 'approve', confirmation: 'production' },
    });
    expect(pressing(typed.screen, [...'secret', ENTER], { from: 30_000 }).intent).toBeUndefined();
  });

  it('takes no other text', () => {
    const typed = pressing(screen(), ['a', ...'productio', TAB], { apart: 600 });
    expect(typed.screen.mode).toBe('typing');
  });
});

describe('a call that nobody can read', () => {
  it('is not approved, only rejected, unless its rule says large', () => {
    const risky = { risk: 'execute' as const, lines: 2_001 };
    const high = obligations({ level: 'high' });
    const pressed = pressing(screenWith([hold('aaaaa', { ...risky, obligations: high })]), ['a']);
    expect(pressed.intent).toBeUndefined();
    expect(pressed.screen.message?.text).toContain('split it');
    const large = { ...high, large: true };
    expect(
      pressing(screenWith([hold('aaaaa', { ...risky, obligations: large })]), ['a']).intent,
    ).toBeDefined();
  });
});

describe('a call whose card is a page of its own', () => {
  it('is opened by a, not approved, until it was on the screen', () => {
    const nowhere = { ...WHOLE, page: 0, unseen: 4 };
    const { screen, intent } = pressing(screenWith([first]), ['a', 'a'], { from: 20_000, view: nowhere });
    expect(intent).toBeUndefined();
    expect(screen.mode).toBe('detail');
    expect(pressing(screen, ['a'], { from: 24_000 }).intent?.entry.hold.id).toBe('first');
  });
});
