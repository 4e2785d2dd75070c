import { approversInTheEnd } from '../../policy/decide/approvers-at.ts';
import type { Obligations } from '../../policy/decide/types.ts';
import type { Enrolled, Enrolment } from './enrolment.ts';

/** Whether somebody's signature counts: also where the list of them cannot be relied on, for it may hold some. */
export function isAnybodyEnrolled(enrolment: () => Enrolment): boolean {
  try {
    return enrolment().approvers.size > 0;
  } catch {
    return true;
  }
}

/** Why nobody enrolled could fulfil these obligations, as a sentence, or undefined. */
export function unmetBy(
  obligations: Pick<Obligations, 'sign' | 'approvals' | 'approvers' | 'next'>,
  enrolled: readonly Enrolled[],
): string | undefined {
  const { sign, approvals } = obligations;
  const approvers = approversInTheEnd(obligations);
  if (!sign) return undefined;
  const entitled = enrolled.filter(({ name }) => approvers === null || approvers.includes(name));
  if (entitled.length >= approvals) return undefined;
  const needed = approvals === 1 ? 'an approver' : `${approvals} different approvers`;
  const named = approvers === null ? '' : ` out of ${approvers.join(', ') || 'nobody'}`;
  const there = entitled.length === 0 ? 'none is' : entitled.length === 1 ? '1 is' : `${entitled.length} are`;
  return `The policy asks for the signed approval of ${needed}${named}, and ${there} enrolled (holdpoint approver init, approver enroll).`;
}
