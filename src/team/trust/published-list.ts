import { keyId } from '../../approvals/signing/approver-key.ts';
import { type EnrolmentEvent, eventDigest, replay } from '../../approvals/signing/enrolment.ts';

/** A machine's view of who may approve: `list.<machine>` of the space's trust. */
export interface PublishedList {
  v: 1;
  events: unknown[];
}

/** Undefined for anything else. */
export function readList(text: string): PublishedList | undefined {
  try {
    const { v, events } = JSON.parse(text) as Partial<PublishedList>;
    return v === 1 && Array.isArray(events) ? { v, events } : undefined;
  } catch {
    return undefined;
  }
}

/** What a list of another member means for ours. */
export type Followed =
  | { is: 'same' | 'behind' }
  /** Ours and more: `events` is to be taken. */
  | { is: 'ahead'; events: EnrolmentEvent[] }
  /** Neither goes on with the other, or it is no list: the fault ends a sentence. */
  | { is: 'refused'; fault: string };

const digestAt = (events: readonly unknown[], at: number): string =>
  eventDigest(events[at] as EnrolmentEvent);

/** Compares a member's list with ours, which is sound. `root`: the id of the key that it must begin with. */
export function follow(own: readonly unknown[], other: readonly unknown[], root: string): Followed {
  const found = replay(other);
  if ('fault' in found) return { is: 'refused', fault: found.fault };
  const first = other[0] as EnrolmentEvent | undefined;
  if (first === undefined) return own.length === 0 ? { is: 'same' } : { is: 'behind' };
  if (keyId(first.publicKey) !== root)
    return { is: 'refused', fault: 'it begins with another key than the invitation names' };
  const common = Math.min(own.length, other.length);
  if (common > 0 && digestAt(own, common - 1) !== digestAt(other, common - 1))
    return { is: 'refused', fault: 'it and the list of this machine part ways' };
  if (other.length > own.length) return { is: 'ahead', events: other as EnrolmentEvent[] };
  return other.length === own.length ? { is: 'same' } : { is: 'behind' };
}
