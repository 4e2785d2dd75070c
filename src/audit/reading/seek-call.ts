import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from './call-record.ts';
import { allCalls } from './each-call.ts';
import { type Names, namedRecords } from './named-records.ts';
import { SessionCalls } from './session-calls.ts';
import type { Session } from './session-parts.ts';

/** A call and the session that it is of. */
export interface FoundCall {
  call: CallRecord;
  session: Session;
  /** What the session says of itself, and of this call and what it rests on; undefined when all of it was read. */
  records?: ReadRecord[];
}

/** How a call is addressed without doubt. */
export function addressOf(call: Pick<CallRecord, 'session' | 'call'>): string {
  return `${call.session}/${call.call}`;
}

/** A session's last part, which is random and short enough for a column. */
export function shortSession(session: string): string {
  return session.slice(session.lastIndexOf('-') + 1);
}

type Warn = (warning: string) => void;

/** The calls that an address may be meant for, oldest first: all of the log is read. */
export function lookUp(sessions: readonly Session[], address: string, onWarning: Warn): FoundCall[] {
  const calls = sessions.flatMap((session) => {
    const { taken, warnings } = allCalls(session);
    for (const warning of warnings) onWarning(warning);
    return taken.map((call) => ({ call, session }));
  });
  return candidatesFor(inOrder(calls), address);
}

/** The same from those lines alone that name what the address does, of those sessions alone that it may be in. */
export function seek(sessions: readonly Session[], address: string, onWarning: Warn): FoundCall[] {
  const number = numberIn(address);
  const named = address.slice(0, address.lastIndexOf('/'));
  for (const nameOf of [(session: string) => session, shortSession]) {
    if (number === undefined || !address.includes('/')) break;
    const some = sessions.filter(({ session }) => nameOf(session) === named);
    const found = candidatesFor(inOrder(callsNamed(some, { calls: [number] }, onWarning)), address);
    if (found.length > 0) return found;
  }
  const calls = number === undefined || address.includes('/') ? [] : [number];
  const names = { calls, holds: [address], continued: true };
  return candidatesFor(inOrder(callsNamed(sessions, names, onWarning)), address);
}

/** The number at the end of an address, if it is spelled as a record spells it. */
function numberIn(address: string): number | undefined {
  const text = address.slice(address.lastIndexOf('/') + 1);
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : undefined;
}

function callsNamed(sessions: readonly Session[], names: Names, onWarning: Warn): FoundCall[] {
  return sessions.flatMap((session) => {
    const calls = new SessionCalls();
    const records = namedRecords(session, names, onWarning);
    for (const record of records) calls.add(record);
    return [...calls.calls.values()].map((call) => ({ call, session, records }));
  });
}

function inOrder(calls: FoundCall[]): FoundCall[] {
  const at = ({ call }: FoundCall): number => Date.parse(call.time);
  return calls.sort((a, b) => at(a) - at(b));
}

function candidatesFor(calls: readonly FoundCall[], address: string): FoundCall[] {
  const exact = calls.filter(({ call }) => addressOf(call) === address);
  if (exact.length > 0) return exact;
  const short = calls.filter(({ call }) => `${shortSession(call.session)}/${call.call}` === address);
  if (short.length > 0) return short;
  const byHold = calls.filter(({ call }) => call.hold === address);
  if (byHold.length > 0) return byHold;
  return /^\d+$/.test(address) ? calls.filter(({ call }) => call.call === Number(address)) : [];
}
