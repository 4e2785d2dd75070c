import { describe, expect, it } from 'vitest';
import { rows, view } from '../../support/views.ts';

describe('JSON within a text', () => {
  it('stands as a tree below the text, which stands as it is', () => {
    const input = '{"command":"rm -rf /","n":1.0,"k":["\\u0061"]}';
    expect(rows(view({ input }).lines)).toEqual([
      `"input": "${input.replace(/["\\]/g, '\\$&')}"`,
      '  as JSON:',
      '  "command": "rm -rf /"',
      '  "n": 1.0',
      '  "k": [',
      '    "a"',
      '  ]',
    ]);
  });

  it('that is none, is empty or too long is left as it is', () => {
    for (const input of [
      '{"a":1,"a":2,"b":"ccccccc"}',
      '{ not json at all, it is }',
      '[                        ]',
      `["${'x'.repeat(20_000)}"]`,
    ])
      expect(view({ input }).name).toBe('plain');
  });
});
