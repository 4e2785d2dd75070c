import { describe, expect, it } from 'vitest';
import { listRows, selectedGroup } from '../../../src/watch/state/list-rows.ts';
import { hear } from '../../../src/watch/state/news.ts';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { closed, DOWN, ESCAPE, held, hold, LEFT, pressing, RIGHT, screenWith } from '../../support/desk.ts';

const shown = (screen: Screen): string[] =>
  listRows(screen).rows.map((row) =>
    row.kind === 'group' ? `${row.folded ? '+' : '-'}${row.members.length}` : row.entry.hold.id,
  );
const args = (value: unknown): { argumentsText: string } => ({ argumentsText: JSON.stringify(value) });
/** A call of another kind, then three that are alike. */
const MIXED = [
  hold('first', { tool: 'other' }),
  ...['aaaaa', 'bbbbb', 'ccccc'].map((id) => hold(id, args({ path: id }))),
];

describe('calls that are alike', () => {
  it('are one row from three on, at the place of the first', () => {
    expect(shown(screenWith(MIXED))).toEqual(['first', '+3']);
    expect(shown(screenWith(MIXED.slice(0, 3)))).toEqual(['first', 'aaaaa', 'bbbbb']);
  });

  it('have the same server, tool, class, caller and names of arguments', () => {
    const like = (more: object) => hold('zzzzz', { ...args({ path: 'z' }), ...more });
    expect(shown(screenWith([...MIXED, like({})]))).toEqual(['first', '+4']);
    for (const other of [
      { server: 'x' },
      { tool: 'x' },
      { risk: 'read' as const },
      { client: 'x' },
      { caller: 'claude-code' },
      args({ path: 'z', force: true }),
    ])
      expect(shown(screenWith([...MIXED, like(other)]))).toEqual(['first', '+3', 'zzzzz']);
  });

  it('are listed one by one by → and folded again by ←, also from a call of them', () => {
    const group = pressing(screenWith(MIXED), [DOWN, RIGHT]).screen;
    expect(shown(group)).toEqual(['first', '-3', 'aaaaa', 'bbbbb', 'ccccc']);
    const folded = pressing(group, [DOWN, LEFT]).screen;
    expect(shown(folded)).toEqual(['first', '+3']);
    expect(selectedGroup(folded)).toHaveLength(3);
  });

  it('are listed one by one where the selected call is among them, so that it stays selected', () => {
    const screen = screenWith(MIXED.slice(1, 3));
    const more = hear(screen, held(hold('ccccc', args({ path: 'c' }))), 1);
    expect(more.selected).toBe('s1/aaaaa');
    expect(shown(more)).toEqual(['-3', 'aaaaa', 'bbbbb', 'ccccc']);
  });

  it('are no group any more once fewer are left, and the selection goes to a call', () => {
    const group = pressing(screenWith(MIXED), [DOWN]).screen;
    const left = hear(group, closed('bbbbb'), 20_000);
    expect(shown(left)).toEqual(['first', 'aaaaa', 'ccccc']);
    expect(left.selected).toBe('s1/aaaaa');
  });
});

describe('a filter', () => {
  const calls = [
    hold('aaaaa', { tool: 'query', ...args({ sql: 'DROP TABLE Users' }) }),
    hold('bbbbb', { tool: 'write', ...args({ path: '/tmp/x' }) }),
  ];

  it('searches ids, tools, classes and arguments, in any case, letter by letter', () => {
    for (const text of ['drop table u', 'QUERY', 'aaaa'])
      expect(shown(pressing(screenWith(calls), ['/', ...text]).screen)).toEqual(['aaaaa']);
    expect(shown(pressing(screenWith(calls), ['/', ...'write']).screen)).toEqual(['aaaaa', 'bbbbb']);
  });

  it('says how many of all it shows, and hides what was selected from the keys too', () => {
    const screen = pressing(screenWith(calls), ['/', ...'zzz']).screen;
    expect(listRows(screen).shown).toBe(0);
    expect(screen.selected).toBeUndefined();
    expect(pressing(screen, [{ text: '\r', return: true }, 'a'], { from: 30_000 }).intent).toBeUndefined();
  });

  it('begins empty each time, and Escape shows all again', () => {
    const once = pressing(screenWith(calls), ['/', ...'drop', { text: '\r', return: true }]).screen;
    expect(pressing(once, ['/', 'x'], { from: 30_000 }).screen.filter).toBe('x');
    expect(shown(pressing(once, [ESCAPE], { from: 30_000 }).screen)).toEqual(['aaaaa', 'bbbbb']);
  });

  it('lets no new call onto the screen that it does not match', () => {
    const screen = pressing(screenWith(calls), ['/', ...'drop']).screen;
    const more = hear(screen, held(hold('ccccc', args({ path: 'y' }))), 30_000);
    expect(shown(more)).toEqual(['aaaaa']);
    expect(more.selected).toBe('s1/aaaaa');
  });
});
