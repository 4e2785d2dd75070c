import { describe, expect, it } from 'vitest';
import { lineCount } from '../../../src/approvals/holding/line-count.ts';
import { prettyCall } from '../../../src/approvals/showing/call-lines.ts';
import { obligations } from '../../support/obligations.ts';

describe('the lines of a call', () => {
  it.each([
    '{}',
    '{"a":1}',
    '{"a":{},"b":[]}',
    '{"a":{"b":[1,2,{"c":null}]},"d":"x"}',
    '{"text":"one\\ntwo\\n\\n\\nfive"}',
    JSON.stringify({ rows: Array.from({ length: 700 }, (_, id) => ({ id })) }),
  ])('are counted as they are shown: %s', (argumentsText) => {
    const shown = prettyCall({ argumentsText, obligations: obligations() });
    expect(lineCount({ argumentsText })).toBe(shown.length);
  });

  it('are counted without a fold: blank lines hide no length', () => {
    expect(lineCount({ argumentsText: JSON.stringify({ text: '\n'.repeat(2_500) }) })).toBe(2_502);
  });

  it('are those of its task, and of questions and answers too', () => {
    const task = '{"ttl":60}';
    const input = { answers: '{"a":1,"b":2}', questions: '{"q":{"text":"really?"}}', continues: 1 };
    const shown = prettyCall({ argumentsText: '{"a":1}', task, input, obligations: obligations() });
    expect(lineCount({ argumentsText: '{"a":1}', task, input })).toBe(shown.length);
  });
});
