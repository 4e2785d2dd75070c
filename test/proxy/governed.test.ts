import { describe, expect, it } from 'vitest';
import { ungoverned } from '../../src/proxy/governed.ts';
import type { DecisionRecord, Escalation } from '../../src/proxy/ports.ts';

const of = (effect: string): DecisionRecord => ({ decision: { effect } }) as unknown as DecisionRecord;

describe('without a policy', () => {
  const { recorder, approvals, decide } = ungoverned('It has a mistake.');

  it('a decision that lets something run or wait is an error, for nobody would record it', () => {
    expect(() => recorder.decision(of('allow'))).toThrow('nothing may run');
    expect(() => recorder.decision(of('escalate'))).toThrow('nothing may run');
    expect(() => approvals.escalated({} as Escalation, 'n:1', false)).toThrow('nothing may run');
  });

  it('a denial needs no record, and the cause stands in place of the decision', () => {
    expect(() => recorder.decision(of('deny'))).not.toThrow();
    expect([decide, approvals.cancelled('n:1', ''), approvals.answered('n:1')]).toEqual([
      'It has a mistake.',
      false,
      false,
    ]);
  });
});
