import { describe, expect, it } from 'vitest';
import type { HoldView } from '../../../src/approvals/channel/messages.ts';
import { armedIn, type View } from '../../../src/watch/state/answers.ts';
import { type Key, type Pressed, settled } from '../../../src/watch/state/intent.ts';
import { press } from '../../../src/watch/state/keys.ts';
import { hear } from '../../../src/watch/state/news.ts';
import { FIRST_SCREEN, type Screen, selectedEntry } from '../../../src/watch/state/screen.ts';
import { holdView, sessionView } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const SESSION = sessionView({ pid: 2, ancestors: [{ pid: 3, name: 'client' }], client: 'claude-code' });
const VIEW = { page: 10, limit: 30, masked: 0, mustReveal: false, rows: 40, unseen: 0 };

const hold = (id: string, more: Partial<HoldView> = {}): HoldView =>
  holdView(id, { client: 'claude-code', expiresAt: '2026-11-24T00:30:00.000Z', ...more });

const QUIET_MS = 300;

/** A key that no other follows. */
function alone(screen: Screen, key: Key, now: number, view: View): Pressed {
  const pressed = press(screen, key, now, view);
  return pressed.screen.approving === undefined ? pressed : settled(pressed.screen, now + QUIET_MS);
}

/** A terminal with these calls waiting since `at`, looked at long enough unless said otherwise. */
function screenWith(holds: HoldView[], at = 0): Screen {
  const attached = hear(FIRST_SCREEN, { type: 'attached', session: SESSION }, at);
  return holds.reduce(
    (screen, one) => hear(screen, { type: 'hold', session: 's1', hold: one }, at),
    attached,
  );
}

function type(screen: Screen, keys: (string | Key)[], from = 10_000): Pressed {
  let pressed: Pressed = { screen };
  for (const [i, key] of keys.entries()) {
    const last = i === keys.length - 1 ? alone : press;
    pressed = last(pressed.screen, typeof key === 'string' ? { text: key } : key, from + i * 100, VIEW);
  }
  return pressed;
}

const ENTER: Key = { text: '\r', return: true };
const TAB: Key = { text: '', tab: true };
const DOWN: Key = { text: '', down: true };

