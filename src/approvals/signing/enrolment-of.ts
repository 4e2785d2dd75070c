import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { ApproversFile } from './approvers-file.ts';
import { type Enrolment, replay } from './enrolment.ts';

/** The fault of a list of approvers as a sentence with a way out. */
export function enrolmentFault(fault: string): PlainError {
  return new PlainError(
    `The list of approvers (state/approvers.json) was changed by somebody who may not: ${fault}. No signature counts until it is restored; "holdpoint audit list" and "audit verify" tell what was enrolled.`,
  );
}

/** Who may approve in this home. Throws a PlainError when the list cannot be relied on. */
export function enrolmentOf(home: Home): Enrolment {
  const found = replay(new ApproversFile(home).read());
  if ('fault' in found) throw enrolmentFault(found.fault);
  return found;
}
