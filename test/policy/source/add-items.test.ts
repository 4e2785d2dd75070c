import { describe, expect, it } from 'vitest';
import { withItems } from '../../../src/policy/source/add-items.ts';

const allow = { tool: 'fs/edit_file', when: "under(args.path, '/home/ada/shop')" };

describe('a rule that is added to a policy', () => {
  it.each([
    ['an empty policy', '{"version":1}'],
    ['lists that are there', '{"version":1,"allow":["fs/read_*"],"escalate":["fs/*"]}'],
    ['an empty list', '{\n  "version": 1,\n  "allow": []\n}'],
    ['comments and commas', '{ // a\n "version": 1, /* b */ "allow": [ // c\n "fs/read_*", ], }'],
  ])('stands first in its list, and the rest of the text stays: %s', async (_, text) => {
    const after = await withItems(text, { allow, escalate: { ...allow, over: '10/hour' } });
    for (const part of text.split(/(?<=[[{,])/)) expect(after).toContain(part.trim());
    expect(after).toContain(JSON.stringify(allow));
    expect(after).toContain('"over":"10/hour"');
  });

  it.each([
    ['no JSON', 'version: 1'],
    ['a list that is none', '{"version":1,"allow":{}}'],
    ['a text that does not compile', '{"version":1,"deny":[{"tool":3}]}'],
  ])('changes nothing of %s', async (_, text) => {
    expect(await withItems(text, { allow })).toBeUndefined();
  });
});
