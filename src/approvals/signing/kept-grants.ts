import { join } from 'node:path';
import type { Home } from '../../platform/home.ts';
import { StateFile } from '../../platform/state-file.ts';

/** A signed grant; whoever reads it checks it. */
export interface Kept {
  statement: string;
  value: string;
}

interface Document {
  version: 1;
  grants: Kept[];
}

/** A list this long was not made by people. */
const MOST = 500;

function isDocument(data: unknown): boolean {
  const { grants } = (data ?? {}) as { grants?: unknown };
  return (
    Array.isArray(grants) &&
    grants.every((one) => typeof one?.statement === 'string' && typeof one?.value === 'string')
  );
}

/** The signed grants of a home: `state/grants.json`. A damaged file grants nothing. */
export class GrantsFile {
  private readonly state: StateFile<Document>;

  constructor(home: Home) {
    this.state = new StateFile<Document>(
      join(home.state, 'grants.json'),
      () => ({ version: 1, grants: [] }),
      isDocument,
    );
  }

  read(): Kept[] {
    return this.state.read().grants.slice(-MOST);
  }

  /** Sets a damaged file aside; the sentence about it. */
  heal(): string | undefined {
    return this.state.heal();
  }

  add(kept: Kept): void {
    this.state.update((data) => {
      data.grants = [...data.grants, kept].slice(-MOST);
    });
  }

  /** `record` is called when only the last step is left to do; what it throws keeps all of them. */
  remove(unwanted: (kept: Kept) => boolean, record?: () => void): void {
    this.state.update((data) => {
      data.grants = data.grants.filter((one) => !unwanted(one));
    }, record);
  }
}
