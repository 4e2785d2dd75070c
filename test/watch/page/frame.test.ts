import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells } from '../../../src/text/cells.ts';
import { look } from '../../../src/watch/state/looked.ts';
import { hear } from '../../../src/watch/state/news.ts';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { closed, DOWN, drawn, ENTER, hold, pressing, screenWith } from '../../support/desk.ts';
import { obligations } from '../../support/obligations.ts';

const SIZES = [
  [40, 10],
  [40, 60],
  [60, 16],
  [80, 24],
  [120, 40],
  [149, 30],
  [150, 30],
  [200, 60],
  [250, 80],
] as const;
const args = (value: unknown) => ({ argumentsText: JSON.stringify(value) });
const LONG = args({
  path: '/srv/x',
  content: Array.from({ length: 300 }, (_, at) => `line ${at}`).join('\n'),
});
const MANY = Array.from({ length: 30 }, (_, at) =>
  hold(`h${at}`, { tool: `tool_${at}`, ...args({ id: at }) }),
);

describe('a screen of any size', () => {
  const modes = [
    'list',
    'detail',
    'help',
    'history',
    'tools',
    'typing',
    'reason',
    'search',
    'passphrase',
  ] as const;

  it.each(SIZES)(
    '%ix%i holds as many lines as there are rows but one, none wider than the terminal',
    (columns, rows) => {
      const screens = [
        screenWith([]),
        screenWith([hold('aaaaa', LONG)]),
        screenWith(MANY),
        hear(screenWith(MANY), closed('h3'), 1),
      ];
      for (const screen of screens)
        for (const mode of modes) {
          const { texts } = drawn({ ...screen, mode, typed: 'x'.repeat(300) }, { columns, rows });
          expect(texts).toHaveLength(rows - 1);
          for (const text of texts) expect(cells(text), text).toBeLessThanOrEqual(columns);
        }
    },
  );

  it('is never wider, whatever a call is called and holds', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.json(),
        fc.constantFrom(...SIZES),
        (tool, reason, argumentsText, [columns, rows]) => {
          const one = hold('aaaaa', { tool, server: reason, reason, client: tool, argumentsText });
          for (const mode of ['list', 'detail'] as const)
            for (const line of drawn({ ...screenWith([one]), mode }, { columns, rows }).texts)
              expect(cells(line), line).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 80 },
    );
  });

  it.each(SIZES)('%ix%i shows every row of a long call by paging through it', (columns, rows) => {
    let screen: Screen = pressing(screenWith([hold('aaaaa', LONG)]), [ENTER]).screen;
    for (let page = 0; page < 200; page += 1) {
      const { looked, view } = drawn(screen, { columns, rows });
      if (looked !== undefined) screen = look(screen, looked.card, looked.from, looked.to);
      if (view.unseen === 0) break;
      screen = pressing(screen, [' '], { view }).screen;
    }
    expect(drawn(screen, { columns, rows }).view.unseen).toBe(0);
  });
});

describe('the list', () => {
  const risky = hold('aaaaa', {
    tool: 'run_command',
    risk: 'execute',
    unsure: true,
    answerBy: '2026-11-24T00:01:03.000Z',
    obligations: obligations({ level: 'high' }),
    ...args({ command: 'rm -rf build && make', cwd: '/srv' }),
  });

  it('says risk, tool, what is about to happen, and when its client is answered', () => {
    const [, row] = drawn(screenWith([risky])).texts;
    expect(row).toMatch(/▸ ▲ execute\? +fs\/run_command +rm -rf build && make · \/srv +0:43$/);
  });

  it('says who asks and the id where there is room, and keeps the story where there is none', () => {
    const at = (columns: number) => drawn(screenWith([risky]), { columns, rows: 40 }).texts[1];
    expect(at(120)).toMatch(/rm -rf build && make · \/srv +claude-code\? +aaaaa +0:43 to answer/);
    expect(at(40)).toMatch(/^▸ ▲ run_command rm -rf build &&… +0:43$/);
  });

  it('says when a hold ends that no client waits for', () => {
    const detached = hold('aaaaa', { state: 'detached', expiresAt: '2026-11-24T00:30:00.000Z' });
    expect(drawn(screenWith([detached]), { columns: 120, rows: 40 }).texts[1]).toContain('29 min to repeat');
  });

  it('masks secrets as the card does', () => {
    const secret = hold(
      'aaaaa',
      args({ command: 'curl -H "Authorization: Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789"' }),
    );
    const text = drawn(screenWith([secret])).texts.join('\n');
    expect(text).not.toContain('abcdefghijklmnopqrstuvwxyz');
  });

  it('says which calls of a group stand apart', () => {
    const paths = ['src/a.ts', 'src/b.ts', '../../etc/passwd', 'src/c.ts', 'src/d.ts'];
    const calls = paths.map((path, at) => hold(`h${at}`, args({ path })));
    const screen = pressing(screenWith([hold('first', { tool: 'other' }), ...calls]), [DOWN]).screen;
    const { texts } = drawn(screen);
    expect(texts[2]).toMatch(/5 alike 1 apart .*etc/);
    expect(texts.join('\n')).toMatch(
      /apart from the others:\n +h2 +"path": "\.\.\/\.\.\/etc\/passwd"\nthe others:/,
    );
  });
});

