import { describe, expect, it } from 'vitest';
import { rawJson } from '../../../src/audit/log/raw-json.ts';
import type { CallRecord } from '../../../src/audit/reading/call-record.ts';
import { statsOf } from '../../../src/audit/reading/stats.ts';
import { statsLines } from '../../../src/audit/telling/stats-lines.ts';

let number = 0;

function call(fields: Partial<CallRecord> = {}): CallRecord {
  number += 1;
  return {
    session: 's',
    call: number,
    time: '2026-11-25T10:00:00.000Z',
    server: 'shop',
    tool: 'refund',
    arguments: rawJson('{}'),
    caller: { client: 'codex', claimed: true },
    effect: 'escalate',
    rule: 'escalate[0]',
    reason: '',
    digest: '',
    callDigest: '',
    forwarded: false,
    ...fields,
  };
}

const answer = (
  verdict: CallRecord['verdict'],
  waitMs: number,
  fields: Partial<CallRecord> = {},
): CallRecord => call({ verdict: verdict!, waitMs, ...fields });

describe('the statistics of a log', () => {
  it('count calls by effect, with the denials of a flood, and verdicts by kind', () => {
    const calls = [
      call({ effect: 'allow' }),
      call({ effect: 'deny' }),
      answer('reject', 10),
      answer('expired', 10),
    ];
    expect(statsOf(calls, 40)).toMatchObject({
      calls: 44,
      effects: { allow: 1, deny: 41, escalate: 2 },
      verdicts: { approve: 0, reject: 1, expired: 1, withdrawn: 0 },
    });
  });

  it('measure only answers that a person gave: not expiries, spent passes or repeated calls', () => {
    const calls = [
      answer('approve', 500),
      answer('approve', 3_000),
      answer('reject', 9_000),
      answer('expired', 1_800_000),
      answer('approve', 70_000, { pass: 'abcde' }),
      answer('approve', 70_000, { continues: 1 }),
    ];
    expect(statsOf(calls, 0)).toMatchObject({
      medianWaitMs: 3_000,
      decidedAtAGlance: 1 / 3,
      verdicts: { approve: 2 },
    });
    expect(statsOf(calls.slice(0, 2), 0).medianWaitMs).toBe(1_750);
    expect(statsOf([call()], 0)).toMatchObject({ medianWaitMs: null, decidedAtAGlance: null });
  });

  it('count approvals by the hour of their answer, empty hours included', () => {
    const at = (time: string, waitMs: number): CallRecord => answer('approve', waitMs, { time });
    const calls = [
      at('2026-11-25T10:59:00.000Z', 120_000),
      at('2026-11-25T13:10:00.000Z', 0),
      at('2026-11-25T13:20:00.000Z', 0),
    ];
    expect(statsOf(calls, 0).approvalsByHour).toEqual([
      { hour: '2026-11-25T11:00:00.000Z', approvals: 1 },
      { hour: '2026-11-25T12:00:00.000Z', approvals: 0 },
      { hour: '2026-11-25T13:00:00.000Z', approvals: 2 },
    ]);
  });

  it('name the rules that always got a yes, from five answers on', () => {
    const calls = [
      ...Array.from({ length: 5 }, () => answer('approve', 10, { rule: 'always' })),
      ...Array.from({ length: 4 }, () => answer('approve', 10, { rule: 'too few' })),
      ...Array.from({ length: 9 }, () => answer('approve', 10, { rule: 'mostly' })),
      answer('reject', 10, { rule: 'mostly' }),
    ];
    expect(statsOf(calls, 0).alwaysApproved).toEqual([{ rule: 'always', approvals: 5 }]);
  });

  it('name the tools and rules that were asked about most', () => {
    const calls = [
      answer('approve', 10, { rule: 'writes', tool: 'edit' }),
      answer('reject', 10, { rule: 'writes', tool: 'edit' }),
      answer('approve', 10, { rule: 'default', tool: 'post' }),
    ];
    const { tools, rules } = statsOf(calls, 0).askedMost;
    expect(tools.map(({ name, answers }) => [name.split('/')[1], answers])).toEqual([
      ['edit', 2],
      ['post', 1],
    ]);
    expect(rules).toEqual([
      { name: 'writes', answers: 2 },
      { name: 'default', answers: 1 },
    ]);
  });

  it('count by caller what was asked, approved and rejected', () => {
    const calls = [
      answer('approve', 10),
      answer('reject', 10),
      call({ caller: { as: 'ci' }, effect: 'allow' }),
    ];
    expect(statsOf(calls, 0).callers).toEqual([
      { caller: 'codex (claimed)', calls: 2, approvals: 1, rejections: 1 },
      { caller: 'ci', calls: 1, approvals: 0, rejections: 0 },
    ]);
  });
});

describe('the statistics as lines', () => {
  it('stay within 80 columns, and show nothing foreign raw', () => {
    const calls = Array.from({ length: 300 }, (_, i) =>
      answer('approve', 10, {
        time: new Date(Date.parse('2026-11-01T00:00:00Z') + i * 3_600_000).toISOString(),
        caller: { as: `\u001b[2J${'日本'.repeat(20)}` },
        rule: `\u202e${'r'.repeat(10)}`,
      }),
    );
    const lines = statsLines(statsOf(calls, 12_345), 80);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
    expect(lines.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(lines.join('\n')).toContain('are reflexes: are these questions');
  });

  it('cut no name: one goes on below in a terminal, and stands in one line where a program reads', () => {
    const caller = `codex-${'of-a-long-name-'.repeat(4)}end`;
    const stats = statsOf([answer('approve', 10, { caller: { as: caller } })], 0);
    expect(
      statsLines(stats, 80)
        .join('')
        .replace(/[^\w-]/g, ''),
    ).toContain('end');
    expect(statsLines(stats, 80).filter((line) => line.includes(caller))).toEqual([]);
    const [line = ''] = statsLines(stats, Number.POSITIVE_INFINITY).filter((one) => one.includes(caller));
    expect(line).toMatch(/end {2} +1 {2}█+ \(1, 0\)$/);
  });
});
