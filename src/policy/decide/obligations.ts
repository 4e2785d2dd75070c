import { type ApprovalSettings, CONFIRMATIONS, type Item, type Obligations } from './types.ts';

/**
 * What the escalate items that match a call ask for together: the shortest time, the strongest confirmation, the most
 * approvals, only approvers whom all of them name (perhaps nobody: then the call cannot be approved), all to show.
 */
export function obligationsOf(items: readonly Item[], { timeoutMs, sign }: ApprovalSettings): Obligations {
  const times = items.flatMap((item) => (item.timeoutMs === undefined ? [] : [item.timeoutMs]));
  const strength = Math.max(0, ...items.map((item) => CONFIRMATIONS.indexOf(item.confirm ?? 'key')));
  const confirm = CONFIRMATIONS[strength] ?? 'passphrase';
  const approvals = Math.max(1, ...items.map((item) => item.approvals ?? 1));
  const lists = items.map((item) => item.approvers).filter((names) => names.length > 0);
  const approvers = lists[0]?.filter((name) => lists.every((names) => names.includes(name))) ?? null;
  return {
    timeoutMs: Math.min(timeoutMs, ...times),
    confirm,
    show: [...new Set(items.flatMap((item) => item.show))],
    approvals,
    approvers,
    // Two people, or a passphrase for this very call, mean this very call.
    remember: approvals === 1 && confirm !== 'passphrase' && items.every((item) => item.remember),
    // Only a key tells one person from another, or shows that a passphrase was typed.
    sign: sign === 'required' || approvals > 1 || approvers !== null || confirm === 'passphrase',
  };
}
