import { type AlternateScreen, BACK_MS } from './alternate-screen.ts';
import { editText, sweepEdits } from './editing/edit-text.ts';
import type { Entry } from './state/screen.ts';
import type { Store } from './state/store.ts';

/** Where the terminal goes for a while: to the shell, or to an editor. */
export class Elsewhere {
  private readonly store: Store;
  private readonly screen: AlternateScreen;
  private readonly drafts: string;
  private editing = false;

  /** `drafts`: the folder for what is edited. */
  constructor(store: Store, screen: AlternateScreen, drafts: string) {
    this.store = store;
    this.screen = screen;
    this.drafts = drafts;
    sweepEdits(drafts);
  }

  // Ink takes an unchanged frame for drawn: so an empty one is drawn before, and the whole one after.
  suspend(): void {
    this.store.leave();
    setTimeout(() => this.screen.suspend(() => this.store.resumed()), BACK_MS);
  }

  edit(entry: Entry): void {
    const { store, screen, drafts } = this;
    this.editing = true;
    const text = store.edits.textFor(entry);
    store.leave();
    setTimeout(() => {
      const outcome = screen.lend(() => editText(text, drafts, process.env));
      store.resumed();
      store.edits.take(entry, outcome);
      // What was meant for the editor came to us too, and is told behind this.
      setTimeout(() => {
        this.editing = false;
      }, BACK_MS);
    }, BACK_MS);
  }

  /** Whether a signal was meant for the editor: an interrupt that is typed goes to every program of the terminal. */
  took(signal: NodeJS.Signals): boolean {
    return this.editing && signal === 'SIGINT';
  }
}
