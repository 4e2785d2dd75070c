import { fileNamed, inOrder, type SessionFile } from '../log/session-files.ts';
import { FolderView } from './folder-view.ts';

/** Of `<YYYY-MM>/<session>.jsonl`. */
export const monthOf = (name: string): string => name.slice(0, name.indexOf('/'));
export const baseOf = (name: string): string => name.slice(name.indexOf('/') + 1);

/** What became of a month's folder since it was met. */
export interface Change {
  gone: string[];
  /** In the order of the log. */
  fresh: SessionFile[];
  /** To be called once these were met; a look that fails before begins with them again. */
  met(): void;
}

/** Which files lie in the audit folder, as they were met. */
export class NamesThere {
  /** The newest two months, as of the last look: what is written now lies there. */
  recent: readonly string[] = [];
  private readonly folder: string;
  private readonly view: FolderView;
  private readonly names = new Map<string, ReadonlySet<string>>();

  /** `wall`: the system's clock, ms since 1970. */
  constructor(folder: string, wall: () => number) {
    this.folder = folder;
    this.view = new FolderView(folder, wall);
  }

  has(name: string): boolean {
    return this.names.get(monthOf(name))?.has(baseOf(name)) === true;
  }

  /** All months, oldest first. Throws errors of the system. */
  months(): string[] {
    const months = this.view.months();
    this.recent = months.slice(-2);
    return months;
  }

  /** Undefined when the month is the same as last time. Throws errors of the system. */
  change(month: string): Change | undefined {
    const names = this.view.changedNames(month);
    if (names === undefined) return undefined;
    const known = this.names.get(month) ?? new Set();
    const gone = [...known].filter((base) => !names.has(base)).map((base) => `${month}/${base}`);
    const fresh = [...names]
      .filter((base) => !known.has(base))
      .flatMap((base) => fileNamed(this.folder, month, base) ?? [])
      .sort(inOrder);
    return { gone, fresh, met: () => this.names.set(month, names) };
  }

  /** A look failed half-way: the next one begins with all names. */
  lookAgain(): void {
    this.view.forget();
  }

  clear(): void {
    this.names.clear();
    this.view.forget();
  }
}