describe('approving', () => {
  it('takes one a, once the card was looked at and the keyboard was quiet', () => {
    const { intent } = type(screenWith([hold('aaaaa')]), ['a']);
    expect(intent).toMatchObject({ verdict: 'approve', entry: { hold: { id: 'aaaaa' } } });
  });

  it('is refused in the first 700 ms of the card', () => {
    const screen = screenWith([hold('aaaaa')], 9_400);
    expect(armedIn(screen, 10_000)).toBe(100);
    expect(type(screen, ['a']).intent).toBeUndefined();
  });

  it('is refused within 500 ms of any other key, so that typing ahead decides nothing', () => {
    const screen = screenWith([hold('aaaaa')]);
    expect(type(screen, ['z', 'a']).intent).toBeUndefined();
    expect(type(screen, ['a', 'a', 'a']).intent).toBeUndefined();
  });

  it('is never done by Enter, y or space', () => {
    for (const key of [ENTER, 'y', ' ', 'Y', 'A'])
      expect(type(screenWith([hold('aaaaa')]), [key]).intent).toBeUndefined();
  });

  it('is never done by what comes in one burst or between the marks of a paste', () => {
    const screen = screenWith([hold('aaaaa')]);
    expect(type(screen, ['aa']).intent).toBeUndefined();
    expect(type(screen, ['a\r']).intent).toBeUndefined();
    const marked = alone(screen, { text: '[200~' }, 10_000, VIEW).screen;
    const pasted = alone(marked, { text: 'a' }, 12_000, VIEW);
    expect(pasted.intent).toBeUndefined();
    const after = alone(
      alone(pasted.screen, { text: '[201~' }, 12_001, VIEW).screen,
      { text: 'a' },
      14_000,
      VIEW,
    );
    expect(after.intent).toMatchObject({ verdict: 'approve' });
  });

  it('names the card that is selected, whatever came in meanwhile', () => {
    const two = screenWith([hold('aaaaa'), hold('bbbbb')]);
    const more = hear(two, { type: 'hold', session: 's1', hold: hold('ccccc') }, 9_999);
    expect(type(more, ['a']).intent?.entry.hold.id).toBe('aaaaa');
  });

  it('must be armed anew for the card that follows', () => {
    const first = type(screenWith([hold('aaaaa'), hold('bbbbb')]), ['a']);
    expect(selectedEntry(first.screen)?.hold.id).toBe('bbbbb');
    expect(alone(first.screen, { text: 'a' }, 10_900, VIEW).intent).toBeUndefined();
    expect(alone(first.screen, { text: 'a' }, 11_001, VIEW).intent?.entry.hold.id).toBe('bbbbb');
  });

  it('of a call that is over is impossible: it gives up the selection, and the next must be looked at anew', () => {
    const closed = { type: 'closed', session: 's1', hold: 'aaaaa', how: 'x', by: null } as const;
    const gone = hear(screenWith([hold('aaaaa')]), closed, 1);
    expect(selectedEntry(gone)).toBeUndefined();
    expect(type(gone, ['a']).intent).toBeUndefined();
    const next = hear(screenWith([hold('aaaaa'), hold('bbbbb')]), closed, 10_000);
    expect(selectedEntry(next)?.hold.id).toBe('bbbbb');
    expect(next.message?.text).toContain('aaaaa (write_file) no longer waits: x.');
    expect(alone(next, { text: 'a' }, 10_600, VIEW).intent).toBeUndefined();
    expect(alone(next, { text: 'a' }, 10_701, VIEW).intent?.entry.hold.id).toBe('bbbbb');
  });

  it('of what was not on the screen to its end takes a second press for a read or write, and more for the rest', () => {
    const view = { ...VIEW, unseen: 12 };
    for (const risk of ['read', 'write'] as const) {
      const first = alone(screenWith([hold('aaaaa', { risk })]), { text: 'a' }, 10_000, view);
      expect(first.intent).toBeUndefined();
      expect(first.screen.message?.text).toContain('12 of its 40 lines were not on the screen');
      expect(alone(first.screen, { text: 'a' }, 11_000, view).intent?.verdict).toBe('approve');
    }
    for (const risk of [null, 'execute', 'destructive', 'outbound', 'unknown'] as const) {
      let { screen } = { screen: screenWith([hold('aaaaa', { risk } as never)]) };
      for (const now of [10_000, 11_000, 12_000]) {
        const pressed = alone(screen, { text: 'a' }, now, view);
        expect(pressed.intent).toBeUndefined();
        screen = pressed.screen;
      }
      expect(alone(screen, { text: 'a' }, 13_000, VIEW).intent?.verdict).toBe('approve');
    }
  });

  it('forgets what was told of one call when another is selected', () => {
    const view = { ...VIEW, unseen: 1 };
    const screen = screenWith([hold('aaaaa', { risk: 'write' }), hold('bbbbb', { risk: 'write' })]);
    const told = alone(screen, { text: 'a' }, 10_000, view);
    const there = alone(told.screen, { text: 'j' }, 11_000, view);
    const back = alone(there.screen, { text: 'k' }, 12_000, view);
    expect(alone(back.screen, { text: 'a' }, 14_000, view).intent).toBeUndefined();
  });

  it('of a call that is to be typed needs its name letter by letter, then Tab', () => {
    const screen = screenWith([
      hold('aaaaa', {
        tool: 'drop',
        obligations: obligations({ timeoutMs: 1, confirm: 'type', expected: 'drop' }),
      }),
    ]);
    expect(type(screen, ['a', 'd', 'r', 'o', 'p', ENTER]).intent).toBeUndefined();
    expect(type(screen, ['a', 'drop', TAB]).intent).toBeUndefined();
    expect(type(screen, ['a', 'd', 'r', 'o', TAB]).intent).toBeUndefined();
    expect(type(screen, ['a', 'd', 'r', 'o', 'p', TAB]).intent).toMatchObject({
      verdict: 'approve',
      confirmation: 'drop',
    });
  });
});

