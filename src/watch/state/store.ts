import { performance } from 'node:perf_hooks';
import { answerFrom, personHere, type RefusedAnswer } from '../../approvals/answering/answer.ts';
import type { Row } from '../../approvals/answering/wrap.ts';
import { socketDirectory } from '../../approvals/channel/socket-client.ts';
import type { Seen } from '../../approvals/holding/hold.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { decide, type Key, settled } from './intent.ts';
import type { KeyRing } from './key-ring.ts';
import { press, type View } from './keys.ts';
import { Proxies } from './proxies.ts';
import {
  FIRST_SCREEN,
  hear,
  type Intent,
  type Looked,
  look,
  type News,
  type Screen,
  say,
  waiting,
  withSelection,
} from './screen.ts';

export interface StoreOptions {
  runFolder: string;
  env: NodeJS.ProcessEnv;
  keys: KeyRing;
  /** A call came in that was not there before. */
  ring(): void;
  /** An approval was refused, for no person seems to be here. Throws with a sentence when that cannot be recorded. */
  refused(hold: string, refusal: string): void;
}

/** Holds the screen's state between React's renders: news and keys go in, renders and verdicts come out. */
export class Store {
  private screen: Screen;
  private readonly listeners = new Set<() => void>();
  private readonly proxies: Proxies;
  private readonly options: StoreOptions;
  private readonly keys: KeyRing;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: StoreOptions) {
    this.options = options;
    this.keys = options.keys;
    const { signing } = this.keys;
    this.screen = { ...FIRST_SCREEN, signing, mode: signing.state === 'locked' ? 'unlock' : 'list' };
    this.proxies = new Proxies(socketDirectory(options.runFolder), (news) => this.hear(news));
  }

  readonly now = (): number => performance.now();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Screen => this.screen;

  start(): void {
    this.proxies.start();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.proxies.stop();
  }

  /** True when the key asks to leave. */
  press(key: Key, view: View): boolean {
    const pressed = press(this.screen, key, this.now(), view);
    this.set(pressed.screen);
    const { intent, passphrase } = pressed;
    if (passphrase !== undefined) void this.unlock(passphrase, intent);
    else if (intent !== undefined) this.decide(intent);
    this.settleLater();
    return pressed.quit === true;
  }

  private settleLater(): void {
    clearTimeout(this.timer);
    const { approving } = this.screen;
    if (approving === undefined) return;
    // Keys that came meanwhile are read before it counts, also when the loop was late.
    const settle = (): void => void setImmediate(() => this.settle());
    this.timer = setTimeout(settle, Math.max(0, approving.at - this.now()));
  }

  private settle(): void {
    const { approving } = this.screen;
    if (approving === undefined) return;
    if (this.now() < approving.at) return this.settleLater();
    const { screen, intent } = settled(this.screen, this.now());
    this.set(screen);
    if (intent !== undefined) this.decide(intent);
  }

  /** Lets a message go whose time is over, and the key when nobody has been here for long. */
  tick(): void {
    if (this.keys.lockWhenIdle(this.now() - this.screen.lastKey)) {
      const { signing } = this.keys;
      this.set(
        say(
          { ...this.screen, signing },
          'Nobody was here for 30 minutes: the key is locked again.',
          'plain',
          this.now(),
        ),
      );
    }
    const { message } = this.screen;
    if (message !== undefined && message.until < this.now()) this.set({ ...this.screen, message: undefined });
  }

  private hear(news: News): void {
    const before = waiting(this.screen);
    this.set(hear(this.screen, news, this.now()));
    if (news.type === 'hold' && waiting(this.screen) > before) this.options.ring();
  }

  private decide(intent: Intent, signer = this.keys.signer, passphrase = false): void {
    const { entry, verdict, confirmation, reason, dwellMs, looked } = intent;
    const { session, hold } = entry;
    const said = {
      verdict,
      dwellMs: Math.round(dwellMs),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(reason === undefined ? {} : { reason }),
    };
    const revealed = intent.revealed;
    const answer = answerFrom(session, hold, said, {
      keyed: this.keys.keyed,
      revealed,
      person: personHere(session, verdict, { env: this.options.env, isTerminal: true }),
      signer,
      passphrase,
      seen: seenOf(looked),
    });
    if ('refusal' in answer) return this.complain(this.recorded(hold.id, answer));
    const sent = this.proxies.send(session.session, answer.verdict);
    if (!sent) this.complain('Its server has ended; nothing was executed.');
  }

  /** What is said of a refusal, once it is in the log where it must be. */
  private recorded(hold: string, { refusal, notAPerson }: RefusedAnswer): string {
    if (notAPerson !== true) return refusal;
    try {
      this.options.refused(hold, refusal);
      return refusal;
    } catch (error) {
      return `${refusal} It could not be recorded: ${(error as Error).message}`;
    }
  }

  /** For this one answer, or, without one, for all that follow. */
  private async unlock(passphrase: string, intent: Intent | undefined): Promise<void> {
    // Whoever types on means the passphrase, not a command.
    const waits = { ...this.screen, mode: 'ignoring' as const };
    this.set(say(waits, 'Unlocking…', 'plain', this.now()));
    const opened = await this.keys.open(passphrase, intent === undefined);
    const { mode } = this.screen;
    const back = { ...this.screen, mode: mode === 'ignoring' ? ('list' as const) : mode };
    if ('fault' in opened) return this.locked(opened.fault, intent === undefined);
    const { entry } = intent ?? {};
    const given = entry !== undefined && intent !== undefined && entry.key === back.selected;
    this.set(given ? decide(back, entry, intent, this.now()).screen : back);
    if (intent !== undefined) return this.decide(intent, opened, true);
    const { signing } = this.keys;
    this.set(
      say(
        { ...this.screen, signing },
        `Answers are signed as ${signing.name} from now on.`,
        'good',
        this.now(),
      ),
    );
  }

  /** It is asked for again; where it was for one answer, what is typed on must not become commands. */
  private locked(fault: string, again: boolean): void {
    const screen = withSelection(this.screen, this.now());
    if (again) this.set(say({ ...screen, mode: 'unlock', typed: '' }, fault, 'bad', this.now()));
    else {
      const said = `${fault} Nothing was approved. What you type is ignored until Enter or Esc.`;
      this.set(say({ ...screen, mode: 'ignoring', typed: '' }, said, 'bad', this.now()));
    }
  }

  /** What is on the screen now. Called after each frame. */
  readonly look = (rows: readonly Row[], from: number, to: number): void => {
    this.set(look(this.screen, rows, from, to));
  };

  private complain(sentence: string): void {
    this.set(say(withSelection(this.screen, this.now()), sentence, 'bad', this.now()));
  }

  private set(screen: Screen): void {
    if (screen === this.screen) return;
    this.screen = screen;
    for (const listener of this.listeners) listener();
  }
}

/** The rows that were on the screen, as they are signed for; all of none for a call that never was. */
function seenOf(looked: Looked | undefined): Seen {
  const rows = looked?.rows ?? [];
  const lines = looked?.upTo ?? 0;
  const text = rows
    .slice(0, lines)
    .map(({ indent, segments }) => ' '.repeat(indent) + segments.map((one) => one.text).join(''));
  return { lines, of: rows.length, digest: sha256Hex(text.join('\n')) };
}
