import { keyId } from '../approvals/signing/approver-key.ts';
import { ApproversFile } from '../approvals/signing/approvers-file.ts';
import { type EnrolmentEvent, replay } from '../approvals/signing/enrolment.ts';
import type { Home } from '../platform/home.ts';
import { PlainError } from '../platform/plain-error.ts';
import { recordCommand } from './command-record.ts';

/**
 * Takes the signed changes that another machine of the team published and this home does not have yet. They are
 * recorded before they count. Throws a PlainError when they do not go on with what is there by now.
 */
export function adoptList(home: Home, events: readonly unknown[], from: string): void {
  const by = { name: from, method: 'team', tier: 0, chain: [] };
  new ApproversFile(home).extend(
    (own) => {
      const next = [...own, ...events.slice(own.length)];
      const found = replay(next);
      if ('fault' in found) throw new PlainError(`It does not go on with this home's: ${found.fault}.`);
      return next;
    },
    (added) => {
      if (added.length === 0) return;
      const entries = (added as EnrolmentEvent[]).map((change) => ({
        type: 'approver' as const,
        event: change.event,
        change,
        key: keyId(change.publicKey),
        by,
      }));
      recordCommand(home, ...entries);
    },
  );
}
