import { describe, expect, it } from 'vitest';
import { withItems } from '../../../src/policy/source/add-items.ts';
import { addedId, addedRules, isAddedId, withoutRules } from '../../../src/policy/source/added-rules.ts';

const ID = addedId('2026-11-27', 'abcdef0123');
const rule = { id: ID, tool: 'fs/edit_file', when: "under(args.path, '/home/ada/shop')" };
const TEXT = JSON.stringify(rule);

describe('a rule that answers made', () => {
  it('is known by its id, with the day, and no other item is', async () => {
    expect(ID).toBe('added-2026-11-27-abcdef');
    const others = ['"fs/read_*"', '{"tool":"fs/a","id":"added-mine"}', '{"tool":"fs/b"}', 'null', '7'];
    const text = `{"version":1,"allow":[${others.join()},${TEXT}],"escalate":[{"id":"added-2026-11-27-000000","tool":"x"}]}`;
    const { id, ...item } = rule;
    expect(await addedRules(text, 'json')).toEqual([{ id, since: '2026-11-27', item }]);
    expect(await addedRules('version: 1\nallow:\n  - fs/read_*\n', 'yaml')).toEqual([]);
    for (const broken of ['', '{', '[]', '{"allow":{}}'])
      expect(await addedRules(broken, 'json')).toEqual([]);
    expect(isAddedId('k7qfm')).toBe(false);
  });

  it.each([
    ['a list with others', '{"version":1,"allow":["fs/read_*"]}'],
    ['comments and commas', '{ // a\n "version": 1, /* b */ "allow": [ // c\n "fs/read_*", ], }'],
    ['lines', '{\n  "version": 1,\n  "allow": [\n    "fs/read_*",\n    "fs/list_*"\n  ]\n}\n'],
  ])('is taken out so that the text is as it was before: %s', async (_, text) => {
    const added = await withItems(text, { allow: rule });
    expect(await withoutRules(added!, [ID])).toBe(text);
  });

  it.each([
    ['last of its list', `{"version":1,"allow":["a/*",${TEXT}]}`, '{"version":1,"allow":["a/*"]}'],
    ['last, with a comma', `{"version":1,"allow":["a/*", ${TEXT}, ]}`, '{"version":1,"allow":["a/*", ]}'],
    [
      'between comments',
      `{"version":1,"allow":["a/*" /*,*/, ${TEXT} // ,\n]}`,
      '{"version":1,"allow":["a/*" /*,*/ // ,\n]}',
    ],
    [
      'behind a comment',
      `{"version":1,"allow":[ // a\n ${TEXT}, "b/*"]}`,
      '{"version":1,"allow":[ // a\n "b/*"]}',
    ],
    ['alone', `{"version":1,"allow":[\n    ${TEXT}\n  ]}`, '{"version":1,"allow":[\n  ]}'],
  ])('is taken out where it stands %s', async (_, text, rest) => {
    expect(await withoutRules(text, [ID])).toBe(rest);
  });

  it.each([
    ['stands nowhere', '{"version":1,"allow":["fs/*"]}'],
    ['stands in another list', `{"version":1,"escalate":[${TEXT}]}`],
    ['stands there twice', `{"version":1,"allow":[${TEXT},${TEXT}]}`],
    ['is in a text that does not compile', `{"version":1,"deny":[{"tool":3}],"allow":[${TEXT}]}`],
    ['is in no JSON', 'version: 1'],
  ])('is not taken out where it %s', async (_, text) => {
    expect(await withoutRules(text, [ID])).toBeUndefined();
  });
});
