import { performance } from 'node:perf_hooks';
import { answerFrom } from './answer.ts';
import { type Intent, type Key, press, type View } from './keys.ts';
import { Proxies } from './proxies.ts';
import { FIRST_SCREEN, hear, type News, type Screen, say, waiting } from './screen.ts';

export interface StoreOptions {
  runFolder: string;
  env: NodeJS.ProcessEnv;
  /** A call came in that was not there before. */
  ring(): void;
}

/** Holds the screen's state between React's renders: news and keys go in, renders and verdicts come out. */
export class Store {
  private screen: Screen = FIRST_SCREEN;
  private readonly listeners = new Set<() => void>();
  private readonly proxies: Proxies;
  private readonly options: StoreOptions;

  constructor(options: StoreOptions) {
    this.options = options;
    this.proxies = new Proxies(options.runFolder, (news) => this.hear(news));
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
    this.proxies.stop();
  }

  /** True when the key asks to leave. */
  press(key: Key, view: View): boolean {
    const pressed = press(this.screen, key, this.now(), view);
    this.set(pressed.screen);
    if (pressed.intent !== undefined) this.decide(pressed.intent);
    return pressed.quit === true;
  }

  /** Lets a message go whose time is over. */
  tick(): void {
    const { message } = this.screen;
    if (message !== undefined && message.until < this.now()) this.set({ ...this.screen, message: undefined });
  }

  private hear(news: News): void {
    const before = waiting(this.screen);
    this.set(hear(this.screen, news, this.now()));
    if (news.type === 'hold' && waiting(this.screen) > before) this.options.ring();
  }

  private decide({ entry, verdict, confirmation, reason, dwellMs }: Intent): void {
    const { session, hold } = entry;
    const said = {
      hold: hold.id,
      verdict,
      digest: hold.digest,
      callDigest: hold.callDigest,
      dwellMs: Math.round(dwellMs),
      ...(confirmation === undefined ? {} : { confirmation }),
      ...(reason === undefined ? {} : { reason }),
    };
    const answer = answerFrom(session, said, { env: this.options.env, isTerminal: true });
    if ('refusal' in answer) return this.set(say(this.screen, answer.refusal, 'bad', this.now()));
    const sent = this.proxies.send(session.session, answer.verdict);
    if (!sent) this.set(say(this.screen, 'Its server has ended; nothing was executed.', 'bad', this.now()));
  }

  private set(screen: Screen): void {
    if (screen === this.screen) return;
    this.screen = screen;
    for (const listener of this.listeners) listener();
  }
}
