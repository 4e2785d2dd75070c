import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import type { FollowedRecord } from '../reading/follow.ts';
import { type Filter, wanted } from '../reading/query.ts';
import { shortSession } from '../reading/seek-call.ts';
import { recordWords } from './record-phrases.ts';

/** Whether a record is one of those wanted: by its own time, and else by the call it belongs to. */
export function eventWanted({ record, call }: FollowedRecord, filter: Filter): boolean {
  const { since, ...ofCall } = filter;
  if (since !== undefined && record.at < since) return false;
  if (Object.keys(ofCall).length === 0) return true;
  return call !== undefined && wanted(call, ofCall);
}

/** One record as one line for people. */
export function eventLine({ record, call }: FollowedRecord): string {
  const session = shortSession(record.session);
  const what = call === undefined ? '' : `${visible(call.server)}/${visible(call.tool)}  `;
  const where = visible(call === undefined ? session : `${session}/${call.call}`);
  return `${localTime(record.time)}  ${where.padEnd(9)}  ${what}${recordWords(record, call)}`;
}
