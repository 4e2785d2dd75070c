import { describe, expect, it } from 'vitest';
import { NOTHING_READ, type Recorded, turn } from '../../../src/watch/state/record.ts';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { DOWN, drawn, ENTER, ESCAPE, pressing, screenWith } from '../../support/desk.ts';

const call = (name: string, more: Partial<Recorded> = {}): Recorded => ({
  name,
  time: '2026-11-27T10:00:00.000Z',
  fate: 'approved by ada, ran',
  look: 'good',
  tool: 'files/edit_file',
  story: 'writes {"path":"/w"}',
  ...more,
});

const ESC = '\u001b[31m\u202e';
const open = (calls: readonly Recorded[] | undefined): Screen => ({
  ...screenWith([]),
  mode: 'record',
  record: { ...NOTHING_READ, calls },
});
const three = open([call('s/3'), call('s/2', { fate: 'rejected by bob', look: 'bad' }), call('s/1')]);

describe('the page of the record', () => {
  it('says that it is being read, that there is nothing, or what there is', () => {
    expect(drawn(open(undefined)).texts.join('\n')).toContain('Reading the record');
    expect(drawn(open([])).texts.join('\n')).toContain('Nothing was recorded yet.');
    expect(drawn(three).texts.join('\n')).toMatch(/▸ .*approved by ada[\s\S]*rejected by bob/);
  });

  it('asks for the selected call, and for the numbers of the day', () => {
    const second = turn(three, DOWN, 5).screen;
    expect(turn(second, ENTER, 5).wanted).toEqual({ want: 'show', name: 's/2' });
    expect(turn(three, { text: 'd' }, 5).wanted).toEqual({ want: 'numbers' });
    expect(turn(open([]), ENTER, 5).wanted).toBeUndefined();
  });

  it('is filtered by what is typed, and letters that are typed there are no commands', () => {
    const { screen } = pressing(three, ['/', 'b', 'o', 'b', 'd', { text: '', backspace: true }, ENTER]);
    expect(screen.record).toMatchObject({ filter: 'bob', typing: false });
    expect(drawn(screen).texts.join('\n')).toMatch(/1 of 3 {0,2}\/bob/);
    expect(turn(screen, ENTER, 5).wanted).toEqual({ want: 'show', name: 's/2' });
    expect(pressing(screen, [ESCAPE]).screen.record.filter).toBe('');
    expect(pressing(screen, [ESCAPE, ESCAPE]).screen.mode).toBe('list');
  });

  it('stays in its bounds, and shows nothing foreign raw', () => {
    const far = turn(three, { text: '', end: true }, 5).screen;
    expect(far.record.selected).toBe(2);
    expect(turn(far, DOWN, 5).screen.record.selected).toBe(2);
    const foreign = open([call(ESC, { tool: ESC, fate: ESC, story: ESC })]);
    const text = { title: ESC, lines: [ESC] };
    for (const screen of [foreign, { ...foreign, record: { ...foreign.record, text } }])
      expect(drawn(screen).texts.join('\n')).not.toMatch(/[\u001b\u202e]/);
  });

  it('approves nothing, whatever is pressed there', () => {
    const waiting = { ...three, entries: screenWith([]).entries };
    for (const key of ['a', 'x', 'g', 'u', '!']) expect(pressing(waiting, [key]).intent).toBeUndefined();
  });
});
