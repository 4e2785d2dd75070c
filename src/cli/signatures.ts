import { enrolmentHistory } from '../approvals/enrolment-history.ts';
import { isSigned } from '../approvals/statement.ts';
import type { Signatures } from '../audit/proof.ts';

/** How the audit log's signatures are checked. */
export const SIGNATURES: Signatures = { history: enrolmentHistory, isSigned };
