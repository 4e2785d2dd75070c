import { describe, expect, it } from 'vitest';
import { press } from '../../../src/watch/state/keys.ts';
import { NOTHING_READ, type Recorded, reread, turn } from '../../../src/watch/state/record.ts';
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

const SIZE = { page: 5, limit: 0 };
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
    const second = turn(three, DOWN, SIZE).screen;
    expect(turn(second, ENTER, SIZE).wanted).toEqual({ want: 'show', name: 's/2' });
    expect(turn(three, { text: 'd' }, SIZE).wanted).toEqual({ want: 'numbers' });
    expect(turn(open([]), ENTER, SIZE).wanted).toBeUndefined();
  });

  it('is filtered by what is typed, and letters that are typed there are no commands', () => {
    const { screen } = pressing(three, ['/', 'b', 'o', 'b', 'd', { text: '', backspace: true }, ENTER]);
    expect(screen.record).toMatchObject({ filter: 'bob', typing: false });
    expect(drawn(screen).texts.join('\n')).toMatch(/1 of 3 {0,2}\/bob/);
    expect(turn(screen, ENTER, SIZE).wanted).toEqual({ want: 'show', name: 's/2' });
    expect(pressing(screen, [ESCAPE]).screen.record.filter).toBe('');
    expect(pressing(screen, [ESCAPE, ESCAPE]).screen.mode).toBe('list');
  });

  it('stays in its bounds, and shows nothing foreign raw', () => {
    const far = turn(three, { text: '', end: true }, SIZE).screen;
    expect(far.record.selected).toBe(2);
    expect(turn(far, DOWN, SIZE).screen.record.selected).toBe(2);
    const foreign = open([call(ESC, { tool: ESC, fate: ESC, story: ESC })]);
    const text = { title: ESC, lines: [ESC] };
    for (const screen of [foreign, { ...foreign, record: { ...foreign.record, text } }])
      expect(drawn(screen).texts.join('\n')).not.toMatch(/[\u001b\u202e]/);
  });

  it('shows all of a line, over as many rows as it takes, none of which looks like a line of its own', () => {
    const spoof = 'Authorised by   ada';
    const value = `${'x'.repeat(63)}${spoof}${'漢'.repeat(60)} the end`;
    const text = { title: 's/3', lines: [`Arguments       ${value}`, 'Policy          p'] };
    const shown = drawn({ ...three, record: { ...three.record, text } }, { columns: 80, rows: 24 }).texts;
    expect(shown.join('').replace(/\s+/g, '')).toContain(value.replace(/\s+/g, ''));
    expect(shown.filter((row) => row.startsWith(` ${spoof}`))).toEqual([]);
    expect(shown.some((row) => row.startsWith(' Policy'))).toBe(true);
  });

  it('is scrolled to the last row of a text and no further', () => {
    const text = { title: 's/3', lines: ['y'.repeat(2_000), 'the end'] };
    const shown = { ...three, record: { ...three.record, text } };
    const { view, texts } = drawn(shown, { columns: 40, rows: 10 });
    expect(texts.join('')).not.toContain('the end');
    const last = turn(shown, { text: '', end: true }, view).screen;
    expect(drawn(last, { columns: 40, rows: 10 }).texts.join('')).toContain('the end');
    expect(turn(last, DOWN, view).screen.scroll).toBe(last.scroll);
    const wheeled = press(last, { text: '[<64;1;1M' }, 0, view).screen;
    expect(wheeled.scroll).toBe(last.scroll - 3);
  });

  it('keeps the selected call when others come above it', () => {
    const { record } = turn(three, DOWN, SIZE).screen;
    const calls = [call('s/5'), call('s/4'), ...(record.calls ?? [])];
    expect(reread(record, calls, []).selected).toBe(3);
    expect(reread(record, [call('s/9')], []).selected).toBe(0);
  });

  it('says that not all of the log can be read', () => {
    const faults = ['holdpoint: line 7 is damaged'];
    const damaged = { ...three, record: reread(three.record, three.record.calls ?? [], faults) };
    expect(drawn(damaged).texts.join('')).toContain('Not all of it can be read');
    expect(drawn(three).texts.join('')).not.toContain('Not all of it');
  });

  it('approves nothing, whatever is pressed there', () => {
    const waiting = { ...three, entries: screenWith([]).entries };
    for (const key of ['a', 'x', 'g', 'u', '!']) expect(pressing(waiting, [key]).intent).toBeUndefined();
  });
});
