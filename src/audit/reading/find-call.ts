import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import type { ReadRecord } from '../log/read-record.ts';
import { grantFault, type Signatures, signatureFault } from '../verify/proof.ts';
import { AuthorityTracker } from '../verify/verify-authority.ts';
import type { CallRecord } from './call-record.ts';
import { queryCalls } from './query.ts';
import { filesIn, readSession } from './session-parts.ts';

/** A call with every record that names it. */
export interface CallDetail {
  call: CallRecord;
  records: ReadRecord[];
  /** The policy that was in force, from the session's first record. */
  sessionStart: ReadRecord | undefined;
  /** The grant that let it run, wherever in the log it was given. */
  grant: ReadRecord | undefined;
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
  const files = filesIn(folder).filter((one) => one.session === call.session);
  const all = files.flatMap((file) => [...readSession(file, () => {})]);
  const records = all.filter(
    ({ fields, type }) =>
      fields['call'] === call.call ||
      (type === 'verdict' && fields['hold'] === call.pass && call.pass !== undefined),
  );
  const sessionStart = all.find(({ type, fields }) => type === 'session' && fields['event'] === 'start');
  const { changes, grant } = authorityIn(folder, call.grant);
  const proofs = proofsOf({ session: all, records, changes, grant }, signatures);
  return { call, records, sessionStart, grant, proofs, warnings };
}

/** Every change of the approvers that the log records, and who gave a grant. */
function authorityIn(folder: string, wanted: string | undefined): Pick<Evidence, 'changes' | 'grant'> {
  const changes: unknown[] = [];
  let grant: ReadRecord | undefined;
  for (const file of filesIn(folder)) {
    for (const record of readSession(file, () => {})) {
      const { type, fields } = record;
      if (type === 'approver') changes.push(fields['change']);
      const given = type === 'grant' && fields['event'] === 'given';
      if (given && wanted !== undefined && fields['grant'] === wanted) grant = record;
    }
  }
  return { changes, grant };
}

interface Evidence {
  session: readonly ReadRecord[];
  records: readonly ReadRecord[];
  changes: readonly unknown[];
  grant: ReadRecord | undefined;
}

function proofsOf({ session, records, changes, grant }: Evidence, signatures: Signatures): Proof[] {
  const authority = new AuthorityTracker();
  for (const record of session) authority.add(record);
  const history = signatures.history(changes);
  const signed = authority.signed
    .filter(({ record }) => records.includes(record))
    .map(({ record, grounds }) => {
      const name = String((record.fields['by'] as { name?: unknown } | undefined)?.name);
      return { name, key: keyOf(record), fault: signatureFault(record, grounds, history, signatures) };
    });
  if (grant?.fields['signature'] === undefined) return signed;
  const name = String(grant.fields['by']);
  return [...signed, { name, key: keyOf(grant), fault: grantFault(grant, history, signatures) }];
}

const keyOf = ({ fields }: ReadRecord): string =>
  String((fields['signature'] as { key?: unknown } | undefined)?.key);
