import type { Desk } from './desk.ts';
import { type EditorText, textOf, written } from './editing.ts';
import { decide, intentOf, type Pressed } from './intent.ts';
import { type Entry, entryOf, say } from './screen.ts';

/** Where changed arguments go. */
interface Ways {
  /** Why they were not sent, as a sentence; undefined: they were. */
  send(entry: Entry, argumentsText: string): string | undefined;
  answer(pressed: Pressed): void;
}

/** Calls whose arguments a person changes in their editor, and what they wrote that could not be sent yet. */
export class Edits {
  private readonly desk: Desk;
  private readonly ways: Ways;
  /** By key of the call, until it waits no more. */
  private readonly kept = new Map<string, string>();

  constructor(desk: Desk, ways: Ways) {
    this.desk = desk;
    this.ways = ways;
  }

  /** What an editor is given of a call: its arguments, or what the person wrote before that could not be sent. */
  textFor(entry: Entry): string {
    return this.kept.get(entry.key) ?? textOf(entry);
  }

  /** What an editor left of a call's arguments. */
  take({ key }: Entry, outcome: EditorText): void {
    const { desk, kept } = this;
    const entry = entryOf(desk.screen(), key);
    if (entry === undefined) return desk.complain('The call waits no more; what you wrote was not sent.');
    if ('fault' in outcome) return desk.complain(outcome.fault);
    const text = 'text' in outcome ? outcome.text : this.textFor(entry);
    const found = written(entry, text);
    if ('unchanged' in found) {
      kept.delete(key);
      const said = 'Nothing was changed: the call waits as it was.';
      return desk.set(say(desk.screen(), said, 'plain', desk.now()));
    }
    kept.set(key, text);
    if ('fault' in found) return desk.complain(found.fault);
    if ('reason' in found) return this.propose(entry, found.reason);
    desk.set({ ...desk.screen(), edited: key });
    const fault = this.ways.send(entry, found.argumentsText);
    if (fault !== undefined) desk.complain(fault);
  }

  /** The call waits no more. */
  over(key: string): void {
    this.kept.delete(key);
  }

  private propose(entry: Entry, reason: string): void {
    const { desk } = this;
    const intent = { ...intentOf(desk.screen(), entry, 'reject', desk.now()), reason };
    const decided = decide(desk.screen(), [intent], desk.now());
    desk.set(decided.screen);
    this.ways.answer(decided);
  }
}
