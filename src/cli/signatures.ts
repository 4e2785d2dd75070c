import { enrolmentHistory } from '../approvals/enrolment-history.ts';
import { type Grant, grantBytes, grantText } from '../approvals/grant.ts';
import { isSigned, isSignedBytes } from '../approvals/statement.ts';
import type { Signatures } from '../audit/proof.ts';

/** How the audit log's signatures are checked. */
export const SIGNATURES: Signatures = {
  history: enrolmentHistory,
  isSigned,
  isGrantSigned: ({ grant: id, ...terms }, publicKey, signature) =>
    isSignedBytes(grantBytes(grantText({ ...terms, id } as unknown as Grant)), publicKey, signature),
};
