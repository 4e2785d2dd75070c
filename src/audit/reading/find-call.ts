import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { linesWith } from '../log/lines-with.ts';
import { fieldJson } from '../log/raw-json.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { SessionFile } from '../log/session-files.ts';
import { grantFault, type Signatures, signatureFault } from '../verify/proof.ts';
import { AuthorityTracker } from '../verify/verify-authority.ts';
import type { CallRecord } from './call-record.ts';
import { addressOf, type FoundCall, lookUp, seek } from './seek-call.ts';
import { isSmall, readFound, readSession, type Session, SMALL_LOG, sessionsIn } from './session-parts.ts';

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

/**
 * The call of an address: `<session>/<call>` (the session's last part is enough), else a hold's id, else a bare call
 * number. Of a log longer than `small` bytes only what names it is read. Throws a PlainError when nothing or more than
 * one call answers to it.
 */
export function findCall(
  folder: string,
  address: string,
  signatures: Signatures,
  small = SMALL_LOG,
): CallDetail {
  const sessions = sessionsIn(folder);
  const whole = isSmall(sessions, small);
  const warnings = new Set<string>();
  const warn = (warning: string): void => void warnings.add(warning);
  const candidates = whole ? lookUp(sessions, address, warn) : seek(sessions, address, warn);
  const [found] = candidates;
  if (found === undefined) {
    throw new PlainError(
      `No call ${visible(address)} is in the audit log in ${folder}. "holdpoint audit list" shows those that are.`,
    );
  }
  if (candidates.length > 1) throw ambiguous(candidates, address);
  const { call } = found;
  const all = found.records ?? filesOf(sessions, call).flatMap((file) => [...readSession(file, () => {})]);
  const records = all.filter(
    ({ fields, type }) =>
      fields['call'] === call.call ||
      (type === 'verdict' && fields['hold'] === call.pass && call.pass !== undefined),
  );
  const sessionStart = all.find(({ type, fields }) => type === 'session' && fields['event'] === 'start');
  const { changes, grant } = authorityIn(sessions, call.grant, { whole, isSigned: records.some(isSigned) });
  const proofs = proofsOf({ session: all, records, changes, grant }, signatures);
  return { call, records, sessionStart, grant, proofs, warnings: [...warnings] };
}

/** A copy of a session's file in another month is of the same session. */
function filesOf(sessions: readonly Session[], call: CallRecord): SessionFile[] {
  return sessions.flatMap((one) => (one.session === call.session ? one.files : []));
}

function ambiguous(candidates: readonly FoundCall[], address: string): PlainError {
  const list = candidates.slice(-SHOWN_CANDIDATES).map(({ call }) => visible(addressOf(call)));
  const more = candidates.length > list.length ? `${candidates.length - list.length} older ones, ` : '';
  return new PlainError(
    `${candidates.length} calls answer to ${visible(address)}: ${more}${list.join(', ')}. Name one of them.`,
  );
}

const isSigned = ({ type, fields }: ReadRecord): boolean =>
  type === 'verdict' && fields['signature'] !== undefined;

/**
 * Every change of the approvers that the log records, and who gave a grant. Where nothing is signed the changes prove
 * nothing, and a long log is not searched for them.
 */
function authorityIn(
  sessions: readonly Session[],
  wanted: string | undefined,
  how: { whole: boolean; isSigned: boolean },
): Pick<Evidence, 'changes' | 'grant'> {
  const changes: unknown[] = [];
  let grant: ReadRecord | undefined;
  const texts = wanted === undefined ? [] : [`"grant":${fieldJson(wanted)}`];
  if (how.isSigned || wanted !== undefined) texts.push('"type":"approver"');
  if (!how.whole && texts.length === 0) return { changes, grant };
  for (const { files } of sessions) {
    for (const file of files) {
      const records = how.whole ? readSession(file, () => {}) : recordsWith(file, texts);
      for (const record of records) {
        const { type, fields } = record;
        if (type === 'approver') changes.push(fields['change']);
        const given = type === 'grant' && fields['event'] === 'given';
        if (given && wanted !== undefined && fields['grant'] === wanted) grant = record;
      }
    }
  }
  return { changes, grant };
}

function* recordsWith(file: SessionFile, texts: readonly string[]): Generator<ReadRecord> {
  const found = readFound(
    file,
    (path) => linesWith(path, texts),
    () => {},
  );
  for (const { record } of found) yield record;
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
