import { join } from 'node:path';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { StateFile } from '../../platform/state-file.ts';

interface Document {
  version: 1;
  /** Signed changes, oldest first; whoever reads them checks them. */
  events: unknown[];
}

/** Who may approve, as the signed changes that made them approvers: `state/approvers.json`. */
export class ApproversFile {
  private readonly state: StateFile<Document>;

  constructor(home: Home) {
    this.state = new StateFile<Document>(
      join(home.state, 'approvers.json'),
      () => ({ version: 1, events: [] }),
      (data) => Array.isArray((data as Partial<Document> | null)?.events),
    );
  }

  /** Throws a PlainError for a file that cannot be read or is damaged: then nobody's signature counts. */
  read(): unknown[] {
    const { data, damage } = this.state.load();
    if (damage === undefined) return data.events;
    throw new PlainError(
      `${damage} Restore it from a copy; to begin anew, move it away and run "holdpoint approver init".`,
    );
  }

  /**
   * Adds the change that `next` makes of those before it, under the file's lock, and gives it to `record` when only the
   * last step is left to do; nothing when either throws.
   */
  append<E>(next: (events: unknown[]) => E, record: (event: E) => void): void {
    let made: { event: E } | undefined;
    this.state.update(
      (data) => {
        made = { event: next(data.events) };
        data.events = [...data.events, made.event];
      },
      () => {
        if (made !== undefined) record(made.event);
      },
    );
  }

  /** Puts a longer list in the place of this one; `record` is given what is new when only the last step is left to do. */
  extend(next: (events: unknown[]) => unknown[], record: (added: unknown[]) => void): void {
    let added: unknown[] = [];
    this.state.update(
      (data) => {
        const events = next(data.events);
        added = events.slice(data.events.length);
        data.events = events;
      },
      () => record(added),
    );
  }
}
