import { describe, expect, it } from 'vitest';
import { alwaysRule, chosen, remembering } from '../../../src/watch/state/permits.ts';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { DOWN, drawn, ENTER, ESCAPE, hold, pressing, screenWith } from '../../support/desk.ts';
import { obligations } from '../../support/obligations.ts';

const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
const edit = hold('first', {
  tool: 'edit_file',
  argumentsText: '{"path":"/home/ada/shop/src/a.ts","content":"x"}',
});
const other = hold('other', { tool: 'edit_file', argumentsText: '{"path":"/home/ada/x","content":"y"}' });
const screen = screenWith([edit, other]);

/** The same, where its sessions know of an approver. */
function enrolled(one: Screen): Screen {
  const entries = one.entries.map((entry) => ({ ...entry, session: { ...entry.session, enrolled: true } }));
  return { ...one, entries };
}

describe('g', () => {
  it('permits the very same call first, then calls of its rule, then nothing more', () => {
    const permits = [['g'], ['g', 'g'], ['g', 'g', 'g']].map((keys) => chosen(pressing(screen, keys).screen));
    expect(permits[0]).toEqual({ scope: 'call', ms: undefined });
    expect(permits[1]).toMatchObject({ scope: 'rule', ms: undefined });
    expect(permits[2]).toBeUndefined();
    expect(permits[1]?.rule).toContain("under(args.path, '/home/ada/shop/src')");
  });

  it('goes with the approval of that call, to the end of the session', () => {
    const { intent } = pressing(screen, ['g', 'g', 'a']);
    expect(intent?.entry.hold.id).toBe('first');
    expect(remembering(intent!.remember!, 0)).toMatchObject({ scope: 'rule', until: 'session' });
  });

  it('is for no other call, and is over once Esc was pressed', () => {
    expect(pressing(screen, ['g', 'g', DOWN, 'a']).intent?.remember).toBeUndefined();
    expect(pressing(screen, ['g', 'g', ESCAPE, 'a']).intent?.remember).toBeUndefined();
    expect(pressing(screen, ['g', 'g', 'x']).screen.mode).toBe('reason');
  });

  it.each<[string, object, string]>([
    ['production', { obligations: obligations({ level: 'critical' }) }, 'one by one'],
    ['two people', { obligations: obligations({ approvals: 2 }) }, 'more than one person'],
    ['never remembered', { obligations: obligations({ remember: false }) }, 'never remembered'],
    ['nothing that can be written', { argumentsText: '{"content":{"a":1},"x":{}}' }, 'written as a rule'],
  ])('says why nothing is permitted besides a call of %s', (_, more, why) => {
    const pressed = pressing(screenWith([hold('first', more)]), ['g']);
    expect(pressed.screen.message?.text).toContain(why);
    expect(chosen(pressed.screen)).toBeUndefined();
  });

  it.each([
    ['names', { path: '/home/ada/shop/src/a.ts', token: SECRET }, undefined],
    ['may say anything of', { path: '/home/ada/shop/src/a.ts', content: SECRET }, '/home/ada/shop/src'],
  ])('makes no rule that %s a secret, and shows none', (_, args, folder) => {
    const one = hold('first', { tool: 'edit_file', argumentsText: JSON.stringify(args) });
    const { screen: shown } = pressing(screenWith([one]), ['g']);
    expect(drawn(shown, { columns: 100, rows: 40 }).texts.join('')).not.toContain(SECRET);
    if (folder === undefined) expect(shown.message?.text).toContain('no rule is made of a secret');
    else expect(chosen(shown)?.rule).toContain(folder);
  });

  it('shows the rule as the policy would have it, and for how long', () => {
    const { screen: shown } = pressing(screen, ['g', 'g']);
    const text = drawn(shown, { columns: 100, rows: 40 }).texts.join(' ').replace(/\s+/g, ' ');
    expect(text).toContain('calls in /home/ada/shop/src run unasked for this session');
    expect(text).toContain(
      "args.all(name, name in ['content', 'path']) && under(args.path, '/home/ada/shop/src')",
    );
  });
});

