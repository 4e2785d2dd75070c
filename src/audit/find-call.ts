import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';
import type { CallRecord } from './call-record.ts';
import { type Signatures, signatureFault } from './proof.ts';
import { queryCalls, readSession, sessionsIn } from './query.ts';
import type { ReadRecord } from './record.ts';
import { AuthorityTracker } from './verify-authority.ts';

/** A call with every record that names it. */
export interface CallDetail {
  call: CallRecord;
  records: ReadRecord[];
  /** The policy that was in force, from the session's first record. */
  sessionStart: ReadRecord | undefined;
  /** What the signatures under its verdicts are worth. */
  proofs: Proof[];
  warnings: string[];
}

/** One signed verdict: `fault` ends a sentence when the signature proves nothing. */
export interface Proof {
  name: string;
  key: string;
  fault: string | undefined;
}

const SHOWN_CANDIDATES = 10;

/** How a call is addressed without doubt. */
export function addressOf(call: CallRecord): string {
  return `${call.session}/${call.call}`;
}

/** A session's last part, which is random and short enough for a column. */
export function shortSession(session: string): string {
  return session.slice(session.lastIndexOf('-') + 1);
}

function candidatesFor(calls: readonly CallRecord[], address: string): CallRecord[] {
  const exact = calls.filter((call) => addressOf(call) === address);
  if (exact.length > 0) return exact;
  const short = calls.filter((call) => `${shortSession(call.session)}/${call.call}` === address);
  if (short.length > 0) return short;
  const byHold = calls.filter((call) => call.hold === address);
  if (byHold.length > 0) return byHold;
  return /^\d+$/.test(address) ? calls.filter((call) => call.call === Number(address)) : [];
}

/**
 * The call of an address: `<session>/<call>` (the session's last part is enough), else a hold's id, else a bare call number. Throws a PlainError when
 * nothing or more than one call answers to it.
 */
export function findCall(folder: string, address: string, signatures: Signatures): CallDetail {
  const { calls, warnings } = queryCalls(folder);
  const candidates = candidatesFor(calls, address);
  const [call] = candidates;
  if (call === undefined) {
    throw new PlainError(
      `No call ${visible(address)} is in the audit log in ${folder}. "holdpoint audit list" shows those that are.`,
    );
  }
  if (candidates.length > 1) {
    const list = candidates.slice(-SHOWN_CANDIDATES).map((one) => visible(addressOf(one)));
    const more = candidates.length > list.length ? `${candidates.length - list.length} older ones, ` : '';
    throw new PlainError(
      `${candidates.length} calls answer to ${visible(address)}: ${more}${list.join(', ')}. Name one of them.`,
    );
  }
  const files = sessionsIn(folder).filter((one) => one.session === call.session);
  const all = files.flatMap((file) => [...readSession(file, () => {})]);
  const records = all.filter(
    ({ fields, type }) =>
      fields['call'] === call.call ||
      (type === 'verdict' && fields['hold'] === call.pass && call.pass !== undefined),
  );
  const sessionStart = all.find(({ type, fields }) => type === 'session' && fields['event'] === 'start');
  const proofs = proofsOf(all, records, changesIn(folder), signatures);
  return { call, records, sessionStart, proofs, warnings };
}

/** Every change of the approvers that the log records. */
function changesIn(folder: string): unknown[] {
  const changes: unknown[] = [];
  for (const file of sessionsIn(folder)) {
    for (const { type, fields } of readSession(file, () => {}))
      if (type === 'approver') changes.push(fields['change']);
  }
  return changes;
}

function proofsOf(
  session: readonly ReadRecord[],
  records: readonly ReadRecord[],
  changes: readonly unknown[],
  signatures: Signatures,
): Proof[] {
  const authority = new AuthorityTracker();
  for (const record of session) authority.add(record);
  const history = signatures.history(changes);
  return authority.signed
    .filter(({ record }) => records.includes(record))
    .map(({ record, grounds }) => {
      const key = String((record.fields['signature'] as { key?: unknown } | undefined)?.key);
      const name = String((record.fields['by'] as { name?: unknown } | undefined)?.name);
      return { name, key, fault: signatureFault(record, grounds, history, signatures) };
    });
}