describe('an a that another key follows at once', () => {
  it.each<[string, Key]>([
    ['a letter', { text: 'd' }],
    ['a space', { text: ' ' }],
    ['itself', { text: 'a' }],
    ['the rest of a sentence in one read', { text: 'dd a table' }],
    ['Enter', ENTER],
    ['Escape', { text: '\u001b', escape: true }],
    ['an arrow', DOWN],
    ['the begin of a paste', { text: '[200~' }],
  ])('approves nothing, and says so: %s', (_, key) => {
    const { screen } = press(screenWith([hold('aaaaa'), hold('bbbbb')]), { text: 'a' }, 10_000, VIEW);
    expect(screen.message?.text).toBe('Approving…');
    const next = press(screen, key, 10_250, VIEW);
    expect(next.intent).toBeUndefined();
    expect(next.screen).toMatchObject({ approving: undefined, mode: 'list', selected: 's1/aaaaa' });
    expect(next.screen.message?.text).toBe('That looked like typing; nothing was approved.');
    expect(settled(next.screen, 20_000).intent).toBeUndefined();
  });

  it('approves nothing also when the key was read late, for what came first counts first', () => {
    const { screen } = press(screenWith([hold('aaaaa')]), { text: 'a' }, 10_000, VIEW);
    expect(press(screen, { text: 'd' }, 12_000, VIEW).intent).toBeUndefined();
  });

  it('decides nothing when it is a whole sentence', () => {
    const { screen, intent } = type(screenWith([hold('aaaaa')]), [...'add a table']);
    expect(intent).toBeUndefined();
    expect(screen.entries).toHaveLength(1);
  });

  it('still leaves with Ctrl-C, and approves nothing', () => {
    const { screen } = press(screenWith([hold('aaaaa')]), { text: 'a' }, 10_000, VIEW);
    expect(press(screen, { text: 'c', ctrl: true }, 10_100, VIEW)).toMatchObject({ quit: true });
  });

  it('counts for the call and the content that were on the screen only', () => {
    const { screen } = press(screenWith([hold('aaaaa'), hold('bbbbb')]), { text: 'a' }, 10_000, VIEW);
    const closed = { type: 'closed', session: 's1', hold: 'aaaaa', how: 'cancelled', by: null } as const;
    const over = settled(hear(screen, closed, 10_100), 10_300);
    expect(over.intent).toBeUndefined();
    expect(over.screen.message?.text).toContain('no longer waits');
    const other = hold('aaaaa', { digest: 'f'.repeat(64) });
    const repeated = settled(hear(screen, { type: 'hold', session: 's1', hold: other }, 10_100), 10_300);
    expect(repeated.intent).toBeUndefined();
    expect(repeated.screen.message?.text).toContain('nothing was approved');
  });
});

describe('a passphrase for one answer', () => {
  it('leaves the call on the screen until it is known to be right', () => {
    const asks = { obligations: obligations({ timeoutMs: 1, confirm: 'passphrase', sign: true }) };
    const screen = {
      ...screenWith([hold('aaaaa', asks), hold('bbbbb', asks)]),
      signing: { state: 'locked' as const, name: 'ada' },
    };
    const pressed = type(screen, ['a', 'p', 'w', TAB]);
    expect(pressed).toMatchObject({ passphrase: 'pw', intent: { entry: { key: 's1/aaaaa' } } });
    expect(pressed.screen.selected).toBe('s1/aaaaa');
  });
});

describe('rejecting', () => {
  it('asks for a reason, which may be empty, and Enter sends it', () => {
    const screen = screenWith([hold('aaaaa')]);
    expect(type(screen, ['x']).screen.mode).toBe('reason');
    expect(type(screen, ['x', 'n', 'o', ENTER]).intent).toMatchObject({ verdict: 'reject', reason: 'no' });
    expect(type(screen, ['x', ENTER]).intent).not.toHaveProperty('reason');
  });

  it('is possible at once: it needs no arming', () => {
    expect(type(screenWith([hold('aaaaa')], 9_999), ['x', ENTER]).intent).toMatchObject({
      verdict: 'reject',
    });
  });

  it('sends nothing after Escape', () => {
    expect(
      type(screenWith([hold('aaaaa')]), ['x', 'n', { text: '', escape: true }, ENTER]).intent,
    ).toBeUndefined();
  });
});

describe('the selection', () => {
  it('takes the first card that comes and moves by itself only when that call is over', () => {
    const screen = screenWith([hold('aaaaa'), hold('bbbbb')]);
    expect(screen.selected).toBe('s1/aaaaa');
    const closed = (id: string) => ({ type: 'closed', session: 's1', hold: id, how: 'x', by: null }) as const;
    expect(hear(screen, closed('bbbbb'), 1).selected).toBe('s1/aaaaa');
    expect(hear(screen, { type: 'hold', session: 's1', hold: hold('ccccc') }, 1).selected).toBe('s1/aaaaa');
    expect(hear(screen, closed('aaaaa'), 1).selected).toBe('s1/bbbbb');
    expect(hear(screen, { type: 'detached', session: 's1', why: undefined }, 2).selected).toBeUndefined();
  });

  it('moves with the arrows and with j, k, n and p, held down too', () => {
    const screen = screenWith([hold('aaaaa'), hold('bbbbb'), hold('ccccc')]);
    expect(type(screen, [DOWN]).screen.selected).toBe('s1/bbbbb');
    expect(type(screen, ['jj']).screen.selected).toBe('s1/ccccc');
    expect(type(screen, ['j', 'j', 'j', 'k']).screen.selected).toBe('s1/bbbbb');
    expect(type(screen, ['n', 'p']).screen.selected).toBe('s1/aaaaa');
  });

  it('of a repeated call with the same content stays armed; of another content it does not', () => {
    const screen = screenWith([hold('aaaaa')]);
    const again = hear(
      screen,
      { type: 'hold', session: 's1', hold: hold('aaaaa', { digest: 'f'.repeat(64) }) },
      9_900,
    );
    expect(type(again, ['a']).intent?.entry.hold.digest).toBe('f'.repeat(64));
    const other = hear(
      screen,
      { type: 'hold', session: 's1', hold: hold('aaaaa', { callDigest: 'f'.repeat(64) }) },
      9_900,
    );
    expect(type(other, ['a']).intent).toBeUndefined();
  });
});

