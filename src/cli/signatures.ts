import { enrolmentHistory } from '../approvals/enrolment-history.ts';
import { type Grant, grantBytes, grantText } from '../approvals/grant.ts';
import { isSignedBytes, wasSigned } from '../approvals/statement.ts';
import type { Signatures } from '../audit/proof.ts';

/** How the audit log's signatures are checked. */
export const SIGNATURES: Signatures = {
  history: enrolmentHistory,
  isSigned: wasSigned,
  isGrantSigned: ({ grant: id, ...terms }, publicKey, signature) =>
    isSignedBytes(grantBytes(grantText({ ...terms, id } as unknown as Grant)), publicKey, signature),
};
