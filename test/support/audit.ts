import * as find from '../../src/audit/reading/find-call.ts';
import * as verify from '../../src/audit/verify/verify.ts';
import type { VerifyReport } from '../../src/audit/verify/verify-report.ts';
import { SIGNATURES } from '../../src/session/signatures.ts';

/** As the command does it: with the means to check signatures. */
export function verifyAudit(folder: string, options: Partial<verify.VerifyOptions> = {}): VerifyReport {
  return verify.verifyAudit(folder, { signatures: SIGNATURES, ...options });
}

export function findCall(folder: string, address: string): find.CallDetail {
  return find.findCall(folder, address, SIGNATURES);
}
