import type { Obligations } from '../../src/policy/decide/types.ts';

/** One key press of anybody, within ten seconds, unless the test says otherwise. */
export function obligations(more: Partial<Obligations> = {}): Obligations {
  return {
    timeoutMs: 10_000,
    confirm: 'key',
    expected: 'expected',
    level: 'low',
    seen: 'told',
    large: false,
    show: [],
    approvals: 1,
    approvers: null,
    sign: false,
    remember: true,
    ...more,
  };
}
