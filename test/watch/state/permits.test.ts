import { describe, expect, it } from 'vitest';
import { chosen, remembering } from '../../../src/watch/state/permits.ts';
import { DOWN, drawn, ESCAPE, hold, pressing, screenWith } from '../../support/desk.ts';
import { obligations } from '../../support/obligations.ts';

const edit = hold('first', {
  tool: 'edit_file',
  argumentsText: '{"path":"/home/ada/shop/src/a.ts","content":"x"}',
});
const other = hold('other', { tool: 'edit_file', argumentsText: '{"path":"/home/ada/x","content":"y"}' });
const screen = screenWith([edit, other]);

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

  it('does not outlive the session without a key, and says so', () => {
    const pressed = pressing(screen, ['g', 'w']);
    expect(chosen(pressed.screen)?.ms).toBeUndefined();
    expect(pressed.screen.message?.text).toContain('it ends with the session');
  });
});
