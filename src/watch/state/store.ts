import { performance } from 'node:perf_hooks';
import { bothDirectories } from '../../approvals/channel/both-directories.ts';
import type { ProxyDirectory } from '../../approvals/channel/channel.ts';
import type { Before, SessionView } from '../../approvals/channel/messages.ts';
import { socketDirectory } from '../../approvals/channel/socket-client.ts';
import type { Beside } from '../../approvals/showing/view.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { View } from './answers.ts';
import { Delivery } from './delivery.ts';
import type { Desk } from './desk.ts';
import { type Rules, withDraft } from './drafts.ts';
import { Edits } from './edits.ts';
import { decide, type Key, type Pressed, settled } from './intent.ts';
import type { KeyRing } from './key-ring.ts';
import { press } from './keys.ts';
import { type Looked, look } from './looked.ts';
import { hear, type News, withSelection } from './news.ts';
import { due, held, mayTakeBack, unsent } from './outgoing.ts';
import { permitted } from './permits.ts';
import { Proxies } from './proxies.ts';
import { type RecordPages, RecordReader } from './record-reader.ts';
import { RuleWriter } from './rule-writer.ts';
import { type Entry, entryKey, FIRST_SCREEN, type Intent, type Screen, say, waiting } from './screen.ts';

export interface StoreOptions {
  runFolder: string;
  env: NodeJS.ProcessEnv;
  keys: KeyRing;
  /** A file as it is on this machine, for a call that writes it; undefined for a call that writes none. */
  file?(entry: Entry): Promise<Beside['file']>;
  /** The last approved call of a tool before its session, by the record. */
  earlier?(hold: Entry['hold']): Promise<Before | null>;
  /** What a rule, as its text, would have done to the questions of the record, in words. */
  trial?(rule: string): Promise<string>;
  /** The user's policy, for rules that are permitted always. */
  rules?: Rules;
  /** The record, for its page. */
  record?: RecordPages;
  /** A call came in that was not there before. */
  ring(): void;
  /** The calls of other machines, where there is a team. */
  team?: TeamDesk;
  /** The brake of the home; without it there is none to pull. */
  brake?: Brake;
  /** An approval was refused, for no person seems to be here. Throws with a sentence when that cannot be recorded. */
  refused(hold: string, refusal: string): void;
}

/** A team's relay, as this terminal needs it. */
export interface TeamDesk {
  directory: ProxyDirectory;
  /** What a person is to know of it, as a sentence; undefined: all is well. */
  standing(): string | undefined;
  /** A key was unlocked, or put away: calls of others are read with it. */
  signer(signer: Signer | undefined): void;
  /** What is on the screen now. */
  looking(at: { session: SessionView; hold: string } | undefined): void;
}

export interface Brake {
  /** That everything is stopped, and who said so; undefined: it is not. Never throws. */
  look(): string | undefined;
  /** Stops everything; what became of it, in sentences. Rejects with one. */
  pull(reason: string): Promise<string>;
}

/** News that come together are drawn together. */
const TOGETHER_MS = 25;
const AFTER_STOP_MS = 250;
/** So often, in seconds, it is looked whether a key has come. */
const LOOK_TICKS = 3;

/** Holds the screen's state between React's renders: news and keys go in, renders and verdicts come out. */
export class Store {
  private screen: Screen;
  private readonly listeners = new Set<() => void>();
  private readonly proxies: Proxies;
  private readonly options: StoreOptions;
  private readonly keys: KeyRing;
  private readonly delivery: Delivery;
  private readonly rules: RuleWriter;
  private readonly record: RecordReader;
  readonly edits: Edits;
  private timer: NodeJS.Timeout | undefined;
  private telling: NodeJS.Timeout | undefined;
  private ticks = 0;
  /** What is to be said of answers that were not sent before the terminal was given away. */
  private unsent: string | undefined;

