import { describe, expect, it } from 'vitest';
import { hear } from '../../../src/watch/state/news.ts';
import { due, held as heldBack, mayTakeBack, unsent } from '../../../src/watch/state/outgoing.ts';
import { type Intent, type Screen, selectedEntry } from '../../../src/watch/state/screen.ts';
import { closed, ESCAPE, held, hold, pressing, screenWith } from '../../support/desk.ts';
import { obligations } from '../../support/obligations.ts';

const WALL = Date.parse('2026-11-27T12:00:00.000Z');
const risky = (more: object = {}) =>
  hold('aaaaa', { risk: 'outbound', obligations: obligations({ level: 'high' }), ...more });

function answered(more: object = {}): { screen: Screen; intent: Intent } {
  const { screen, intent } = pressing(screenWith([risky(more), hold('bbbbb')]), ['a']);
  if (intent === undefined) throw new Error('nothing was approved');
  return { screen: heldBack(screen, { intent }, 20_000), intent };
}

describe('an answer to a call that does more than read and write', () => {
  it('waits two seconds, and is sent once', () => {
    const { screen } = answered();
    expect(due(screen, 21_999).send).toEqual([]);
    const sent = due(screen, 22_000);
    expect(sent.send.map(({ intent }) => intent.entry.hold.id)).toEqual(['aaaaa']);
    expect(due(sent.screen, 30_000).send).toEqual([]);
  });

  it('is taken back by z: nothing is sent, and its call is on the screen again', () => {
    const { screen } = answered();
    expect(selectedEntry(screen)?.hold.id).toBe('bbbbb');
    const back = pressing(screen, ['z'], { from: 21_000 }).screen;
    expect(due(back, 30_000).send).toEqual([]);
    expect(selectedEntry(back)?.hold.id).toBe('aaaaa');
    expect(back.message?.text).toContain('Taken back: aaaaa');
  });

  it('cannot be given twice while it waits', () => {
    const { screen } = answered();
    const again = pressing(screen, ['k', 'a'], { from: 20_600, apart: 900 });
    expect(again.intent).toBeUndefined();
    expect(again.screen.message?.text).toContain('z takes it back');
  });

  it('does not run while its rejection is typed, nor if that is given up', () => {
    const { screen } = answered();
    const rejecting = pressing(screen, ['k', 'x'], { from: 20_600, apart: 900 }).screen;
    expect(rejecting.mode).toBe('reason');
    expect(due(rejecting, 30_000).send).toEqual([]);
    expect(rejecting.message?.text).toContain('taken back');
    expect(due(pressing(rejecting, [ESCAPE]).screen, 30_000).send).toEqual([]);
  });

  it('is not sent when its call ended or was repeated meanwhile, and that is said', () => {
    const ended = hear(answered().screen, closed('aaaaa', 'cancelled', null), 21_000);
    expect(due(ended, 30_000).send).toEqual([]);
    expect(ended.message?.text).toContain('Your answer was not sent');
    const repeated = hear(answered().screen, held(risky({ digest: 'other' })), 21_000);
    const later = due(repeated, 30_000);
    expect(later.send).toEqual([]);
    expect(later.screen.message?.text).toContain('your answer was not sent');
  });

  it('is told when the person leaves before it is sent', () => {
    expect(unsent(answered().screen.outgoing)).toContain('aaaaa (write_file)');
    expect(unsent([])).toBeUndefined();
  });

  it('is sent at once where the client is answered in less than 5 s, and for reads and writes', () => {
    const soon = new Date(WALL + 4_999).toISOString();
    const later = new Date(WALL + 5_000).toISOString();
    expect(mayTakeBack(answered({ answerBy: later }).intent, WALL)).toBe(true);
    expect(mayTakeBack(answered({ answerBy: soon }).intent, WALL)).toBe(false);
    expect(mayTakeBack(answered({ expiresAt: soon }).intent, WALL)).toBe(false);
    expect(mayTakeBack(answered({ obligations: obligations({ level: 'low' }) }).intent, WALL)).toBe(false);
  });
});
