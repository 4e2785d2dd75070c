import { describe, expect, it } from 'vitest';
import { textOf, written } from '../../../src/watch/state/editing.ts';
import { hold, pressing, screenWith } from '../../support/desk.ts';

const pay = hold('pay', { argumentsText: '{"to":"bob","n":1.0}' });
const entry = (screen = screenWith([pay])) => screen.entries[0]!;

describe('e', () => {
  it('gives the selected call to an editor', () => {
    expect(pressing(screenWith([pay]), ['e']).edit?.hold.id).toBe('pay');
    expect(textOf(entry())).toBe('{\n  "to": "bob",\n  "n": 1.0\n}\n');
  });

  it.each<[string, object, string]>([
    ['a task', { task: '{}' }, 'runs as a task'],
    ['a call that goes on', { input: { answers: '{}', questions: null, continues: 1 } }, 'ran in part'],
    ['tools to accept', { offers: [] }, 'accept those first'],
    ['too long', { argumentsText: `{"a":"${'x'.repeat(300_000)}"}` }, 'too long to be changed by hand'],
  ])('says why a call is not changed: %s', (_, more, why) => {
    const { edit, screen } = pressing(screenWith([hold('one', more)]), ['e']);
    expect([edit, screen.message?.text]).toEqual([undefined, expect.stringContaining(why)]);
  });

  it('gives nothing to an editor of which a part is masked, before that was shown', () => {
    const secret = hold('one', { argumentsText: '{"token":"ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"}' });
    const hidden = pressing(screenWith([secret]), ['e']);
    expect([hidden.edit, hidden.screen.message?.text]).toEqual([
      undefined,
      expect.stringContaining('r shows it'),
    ]);
    expect(pressing({ ...screenWith([secret]), revealed: 's1/one' }, ['e']).edit?.hold.id).toBe('one');
  });
});

describe('what was written', () => {
  it('is sent in one line, numbers as they were written', () => {
    expect(written(entry(), '{\n "to": "carol",\n\t"n": 2.50 }\n')).toEqual({
      argumentsText: '{"to":"carol","n":2.50}',
    });
  });

  it('is unchanged where only the space between its parts is another', () => {
    expect(written(entry(), '{"to":\n"bob", "n":1.0}')).toEqual({ unchanged: true });
    expect(written(entry(), '{"to":\n"bob", "n":1}')).toEqual({ argumentsText: '{"to":"bob","n":1}' });
  });

  it('becomes the reason of a rejection where the client waits no more', () => {
    const detached = entry(screenWith([hold('pay', { state: 'detached', argumentsText: '{}' })]));
    expect(written(detached, '{"to":"carol"}')).toEqual({
      reason: 'Call it again with these arguments instead: {"to":"carol"}',
    });
    expect(written(detached, `{"to":"${'x'.repeat(5_000)}"}`)).toEqual({
      fault: expect.stringContaining('Too long'),
    });
  });

  it('is refused by line where it is no clean JSON, and by what it is where it is no object', () => {
    expect(written(entry(), '{\n "a": 1,\n "a": 2\n}')).toEqual({
      fault: 'No clean JSON in line 3: the key "a" stands twice in one object. e goes on with your text.',
    });
    expect(written(entry(), '"x"')).toEqual({ fault: expect.stringContaining('one JSON object') });
    expect(written(entry(), `{"a":"${'x'.repeat(300_000)}"}`)).toEqual({
      fault: expect.stringContaining('256 KiB'),
    });
  });
});
