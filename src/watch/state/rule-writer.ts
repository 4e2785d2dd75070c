import type { Desk } from './desk.ts';
import { type Draft, type Rules, told } from './drafts.ts';
import type { KeyRing } from './key-ring.ts';
import { type Screen, say } from './screen.ts';

interface RuleDesk extends Desk {
  rules: Rules | undefined;
  keys: KeyRing;
}

const STANDS = 'The call itself was approved, once: that stands.';

/** From an approval "always" to the rule in the policy: drafted, shown, signed, written. */
export class RuleWriter {
  private readonly desk: RuleDesk;

  constructor(desk: RuleDesk) {
    this.desk = desk;
  }

  /** Whether a rule could be written is looked at while the person chooses. */
  look(): void {
    const screen = this.desk.screen();
    const { rules } = this.desk;
    const barred = rules === undefined ? screen.barred : rules.barred();
    if (barred !== screen.barred) this.desk.set({ ...screen, barred });
  }

  /** Shows what a rule would change, once its call was approved. */
  async draft(rule: string): Promise<void> {
    const { rules } = this.desk;
    if (rules === undefined) return;
    const draft = await rules
      .draft(rule)
      .catch((error: Error) => told('no rule was written', [error.message, STANDS]));
    const screen = this.desk.screen();
    this.desk.set({ ...screen, drafts: [...screen.drafts, draft] });
  }

  /** Writes the rule that is shown, under the key of this passphrase. */
  async write(passphrase: string): Promise<void> {
    const { rules, keys } = this.desk;
    const screen = this.desk.screen();
    const [draft, ...later] = screen.drafts;
    if (rules === undefined || draft === undefined) return;
    // Whoever types on means the passphrase, not a command.
    const waits: Screen = { ...screen, mode: 'ignoring', typed: '', drafts: later };
    this.desk.set(say(waits, 'Unlocking…', 'plain', this.desk.now()));
    const opened = await keys.open(passphrase, false);
    if ('fault' in opened) return this.back([draft], `${opened.fault} Nothing was written.`, 'bad');
    try {
      const { done, but } = await rules.write(draft.rule, opened);
      this.back(but.length === 0 ? [] : [told('the rule is in force', [done, ...but])], done, 'good');
    } catch (error) {
      const why = (error as Error).message;
      this.back([told('no rule was written', [why, STANDS])], 'No rule was written.', 'bad');
    }
  }

  private back(first: readonly Draft[], text: string, tone: 'good' | 'bad'): void {
    const screen = this.desk.screen();
    const mode = screen.mode === 'ignoring' ? ('list' as const) : screen.mode;
    const next: Screen = { ...screen, mode, drafts: [...first, ...screen.drafts] };
    this.desk.set(say(next, text, tone, this.desk.now()));
  }
}
