import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { ApproversFile } from './approvers-file.ts';
import { type Enrolment, type EnrolmentEvent, replay } from './enrolment.ts';

/** The fault of a list of approvers as a sentence with a way out. */
export function enrolmentFault(fault: string): PlainError {
  return new PlainError(
    `The list of approvers (state/approvers.json) was changed by somebody who may not: ${fault}. No signature counts until it is restored; "holdpoint audit list" and "audit verify" tell what was enrolled.`,
  );
}

/** Who may approve after these signed changes. Throws a PlainError when they cannot be relied on. */
export function soundEnrolment(events: readonly unknown[]): Enrolment {
  const found = replay(events);
  if ('fault' in found) throw enrolmentFault(found.fault);
  return found;
}

/** The same of this home's list. */
export function enrolmentOf(home: Home): Enrolment {
  return soundEnrolment(new ApproversFile(home).read());
}

/** The key that this home's list begins with; undefined when nobody was ever enrolled. Throws as the others do. */
export function rootOf(home: Home): Pick<EnrolmentEvent, 'name' | 'publicKey'> | undefined {
  const events = new ApproversFile(home).read();
  soundEnrolment(events);
  return events[0] as EnrolmentEvent | undefined;
}
