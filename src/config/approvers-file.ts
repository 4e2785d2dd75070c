import { join } from 'node:path';
import type { Home } from './home.ts';
import { StateFile } from './state-file.ts';

interface Document {
  version: 1;
  /** Signed changes, oldest first; whoever reads them checks them. */
  events: unknown[];
}

/** Who may approve, as the signed changes that made them approvers: `state/approvers.json`. */
export class ApproversFile {
  private readonly state: StateFile<Document>;

  constructor(home: Home) {
    this.state = new StateFile<Document>(join(home.state, 'approvers.json'), () => ({
      version: 1,
      events: [],
    }));
  }

  /** Throws a PlainError for a file that cannot be read. */
  read(): unknown[] {
    const { events } = this.state.read();
    return Array.isArray(events) ? events : [events];
  }

  /** Adds the change that `next` makes of those before it, under the file's lock; nothing when it throws. */
  append(next: (events: unknown[]) => unknown): void {
    this.state.update((data) => {
      data.events = [...data.events, next(data.events)];
    });
  }
}
