import { describe, expect, it } from 'vitest';
import { noticeText, UNKNOWN_TOOL } from '../../../src/approvals/notifying/notice.ts';
import { holdOf } from '../../support/held.ts';

const told = (text: string) => JSON.parse(text) as { count: number; holds: Record<string, unknown>[] };

describe('what a notifier is given', () => {
  it('is one line with ids, classes, names and times, and nothing else of the call', () => {
    const hold = holdOf('h1', {
      server: 'srv',
      tool: 'write_file',
      listing: 'listed',
      risk: 'write',
      argumentsText: '{"path":"/secret"}',
      reason: 'because',
      caller: 'agent',
      client: 'evil\n',
    });
    const text = noticeText({ event: 'waiting', holds: [{ ...hold, answerBy: hold.openedAt + 50_000 }] });
    expect(text.endsWith('\n')).toBe(true);
    expect(text.trimEnd()).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      event: 'waiting',
      count: 1,
      holds: [
        {
          id: 'h1',
          class: 'write',
          server: 'srv',
          tool: 'write_file',
          since: new Date(hold.openedAt).toISOString(),
          answerBy: new Date(hold.openedAt + 50_000).toISOString(),
        },
      ],
    });
  });

  it.each(['absent', 'never'] as const)('names no tool that its server has not listed (%s)', (listing) => {
    const hold = holdOf('h1', { tool: 'call me at evil.example', listing });
    expect(told(noticeText({ event: 'waiting', holds: [hold] })).holds).toMatchObject([
      { tool: UNKNOWN_TOOL, class: 'unknown', answerBy: null },
    ]);
  });

  it('holds plain characters only, and not many', () => {
    const tool = `\u001b]0;x\u0007"$(id)\`\u202e${'a'.repeat(100_000)}`;
    const [hold] = told(
      noticeText({ event: 'reminder', holds: [holdOf('h1', { tool, server: 'a b;c', listing: 'listed' })] }),
    ).holds;
    expect(hold?.['server']).toBe('a?b?c');
    expect(hold?.['tool']).toMatch(/^[\w./:?-]{64}$/);
  });

  it('holds no name that a command would take for an option', () => {
    const [hold] = told(
      noticeText({
        event: 'waiting',
        holds: [holdOf('h1', { tool: '--exec', server: '-rf', listing: 'listed' })],
      }),
    ).holds;
    expect([hold?.['server'], hold?.['tool']]).toEqual(['?rf', '?-exec']);
  });
});