  constructor(options: StoreOptions) {
    this.options = options;
    this.keys = options.keys;
    const { signing } = this.keys;
    this.screen = { ...FIRST_SCREEN, signing, mode: signing.state === 'locked' ? 'unlock' : 'list' };
    const here = socketDirectory(options.runFolder);
    const directory = options.team === undefined ? here : bothDirectories(here, options.team.directory);
    this.proxies = new Proxies(directory, (news) => this.hear(news));
    this.delivery = new Delivery({ ...options, proxies: this.proxies });
    const desk: Desk = {
      screen: () => this.screen,
      set: (screen) => this.set(screen),
      now: () => this.now(),
      complain: (sentence) => this.complain(sentence),
    };
    this.rules = new RuleWriter({ ...desk, rules: options.rules, keys: this.keys });
    this.record = new RecordReader(desk, options.record);
    this.edits = new Edits(desk, {
      send: (entry, argumentsText) => this.delivery.edit(entry, argumentsText),
      answer: (pressed) => this.answer(pressed),
    });
  }

  readonly now = (): number => performance.now();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Screen => this.screen;

  start(): void {
    this.lookAtBrake();
    this.proxies.start();
  }

  /** What must still be said to the person once the terminal is theirs again, or undefined. */
  stop(): string | undefined {
    clearTimeout(this.timer);
    clearTimeout(this.telling);
    this.proxies.stop();
    return unsent(this.screen.outgoing);
  }

  press(key: Key, view: View): Pick<Pressed, 'quit' | 'suspend' | 'edit'> {
    const pressed = press(this.screen, key, this.now(), view);
    this.set(pressed.screen);
    this.tryOut();
    this.record.pressed(pressed.wanted);
    const { intent, passphrase, signs, stop } = pressed;
    if (stop !== undefined) void this.stopAll(stop);
    else if (signs !== undefined) void this.rules.write(signs);
    else if (passphrase !== undefined) void this.unlock(passphrase, intent);
    else this.answer(pressed);
    this.settleLater();
    return pressed;
  }

  /** A rule that is about to be permitted is tried on the record, once. */
  private tryOut(): void {
    const found = permitted(this.screen);
    const { trial } = this.options;
    if (found !== undefined) this.rules.look();
    if (found === undefined || trial === undefined) return;
    const { text } = found;
    if (this.screen.trials.has(text)) return;
    const put = (words: string): void =>
      this.set({ ...this.screen, trials: new Map(this.screen.trials).set(text, words) });
    put('trying it on the record…');
    trial(text).then(put, () => put('the record could not be asked'));
  }

  /** The terminal is given to the shell: what was not sent yet is not sent behind the person's back. */
  leave(): void {
    this.unsent = unsent(this.screen.outgoing);
    this.set({ ...this.screen, away: true, outgoing: [], approving: undefined });
    this.settleLater();
  }

  /** The screen is drawn anew after a while in which nobody saw it: nothing on it counts as looked at. */
  resumed(): void {
    const now = this.now();
    const said = this.unsent;
    const anew = { selectedSince: now, lastKey: now, away: false, dwelt: new Map<string, number>() };
    const screen = { ...this.screen, ...anew };
    this.set(said === undefined ? screen : say(screen, said, 'bad', now));
  }

  private settleLater(): void {
    clearTimeout(this.timer);
    const { approving, outgoing } = this.screen;
    const next = Math.min(approving?.at ?? Number.POSITIVE_INFINITY, ...outgoing.map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) return;
    // Keys that came meanwhile are read before it counts, also when the loop was late.
    const settle = (): void => void setImmediate(() => this.settle());
    this.timer = setTimeout(settle, Math.max(0, next - this.now()));
  }

  private settle(): void {
    const { approving } = this.screen;
    if (approving !== undefined && this.now() >= approving.at) {
      const decided = settled(this.screen, this.now());
      this.set(decided.screen);
      this.answer(decided);
    }
    const { screen, send } = due(this.screen, this.now());
    this.set(screen);
    for (const { intent, signer } of send) this.send(intent, signer);
    this.settleLater();
  }

  /** What was decided is sent: at once, or when it cannot be taken back any more. */
  private answer({ intent, others = [] }: Pressed): void {
    if (intent === undefined) return;
    for (const one of [intent, ...others]) this.sendOrHold(one);
  }

  /** `signer`: the key that was unlocked for this answer alone. */
  private sendOrHold(intent: Intent, signer?: Signer): void {
    if (!mayTakeBack(intent, Date.now())) return this.send(intent, signer);
    this.set(held(this.screen, { intent, signer }, this.now()));
    this.settleLater();
  }

