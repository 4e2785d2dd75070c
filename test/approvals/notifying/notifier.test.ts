import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifier } from '../../../src/approvals/notifying/notifier.ts';
import type { Ran } from '../../../src/approvals/notifying/run-command.ts';
import type { NotifySettings } from '../../../src/policy/decide/types.ts';
import { holdOf } from '../../support/held.ts';

const OK: Ran = { exit: 'exit code 0', ok: true };

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 24, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A notifier whose runs a test ends by hand, unless `ran` says how each ends at once. */
function notifierWith(settings: Partial<NotifySettings>, ran?: Ran) {
  const runs: { told: string[]; event: string; end(ran: Ran): void; killed: boolean }[] = [];
  const records: unknown[] = [];
  const failed: string[] = [];
  const policy: { notify: NotifySettings | undefined } = {
    notify: { command: ['/bin/call', 'me'], afterMs: 10_000, ...settings },
  };
  const notifier = new Notifier({
    settings: () => policy.notify,
    now: () => ({ wall: Date.now(), mono: performance.now() }),
    run: (_command, input) => {
      const { event, holds } = JSON.parse(input) as { event: string; holds: { id: string }[] };
      let end: (ran: Ran) => void = () => {};
      const ended = new Promise<Ran>((resolve) => {
        end = resolve;
      });
      const run = { told: holds.map(({ id }) => id), event, end, killed: false };
      runs.push(run);
      if (ran !== undefined) end(ran);
      const kill = (): void => {
        run.killed = true;
      };
      return { ended, kill };
    },
    record: (entry) => records.push(entry),
    failed: (sentence) => failed.push(sentence),
  });
  const told = (): string[][] => runs.map(({ told: ids }) => ids);
  return { notifier, policy, runs, records, failed, told };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a notifier', () => {
  it('is run once for a hold, after it has waited so long', async () => {
    const { notifier, told, records } = notifierWith({}, OK);
    notifier.waits(holdOf('h1'));
    await pass(9_900);
    expect(told()).toEqual([]);
    await pass(200);
    expect(told()).toEqual([['h1']]);
    notifier.waits({ ...holdOf('h1'), state: 'detached' });
    await pass(3_600_000);
    expect(told()).toEqual([['h1']]);
    expect(records).toEqual([{ type: 'notify', event: 'waiting', holds: ['h1'], exit: 'exit code 0' }]);
  });

  it('follows the policy: who is named later is told of what waits, who is named no more is not', async () => {
    const { notifier, policy, told } = notifierWith({}, OK);
    const { notify } = policy;
    policy.notify = undefined;
    notifier.waits(holdOf('h1'));
    await pass(60_000);
    expect(told()).toEqual([]);
    policy.notify = notify;
    notifier.goBy();
    await pass(1_000);
    expect(told()).toEqual([['h1']]);
    notifier.waits(holdOf('h2'));
    await pass(5_000);
    policy.notify = undefined;
    await pass(60_000);
    expect(told()).toEqual([['h1']]);
  });

  it('is not run for a hold that ended before', async () => {
    const { notifier, told } = notifierWith({}, OK);
    notifier.waits(holdOf('h1'));
    await pass(9_000);
    notifier.gone('h1');
    await pass(60_000);
    expect(told()).toEqual([]);
  });

  it('is run once for calls that come together, with all of them', async () => {
    const { notifier, told } = notifierWith({}, OK);
    notifier.waits(holdOf('h1'));
    await pass(4_000);
    notifier.waits(holdOf('h2'));
    await pass(5_000);
    notifier.waits(holdOf('h3'));
    await pass(60_000);
    expect(told()).toEqual([['h1', 'h2', 'h3']]);
  });

  it('that is run at once still tells calls of one moment together', async () => {
    const { notifier, told } = notifierWith({ afterMs: 0 }, OK);
    notifier.waits(holdOf('h1'));
    notifier.waits(holdOf('h2'));
    await pass(20);
    notifier.waits(holdOf('h3'));
    await pass(2_000);
    expect(told()).toEqual([['h1', 'h2', 'h3']]);
  });

  it('runs once at a time: what comes while it runs is told in the next run', async () => {
    const { notifier, runs, told } = notifierWith({ afterMs: 0 });
    notifier.waits(holdOf('h1'));
    await pass(100);
    notifier.waits(holdOf('h2'));
    await pass(5_000);
    notifier.waits(holdOf('h3'));
    await pass(4_000);
    expect(told()).toEqual([['h1']]);
    runs[0]?.end(OK);
    await pass(100);
    expect(told()).toEqual([['h1'], ['h2', 'h3']]);
  });

  it('is run at most ten times a minute: the rest is told together', async () => {
    const { notifier, told } = notifierWith({ afterMs: 0 }, OK);
    for (let n = 1; n <= 30; n += 1) {
      notifier.waits(holdOf(`h${n}`));
      await pass(1_000);
    }
    expect(told()).toHaveLength(10);
    await pass(33_000);
    expect(told().flat()).toHaveLength(30);
    expect(told()).toHaveLength(11);
  });

  it('reminds once, before the client has waited too long', async () => {
    const { notifier, runs } = notifierWith({ remindMs: 30_000 }, OK);
    const hold = holdOf('h1');
    notifier.waits({ ...hold, answerBy: hold.openedAt + 60_000, answerByMono: hold.openedMono + 60_000 });
    await pass(29_000);
    expect(runs.map(({ event }) => event)).toEqual(['waiting']);
    await pass(2_000);
    expect(runs.map(({ event }) => event)).toEqual(['waiting', 'reminder']);
    notifier.waits({ ...hold, state: 'detached' });
    await pass(3_600_000);
    expect(runs).toHaveLength(2);
  });

  it('reminds before the hold ends where its client waits as long', async () => {
    const { notifier, runs } = notifierWith({ remindMs: 30_000 }, OK);
    notifier.waits(holdOf('h1', {}, 120_000));
    await pass(89_000);
    expect(runs).toHaveLength(1);
    await pass(2_000);
    expect(runs.map(({ event }) => event)).toEqual(['waiting', 'reminder']);
  });

  it('does not remind of what was told after the time for that', async () => {
    const { notifier, runs } = notifierWith({ remindMs: 115_000 }, OK);
    notifier.waits(holdOf('h1', {}, 120_000));
    await pass(119_000);
    expect(runs.map(({ event }) => event)).toEqual(['waiting']);
  });

  it('is silent in quiet time, and then tells once what waits still', async () => {
    const quiet = { from: 12 * 60, to: 12 * 60 + 30 };
    const { notifier, told } = notifierWith({ quiet, remindMs: 60_000 }, OK);
    notifier.waits(holdOf('h1'));
    notifier.waits(holdOf('h2', {}, 3_600_000));
    await pass(20 * 60_000);
    notifier.waits(holdOf('h3'));
    notifier.gone('h1');
    await pass(10 * 60_000 - 1_000);
    expect(told()).toEqual([]);
    await pass(3_000);
    expect(told()).toEqual([['h2', 'h3']]);
  });

  it('that fails is told of once, and is tried again for the next call', async () => {
    const { notifier, failed, told, records } = notifierWith(
      { afterMs: 0 },
      { exit: 'exit code 7', ok: false },
    );
    notifier.waits(holdOf('h1'));
    await pass(1_000);
    notifier.waits(holdOf('h2'));
    await pass(1_000);
    expect(told()).toEqual([['h1'], ['h2']]);
    expect(failed).toEqual([expect.stringContaining('"/bin/call" (approvals.notify) failed: exit code 7.')]);
    expect(records).toHaveLength(2);
  });

  it('ends with its session, which is recorded, and is not run again', async () => {
    const { notifier, runs, records, failed } = notifierWith({ afterMs: 0 });
    notifier.waits(holdOf('h1'));
    await pass(100);
    notifier.waits(holdOf('h2'));
    notifier.end();
    notifier.waits(holdOf('h3'));
    runs[0]?.end({ exit: 'signal SIGKILL', ok: false });
    await pass(60_000);
    expect(runs.map(({ killed }) => killed)).toEqual([true]);
    expect(records).toEqual([
      { type: 'notify', event: 'waiting', holds: ['h1'], exit: 'ended with its session' },
    ]);
    expect(failed).toEqual([]);
  });
});