describe('a card', () => {
  const text = (more: object, drawing = {}): string =>
    drawn(screenWith([hold('aaaaa', more)]), { rows: 40, columns: 100, ...drawing }).texts.join('\n');

  it('says what a call would do before why it is asked, then its text, then who asks and both clocks', () => {
    const card = text({ answerBy: '2026-11-24T00:01:03.000Z', expiresAt: '2026-11-24T00:30:00.000Z' });
    expect(card).toMatch(
      /write {2}write_file on fs[\s\S]*does {3}Changes data[\s\S]*why {4}r \(default\)[\s\S]*arguments[\s\S]*asks {3}claude-code \(claimed\)[\s\S]*clock {2}waits 0:20; its client is answered in 0:43, the hold ends in 29 min/,
    );
  });

  it('is looked at anew where the file beside it was read again, though it is as long as before', () => {
    const screen = screenWith([hold('aaaaa', LONG)]);
    const read = (text: string) => drawn(screen, { file: { text } }).looked?.card.as;
    const file = { text: 'one' };
    const once = drawn(screen, { file }).looked?.card.as;
    expect(drawn(screen, { file }).looked?.card.as).toBe(once);
    expect(read('two')).not.toBe(once);
  });

  it('quotes a name that could speak in our words', () => {
    expect(text({ tool: 'read_file on github', server: 's' })).toContain('"read_file on github" on s');
    expect(text({ tool: 'read_file', server: 'a b' })).toContain('read_file on "a b"');
  });

  it('says that a class is a guess, and that the call’s own text says more than its class', () => {
    expect(text({ risk: 'read', unsure: true })).toContain('A guess, by its name and parameters: reads');
    const drop = text({ risk: 'read', unsure: true, ...args({ sql: 'SELECT 1; DROP TABLE x' }) });
    expect(drop).toContain('its own text says more');
    expect(drop).not.toContain('changes nothing');
  });

  it('says of a tool that its server does not list it', () => {
    expect(text({ listing: 'absent', risk: null })).toContain('Its server does not list this tool');
  });

  it('says what differs from the call that was approved last, and how often that was', () => {
    const before = {
      approved: 3,
      at: '2026-11-24T00:00:00.000Z',
      by: 'ada',
      argumentsText: '{"path":"src/a.ts","mode":1}',
    };
    const card = text({ before, ...args({ path: 'src/b.ts', mode: 1 }) });
    expect(card).toContain('differs path: "src/a.ts" → "src/b.ts"');
    expect(card).toContain('approved 3 times in this session, last just now by ada');
    expect(text({ before, ...args({ path: 'src/a.ts', mode: 1 }) })).toContain('nothing: it is the call');
  });

  it('says what differs from what an earlier session approved, where this one approved nothing yet', () => {
    const earlier = {
      approved: 1,
      at: '2026-11-20T00:00:00.000Z',
      by: 'ada',
      argumentsText: '{"path":"src/a.ts"}',
    };
    const card = text(args({ path: 'src/b.ts' }), { earlier });
    expect(card).toContain('differs path: "src/a.ts" → "src/b.ts"');
    expect(card).toContain('approved in an earlier session, last 4 days ago by ada');
    expect(text({})).toContain('not approved before, as far as is known here');
  });

  it('says what an approval takes', () => {
    const demands = obligations({ confirm: 'both', expected: 'orders', level: 'critical', sign: true });
    expect(text({ obligations: demands })).toContain('needs  a signature · "orders" typed · your passphrase');
  });

  it('hides nothing behind the end of a screen: what is not shown is counted', () => {
    const { view } = drawn(screenWith([hold('aaaaa', LONG)]));
    expect(view.unseen).toBe(view.rows);
    expect(text(LONG, { rows: 24 })).toMatch(/lines 1–\d+ of 302, space for more/);
  });
});

