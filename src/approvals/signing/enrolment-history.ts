import { keyId } from './approver-key.ts';
import { type Enrolled, type EnrolmentEvent, eventDigest, eventFault } from './enrolment.ts';

/** A key that counted at some time. Times are ISO 8601. */
export interface KnownKey extends Enrolled {
  /** When it was removed; null while it counts. */
  until: string | null;
}

/** All that a log tells of who might approve, and when. */
export interface EnrolmentHistory {
  /** By key id. */
  keys: ReadonlyMap<string, KnownKey>;
  /** Digests of every list that these changes made, one after the other. */
  heads: ReadonlySet<string>;
  /** Who vouched for themselves, in the order of the log: more than one means that the list was begun anew. */
  roots: readonly KnownKey[];
  /** Changes that follow from none before; each ends a sentence. */
  faults: readonly string[];
}

interface Branch {
  approvers: ReadonlyMap<string, Enrolled>;
}

/**
 * Puts recorded changes together. A change that was recorded and then could not be put into force leaves a branch;
 * keys of every branch are known, for whoever signed was entitled on one of them.
 */
export function enrolmentHistory(events: readonly unknown[]): EnrolmentHistory {
  const keys = new Map<string, KnownKey>();
  const branches = new Map<string | null, Branch>([[null, { approvers: new Map() }]]);
  const roots: KnownKey[] = [];
  const faults: string[] = [];
  for (const value of events) {
    const event = value as EnrolmentEvent;
    const before = branches.get(event?.prev ?? null);
    const fault =
      before === undefined
        ? `the change before that of "${event.name}" is not in this log`
        : eventFault(event, before.approvers, event?.prev ?? null);
    if (before === undefined || fault !== undefined) {
      faults.push(String(fault));
      continue;
    }
    const key = keyId(event.publicKey);
    const approvers = new Map(before.approvers);
    if (event.event === 'removed') {
      approvers.delete(key);
      const known = keys.get(key);
      if (known !== undefined) keys.set(key, { ...known, until: event.at });
    } else if (event.event === 'enrolled') {
      const known = { name: event.name, key, publicKey: event.publicKey, since: event.at, until: null };
      approvers.set(key, known);
      keys.set(key, known);
      if (event.prev === null) roots.push(known);
    }
    branches.set(eventDigest(event), { approvers });
  }
  const heads = new Set([...branches.keys()].filter((head) => head !== null));
  return { keys, heads, roots, faults };
}