describe('the rest', () => {
  it('opens and closes the details with Enter, scrolls there, and stops at the end', () => {
    const open = type(screenWith([hold('aaaaa')]), [ENTER]).screen;
    expect(open.mode).toBe('detail');
    expect(type(open, [DOWN, ' ', ' ', ' ', ' ']).screen.scroll).toBe(30);
    expect(type(open, [ENTER]).screen.mode).toBe('list');
  });

  it('leaves with q and Ctrl-C, but not while something is typed', () => {
    const screen = screenWith([hold('aaaaa')]);
    expect(type(screen, ['q']).quit).toBe(true);
    expect(type(screen, [{ text: 'c', ctrl: true }]).quit).toBe(true);
    expect(type(screen, ['x', 'q']).quit).toBeUndefined();
  });

  it('searches by id, server and tool', () => {
    const screen = screenWith([hold('aaaaa', { tool: 'x' }), hold('bbbbb', { tool: 'merge' })]);
    const found = type(screen, ['/', 'm', 'e', 'r', ENTER]).screen;
    expect(found.filter).toBe('mer');
    expect(type(found, ['j']).screen.selected).toBe('s1/bbbbb');
  });
});

describe('what is typed for a question that is gone', () => {
  const signing = hold('aaaaa', {
    obligations: obligations({ timeoutMs: 1, confirm: 'passphrase', sign: true }),
  });
  const closed = { type: 'closed', session: 's1', hold: 'aaaaa', how: 'cancelled', by: null } as const;
  const letters = [...'xcorrect horse x'];

  it.each([
    [
      'the call ended while its passphrase was typed',
      () => {
        const screen = {
          ...screenWith([signing, hold('bbbbb')]),
          signing: { state: 'locked' as const, name: 'ada' },
        };
        return hear(type(screen, ['a', 'c', 'o']).screen, closed, 12_000);
      },
    ],
    ['there is no key to unlock', () => type(screenWith([hold('bbbbb')]), ['u']).screen],
  ])('becomes neither a command nor a reason: %s', (_, screen) => {
    const after = type(screen(), letters, 20_000);
    expect(after.intent).toBeUndefined();
    expect(after.screen).toMatchObject({ mode: 'ignoring', typed: '' });
    const done = alone(after.screen, ENTER, 30_000, VIEW);
    expect(done).toMatchObject({ screen: { mode: 'list' } });
    expect(done.intent).toBeUndefined();
  });
});

describe('a key of another keyboard', () => {
  it.each(['ф', 'ａ', 'A', 'あ'])('%s says why nothing happens', (key) => {
    const { screen, intent } = type(screenWith([hold('aaaaa')]), [key]);
    expect(intent).toBeUndefined();
    expect(screen.message?.text).toContain('small Latin letters');
  });
});

describe('a call that is repeated with another content while something is typed about it', () => {
  it('is not answered by what was typed: that is ignored until Enter or Esc', () => {
    const asks = { tool: 'drop', obligations: obligations({ confirm: 'type', expected: 'orders' }) };
    const typing = type(screenWith([hold('aaaaa', asks)]), ['a', 'o', 'r', 'd', 'e', 'r', 's']).screen;
    expect(typing.mode).toBe('typing');
    const other = hold('aaaaa', { ...asks, callDigest: 'other', argumentsText: '{"all":true}' });
    const changed = hear(typing, { type: 'hold', session: 's1', hold: other }, 11_000);
    expect(changed).toMatchObject({ mode: 'ignoring', typed: '' });
    expect(press(changed, TAB, 12_000, VIEW).intent).toBeUndefined();
  });
});
