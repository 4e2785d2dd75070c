import { type Grant, grantBytes, grantText } from '../approvals/holding/grant.ts';
import { enrolmentHistory } from '../approvals/signing/enrolment-history.ts';
import { isSignedBytes, wasSigned } from '../approvals/signing/statement.ts';
import type { Signatures } from '../audit/verify/proof.ts';

/** How the audit log's signatures are checked. */
export const SIGNATURES: Signatures = {
  history: enrolmentHistory,
  isSigned: wasSigned,
  isGrantSigned: ({ grant: id, ...terms }, publicKey, signature) =>
    isSignedBytes(grantBytes(grantText({ ...terms, id } as unknown as Grant)), publicKey, signature),
};
