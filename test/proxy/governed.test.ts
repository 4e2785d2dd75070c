import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/policy/decide/types.ts';
import { ungoverned } from '../../src/proxy/governed.ts';
import type { DigestedCall, Escalation } from '../../src/proxy/ports.ts';

const CALL = {} as DigestedCall;
const of = (effect: string): Decision => ({ effect }) as unknown as Decision;

describe('without a policy', () => {
  const { recorder, approvals, decide } = ungoverned('It has a mistake.');

  it('a decision that lets something run or wait is an error, for nobody would record it', () => {
    expect(() => recorder.decision(CALL, of('allow'))).toThrow('nothing may run');
    expect(() => recorder.decision(CALL, of('escalate'))).toThrow('nothing may run');
    expect(() => approvals.escalated({} as Escalation, 'n:1', false)).toThrow('nothing may run');
  });

  it('a denial needs no record, and the cause stands in place of the decision', () => {
    expect(() => recorder.decision(CALL, of('deny'))).not.toThrow();
    expect([decide, approvals.cancelled('n:1', ''), approvals.answered('n:1')]).toEqual([
      'It has a mistake.',
      false,
      false,
    ]);
  });
});