describe('w', () => {
  const locked = { ...screen, signing: { state: 'locked' as const, name: 'ada' } };

  it('says how long, where a key signs it', () => {
    const times = [
      ['g', 'w'],
      ['g', 'w', 'w'],
      ['g', 'w', 'w', 'w', 'w'],
    ].map((keys) => chosen(pressing(locked, keys).screen)?.ms);
    expect(times).toEqual([3_600_000, 8 * 3_600_000, undefined]);
    expect(remembering({ scope: 'call', ms: 3_600_000 }, 0).until).toBe('1970-01-01T01:00:00.000Z');
  });

  it('says always where a rule can be written, which is no grant', () => {
    const able = enrolled({ ...locked, barred: undefined });
    const four = ['g', 'g', 'w', 'w', 'w', 'w'];
    const { screen: shown } = pressing(able, four);
    expect([chosen(shown), alwaysRule(shown)]).toEqual([undefined, expect.stringContaining('{"allow":')]);
    const { intent } = pressing(able, [...four, 'a']);
    expect([intent?.remember, intent?.always]).toEqual([undefined, alwaysRule(shown)]);
    const text = drawn(shown, { columns: 100, rows: 40 }).texts.join(' ').replace(/\s+/g, ' ');
    expect(text).toContain('run unasked always, by a rule that is shown first (w session,');
    expect(chosen(pressing(able, [...four, 'w']).screen)).toMatchObject({ scope: 'rule', ms: undefined });
    expect(pressing(able, [...four, DOWN, 'a']).intent?.always).toBeUndefined();
    expect(pressing(able, [...four, 'x', ENTER]).intent?.always).toBeUndefined();
  });

  const read = hold('first', { tool: 'read_file', risk: 'read', argumentsText: '{"path":"/a/b/c/d.ts"}' });
  it.each<[string, Screen, string[], string]>([
    ['nobody is enrolled', { ...locked, barred: undefined }, ['g', 'g'], 'knows of no approver'],
    ['the terminal cannot', enrolled({ ...locked, barred: 'not here.' }), ['g', 'g'], 'not here.'],
    ['an item asks', enrolled(screenWith([{ ...edit, rule: 'mine' }])), ['g', 'g'], 'mine asks'],
    ['it is a whole tool', enrolled(screenWith([read])), ['g', 'g', 'g'], 'a whole tool is wide'],
  ])('says in a line why there is no always where %s', (_, before, keys, why) => {
    const able = {
      ...before,
      signing: locked.signing,
      ...(before.barred === 'not here.' ? {} : { barred: undefined }),
    };
    const pressed = pressing(able, [...keys, 'w', 'w', 'w', 'w']);
    expect(pressed.screen.message?.text).toContain(`No "always": `);
    expect(pressed.screen.message?.text).toContain(why);
    expect(pressed.screen.permit?.time).toBe(0);
    expect(alwaysRule(pressed.screen)).toBeUndefined();
  });

  it('falls back to the session where g goes on to what cannot be a rule', () => {
    const able = enrolled({ ...screenWith([read]), signing: locked.signing, barred: undefined });
    const keys = ['g', 'g', 'w', 'w', 'w', 'w'];
    expect(alwaysRule(pressing(able, keys).screen)).toBeDefined();
    expect(chosen(pressing(able, [...keys, 'g']).screen)).toEqual({ scope: 'tool', ms: undefined });
  });

  it('does not outlive the session without a key, and says so', () => {
    const pressed = pressing(screen, ['g', 'w']);
    expect(chosen(pressed.screen)?.ms).toBeUndefined();
    expect(pressed.screen.message?.text).toContain('it ends with the session');
    expect(pressed.screen.message?.text).toContain('no "always"');
    expect(pressed.screen.message?.text.length).toBeLessThanOrEqual(77);
  });
});
