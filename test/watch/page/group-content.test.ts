import { describe, expect, it } from 'vitest';
import type { Screen } from '../../../src/watch/state/screen.ts';
import { DOWN, drawn, hold, pressing, screenWith } from '../../support/desk.ts';

const SPACE = { text: ' ' };
const args = (value: unknown) => ({ argumentsText: JSON.stringify(value) });
const first = hold('first', { tool: 'other' });
const grouped = (holds: readonly ReturnType<typeof hold>[]): Screen =>
  pressing(screenWith([first, ...holds]), [DOWN]).screen;
/** The card alone: a list's row says some of it too. */
const whole = (holds: readonly ReturnType<typeof hold>[]) =>
  drawn({ ...grouped(holds), mode: 'detail' }, { columns: 120, rows: 40 });
const IDS = ['aaaaa', 'bbbbb', 'ccccc'];

describe('the card of a group', () => {
  it('shows the answers and the task of a call whose like have none', () => {
    const plain = IDS.slice(0, 2).map((id) => hold(id, args({ path: 'a' })));
    const input = { answers: '{"really":"delete it"}', questions: null, continues: null };
    const more = [
      hold('dddd1', { ...args({ path: 'a' }), input }),
      hold('dddd2', { ...args({ path: 'a' }), task: '{"ttl":86399}' }),
    ];
    const { texts } = whole([...plain, ...more]);
    expect(texts.join('\n')).toContain('delete it');
    expect(texts.join('\n')).toContain('86399');
  });

  it('shows an argument that is called as a task would be', () => {
    const holds = IDS.map((id) => hold(id, { ...args({ '(task)': 'payload' }), task: '{"ttl":86399}' }));
    const { texts } = whole(holds);
    expect(texts.join('\n')).toContain('payload');
    expect(texts.join('\n')).toContain('86399');
  });

  it('does not call arguments the same of which one is a list', () => {
    const holds = [hold('aaaaa', args({})), hold('bbbbb', args({})), hold('ccccc', args(['payload']))];
    const { texts } = whole(holds);
    expect(texts.join('\n')).toContain('payload');
  });

  it('says first what is gravest in any of them', () => {
    const paths = ['/etc/a', '/etc/b', '/etc/c', '/etc/d', '/etc/e', '/home/me/.ssh/authorized_keys'];
    const holds = paths.map((path, at) => hold(`h${at}`, args({ path })));
    const { texts } = whole(holds);
    expect(texts.find((text) => text.trimStart().startsWith('!'))).toContain('a place of keys');
  });

  it.each([
    [40, 10, 'detail'],
    [60, 16, 'list'],
    [80, 24, 'list'],
    [80, 24, 'detail'],
    [150, 18, 'list'],
  ] as const)('%ix%i (%s) counts no row as seen that was not on the screen', (columns, rows, mode) => {
    const holds = IDS.map((id) =>
      hold(id, args({ path: `/etc/${id}/of-a-long-name`, content: `value-${id}` })),
    );
    const others = Array.from({ length: 8 }, (_, at) => hold(`h${at}`, { tool: `tool_${at}` }));
    let screen: Screen = { ...grouped([...holds, ...others]), mode };
    const whole = new Set<string>();
    for (let at = 0; at < 80; at += 1) {
      const { looked, texts, view } = drawn(screen, { columns, rows });
      const seen = (looked?.card.rows ?? []).slice(looked?.from, looked?.to);
      for (const { segments } of seen) {
        const text = segments.map((one) => one.text).join('');
        expect(
          texts.some((line) => line.includes(text)),
          `${text}\nin\n${texts.join('\n')}`,
        ).toBe(true);
        whole.add(text);
      }
      screen = pressing(screen, [SPACE], { from: 20_000, view }).screen;
    }
    for (const id of IDS) expect([...whole].some((text) => text.includes(`value-${id}`))).toBe(true);
  });
});
