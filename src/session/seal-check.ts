import { enrolmentOf } from '../approvals/signing/enrolment-of.ts';
import { isSealed } from '../approvals/signing/loosening.ts';
import type { SealCheck } from '../config/seals.ts';
import type { Home } from '../platform/home.ts';

/** Undefined in a home where nobody was ever enrolled; with a list of approvers that cannot be relied on, nothing is sealed. */
export function sealCheckOf(home: Home): SealCheck | undefined {
  try {
    const enrolment = enrolmentOf(home);
    return enrolment.head === null ? undefined : (seal, thing) => isSealed(seal, thing, enrolment);
  } catch {
    return () => false;
  }
}
