import type { NotifySettings } from '../../policy/decide/types.ts';
import type { Hold, Now } from '../holding/hold.ts';
import { type Notice, type NoticeEvent, noticeText } from './notice.ts';
import { quietUntil } from './quiet.ts';
import type { Ran, Running } from './run-command.ts';
import { WaitingList } from './waiting-list.ts';

/** A run of the notifier, for the record. */
export interface NotifyRecord {
  type: 'notify';
  event: NoticeEvent;
  /** The ids of the holds that it was told of. */
  holds: readonly string[];
  /** How it ended. */
  exit: string;
}

export interface NotifierPorts {
  now(): Now;
  /** Of the policy in force at this moment; undefined: it names no notifier. */
  settings(): NotifySettings | undefined;
  run(command: readonly string[], input: string): Running;
  record(entry: NotifyRecord): void;
  /** Told once a session. */
  failed(sentence: string): void;
}

/** An agent that makes and cancels calls must not ring somebody's telephone all day. */
const MOST_RUNS = 10;
const WITHIN_MS = 60_000;
/** Looked at least this often: a timer alone sleeps through a suspended machine. */
const LONGEST_SLEEP_MS = 1_000;

/**
 * Runs the user's notifier when calls wait: each is told once, those that come together in one run, one run at a time,
 * none in quiet hours. Nothing waits for it, and nothing hangs on how it ends.
 */
export class Notifier {
  private readonly ports: NotifierPorts;
  private readonly list: WaitingList;
  private current: { running: Running; notice: Notice } | undefined;
  /** When the latest runs began, by the monotonic clock. */
  private runs: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private told = false;
  private over = false;

  constructor(ports: NotifierPorts) {
    this.ports = ports;
    this.list = new WaitingList(() => ports.settings() ?? NEVER);
  }

  /** A call waits, or waits otherwise than before. */
  waits(hold: Hold): void {
    if (this.over) return;
    this.list.put(hold);
    this.sleep();
  }

  /** It does not wait any more. */
  gone(id: string): void {
    this.list.drop(id);
    this.sleep();
  }

  /** Another policy is in force: it may name another notifier, or other times. */
  goBy(): void {
    this.told = false;
    this.sleep();
  }

  /** Ends what runs, and runs nothing more. */
  end(): void {
    this.over = true;
    this.list.clear();
    clearTimeout(this.timer);
    const { running, notice } = this.current ?? {};
    this.current = undefined;
    running?.kill(ENDED);
    // The session's record ends before the process has.
    if (notice !== undefined) this.record(notice, ENDED);
  }

  /** `least`: not before so long, in ms. */
  private sleep(least = 1): void {
    clearTimeout(this.timer);
    if (this.over || this.current !== undefined || this.ports.settings() === undefined) return;
    const ms = this.list.next(this.ports.now());
    if (ms === undefined) return;
    this.timer = setTimeout(() => this.wake(), Math.min(LONGEST_SLEEP_MS, Math.max(least, ms)));
    this.timer.unref();
  }

  private wake(): void {
    const now = this.ports.now();
    const settings = this.ports.settings();
    if (settings === undefined) return;
    if (quietUntil(now.wall, settings.quiet) !== undefined || !this.mayRun(now.mono))
      return this.sleep(LONGEST_SLEEP_MS);
    const notice = this.list.take(now);
    if (notice === undefined) return this.sleep();
    this.runs.push(now.mono);
    const running = this.ports.run(settings.command, noticeText(notice));
    this.current = { running, notice };
    void running.ended.then((ran) => this.ended(notice, ran, settings.command));
  }

  private mayRun(now: number): boolean {
    this.runs = this.runs.filter((began) => now - began < WITHIN_MS);
    return this.runs.length < MOST_RUNS;
  }

  private ended(notice: Notice, { exit, ok }: Ran, command: readonly string[]): void {
    if (this.over) return;
    this.current = undefined;
    this.record(notice, exit);
    if (!ok && !this.told) {
      this.told = true;
      this.ports.failed(failure(command[0] ?? '', exit));
    }
    this.sleep();
  }

  private record({ event, holds }: Notice, exit: string): void {
    this.ports.record({ type: 'notify', event, holds: holds.map(({ id }) => id), exit });
  }
}

const NEVER = { afterMs: Number.POSITIVE_INFINITY };

const ENDED = 'ended with its session';

function failure(program: string, exit: string): string {
  return `The notifier ${JSON.stringify(program)} (approvals.notify) failed: ${exit}. So nobody was told by it that a call waits; the call waits all the same. "holdpoint doctor" looks whether it can be run at all. This is said once a session; every run stands in the record.`;
}