describe('the first question', () => {
  it('lists every tool that is accepted, by class, on a page of its own', () => {
    const offers = (['read', 'write', 'production'] as const).map((risk, at) => ({
      name: `tool_${at}`,
      risk,
      unsure: at === 1,
    }));
    const screen = pressing(screenWith([hold('aaaaa', { offers })]), ['t']).screen;
    const page = drawn(screen).texts.join('\n');
    expect(page).toMatch(
      /production \(1\)\n +tool_2[\s\S]*write \(1\)\n +tool_1\?[\s\S]*read \(1\)\n +tool_0/,
    );
  });
});

describe('who asks', () => {
  it('cannot speak in words of ours by its name', () => {
    const client = 'x (claimed) · approved 12 times in this session, last 1 min ago by ada';
    const { texts } = drawn(screenWith([hold('aaaaa', { client })]), { columns: 200, rows: 40 });
    expect(texts.join('\n')).toMatch(/asks +"x \(claimed\) · approved[^"]*…" \(claimed\) · not approved/);
  });

  it('is drawn whatever the length of its name', () => {
    const client = '\u{1f468}\u200d'.repeat(200_000);
    const { texts } = drawn(screenWith([hold('aaaaa', { client })]));
    expect(texts.join('\n')).toContain('(claimed)');
  });
});

describe('the tools that a first question accepts', () => {
  it.each(SIZES)('%ix%i can all be read, by scrolling', (columns, rows) => {
    const offers = Array.from({ length: 60 }, (_, at) => ({
      name: `a_tool_with_a_long_name_${at}_`,
      risk: 'read' as const,
      unsure: false,
    }));
    let screen = pressing(screenWith([hold('aaaaa', { offers })]), ['t']).screen;
    const read = new Set<string>();
    for (let at = 0; at < 60; at += 1) {
      const { texts, view } = drawn(screen, { columns, rows });
      for (const name of texts.join(' ').match(/a_tool_with_a_long_name_\d+_/g) ?? []) read.add(name);
      screen = pressing(screen, [{ text: ' ' }], { view }).screen;
      expect(screen.mode).toBe('tools');
    }
    expect(read.size).toBe(60);
    expect(pressing(screen, ['t']).screen.mode).toBe('list');
  });
});

describe('what was decided', () => {
  it('is listed with how, by whom and what, the newest first', () => {
    const two = screenWith([
      hold('aaaaa', args({ path: 'a' })),
      hold('bbbbb', { tool: 'other', ...args({ path: 'b' }) }),
    ]);
    const over = hear(hear(two, closed('aaaaa'), 1), closed('bbbbb', 'rejected', 'bob'), 2);
    const page = drawn(pressing(over, ['h']).screen, { columns: 120, rows: 40 }).texts;
    expect(page[1]).toMatch(/rejected by bob .*fs\/other +b +bbbbb bbbbb000/);
    expect(page[2]).toMatch(/approved by ada .*fs\/write_file +a +aaaaa aaaaa000/);
  });

  it('says how many warnings there is no room for', () => {
    const command = 'sudo rm -rf a; curl x | sh; git push --force; nc a 1; chmod 777 a; at -f b';
    const screen = screenWith([hold('aaaaa', { risk: 'execute', ...args({ command }) })]);
    expect(drawn(screen, { rows: 20 }).texts.join('\n')).toMatch(/ and \d warnings more: enter shows more\n/);
  });

  it('never says of what changes data by its own text that it changes nothing', () => {
    const sql = "UPDATE users SET role = 'admin' WHERE id = 88";
    const screen = screenWith([hold('aaaaa', { risk: 'read', ...args({ sql }) })]);
    expect(drawn(screen).texts.join('\n')).toContain(
      'does   By its name it would read; its own text changes data.',
    );
  });

  it('of a list has an amount with its currency', () => {
    const refund = hold('aaaaa', args({ amount: { currency_code: 'KWD', value: '120.00' } }));
    expect(drawn(screenWith([refund])).texts[1]).toContain('120.00 KWD');
  });
});
