import { isSealed } from '../approvals/loosening.ts';
import type { Home } from '../config/home.ts';
import type { SealCheck } from '../config/seals.ts';
import { enrolmentOf } from './enrolment-of.ts';

/** Undefined in a home where nobody was ever enrolled; with a list of approvers that cannot be relied on, nothing is sealed. */
export function sealCheckOf(home: Home): SealCheck | undefined {
  try {
    const enrolment = enrolmentOf(home);
    return enrolment.head === null ? undefined : (seal, thing) => isSealed(seal, thing, enrolment);
  } catch {
    return () => false;
  }
}