  private send(intent: Intent, signer?: Signer): void {
    const key = { signer: signer ?? this.keys.signer, passphrase: signer !== undefined };
    const { always } = intent;
    const counted = always === undefined ? undefined : (): void => void this.rules.draft(always);
    const fault = this.delivery.send(intent, key, counted);
    if (fault !== undefined) this.complain(fault);
  }

  private lookAtBrake(): void {
    const stopped = this.options.brake?.look();
    if (stopped !== this.screen.stopped) this.set({ ...this.screen, stopped });
  }

  private lookAtTeam(): void {
    const { team } = this.options;
    if (team === undefined) return;
    const standing = team.standing();
    if (standing !== this.screen.team) this.set({ ...this.screen, team: standing });
    const on = this.screen.entries.find(({ key }) => key === this.screen.selected);
    team.looking(on && { session: on.session, hold: on.hold.id });
  }

  private async stopAll(reason: string): Promise<void> {
    try {
      const told = await this.options.brake?.pull(reason);
      // What the proxies say of the calls that it ended must not stand in its place.
      await new Promise((later) => setTimeout(later, AFTER_STOP_MS));
      if (told !== undefined) this.set(say(this.screen, told, 'bad', this.now()));
    } catch (error) {
      this.complain((error as Error).message);
    }
    this.lookAtBrake();
  }

  /** Called each second. Lets a message go whose time is over, and the key when nobody has been here for long. */
  tick(): void {
    this.lookAtBrake();
    this.lookAtTeam();
    if (this.keys.lockWhenIdle(this.now() - this.screen.lastKey)) {
      this.options.team?.signer(undefined);
      const { signing } = this.keys;
      const said = 'Nobody was here for 30 minutes: the key is locked again.';
      this.set(say({ ...this.screen, signing }, said, 'plain', this.now()));
    }
    this.ticks += 1;
    this.record.tick(this.ticks);
    if (this.ticks % LOOK_TICKS === 0 && this.keys.look()) {
      const { signing } = this.keys;
      const said = `There is an approver key now, of ${signing.name}: u unlocks it, and answers are signed.`;
      this.set(say({ ...this.screen, signing }, said, 'good', this.now()));
    }
    const { message } = this.screen;
    if (message !== undefined && message.until < this.now()) this.set({ ...this.screen, message: undefined });
  }

  private hear(news: News): void {
    const before = waiting(this.screen);
    this.screen = hear(this.screen, news, this.now());
    if (news.type === 'hold' && waiting(this.screen) > before) this.options.ring();
    this.telling ??= setTimeout(() => this.tell(), TOGETHER_MS);
    if (news.type !== 'closed') return;
    this.edits.over(entryKey(news.session, news.hold));
    this.settleLater();
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
    const given = intent !== undefined && intent.entry.key === back.selected;
    this.set(given ? decide(back, [intent], this.now()).screen : back);
    if (intent !== undefined) return this.sendOrHold(intent, opened);
    this.options.team?.signer(opened);
    const { signing } = this.keys;
    const said = `Answers are signed as ${signing.name} from now on.`;
    this.set(say({ ...this.screen, signing }, said, 'good', this.now()));
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
  readonly look = (card: Omit<Looked, 'shown'>, from: number, to: number): void => {
    this.set(look(this.screen, card, from, to));
  };

  /** The file that a call writes, as it is on this machine: never recorded, nor sent. */
  readonly fileBeside = async (entry: Entry): Promise<Beside['file']> => this.options.file?.(entry);

  /** The last approved call of its tool before its session; none is looked for where the session has one itself. */
  readonly earlier = async (entry: Entry): Promise<Before | undefined> => {
    if (entry.hold.before !== null) return undefined;
    return (await this.options.earlier?.(entry.hold)) ?? undefined;
  };

  private complain(sentence: string): void {
    this.set(say(withSelection(this.screen, this.now()), sentence, 'bad', this.now()));
  }

  private set(next: Screen): void {
    const screen = withDraft(next);
    if (screen === this.screen) return;
    this.screen = screen;
    this.tell();
  }

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    for (const listener of this.listeners) listener();
  }
}
