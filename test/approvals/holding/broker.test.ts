import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { broker } from '../../support/broker.ts';
import { heldCall } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const HELD = heldCall({ digest: 'd', callDigest: 'c', obligations: obligations({ timeoutMs: 60_000 }) });
const BY = { name: 'ada', method: 'watch' as const, tier: 0 as const, chain: [] };
const APPROVE = {
  hold: 'h1',
  verdict: 'approve' as const,
  digest: 'd',
  callDigest: 'c',
  confirmation: undefined,
  reason: undefined,
  by: BY,
  definition: null,
  dwellMs: undefined,
  rendered: { digest: '0'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the broker', () => {
  it('keeps a client with a token alive after 5 s and then every 10 s, and stops when the call is decided', () => {
    const { broker: room, keepAlive } = broker();
    room.escalated(HELD, 'n:1', { hasProgressToken: true });
    vi.advanceTimersByTime(4_900);
    expect(keepAlive).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30_000);
    expect(keepAlive.mock.calls.map((call) => call.slice(0, 2))).toEqual([
      ['n:1', 1],
      ['n:1', 2],
      ['n:1', 3],
    ]);
    room.verdict(APPROVE, 1);
    vi.advanceTimersByTime(60_000);
    expect(keepAlive).toHaveBeenCalledTimes(3);
  });

  it('refuses a call at its time-out, without anybody asking', () => {
    const { broker: room, refuse } = broker();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    vi.advanceTimersByTime(59_000);
    expect(refuse).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_001);
    expect(refuse).toHaveBeenCalledTimes(1);
  });

  it('refuses, instead of forwarding, when the bytes are not those that were approved', () => {
    const { broker: room, refuse } = broker({ forward: () => false });
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    room.verdict(APPROVE, 1);
    expect(refuse.mock.calls[0]?.[1]).toMatchObject({ detail: { why: 'fault' } });
  });

  it('refuses a call that can be given no id', () => {
    const { broker: room, refuse } = broker({
      newId: () => {
        throw new Error('the folder is full');
      },
    });
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    expect(refuse.mock.calls[0]?.[1].text).toContain('the folder is full');
  });

  it('refuses a call whose approval cannot be recorded, and tells the approver so', () => {
    let full = false;
    const record = () => {
      if (full) throw new Error('the disk is full');
    };
    const { broker: room, forward, refuse, reply } = broker({ record });
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    full = true;
    room.verdict(APPROVE, 7);
    expect(forward).not.toHaveBeenCalled();
    expect(refuse.mock.calls[0]?.[1].text).toContain('the disk is full');
    expect(reply.mock.calls[0]).toEqual([7, false, expect.stringContaining('the disk is full')]);
    full = false;
    room.verdict(APPROVE, 8);
    expect(forward).not.toHaveBeenCalled();
  });

  it('asks for a new nonce for each hold, and keeps it', () => {
    let n = 0;
    const { broker: room } = broker({ newNonce: () => `nonce ${++n}` });
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    room.escalated({ ...HELD, digest: 'e', callDigest: 'f' }, 'n:2', { hasProgressToken: false });
    expect(room.holds.map(({ nonce }) => nonce)).toEqual(['nonce 1', 'nonce 2']);
  });

  it('does not let an approval through that comes in the moment after the time-out', () => {
    const { broker: room, forward, reply } = broker();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    vi.setSystemTime(Date.now() + 60_000);
    room.verdict(APPROVE, 7);
    expect(forward).not.toHaveBeenCalled();
    expect(reply.mock.calls[0]?.slice(0, 2)).toEqual([7, false]);
  });

  it('notices within a second of its waking that a machine which slept has let a hold expire', () => {
    let asleep = 0;
    const now = () => ({ wall: Date.now() + asleep, mono: performance.now() });
    const { broker: room, refuse, forward } = broker({ now });
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    vi.advanceTimersByTime(10_000);
    asleep = 3_600_000;
    vi.advanceTimersByTime(1_000);
    expect(refuse.mock.calls[0]?.[1]).toMatchObject({ detail: { why: 'expired' } });
    room.verdict(APPROVE, 1);
    expect(forward).not.toHaveBeenCalled();
  });

  it('learns from a time-out how long its client waited, and from no other cancellation', () => {
    const timedOut = vi.fn();
    const { broker: room, forget } = broker({}, { timedOut });
    room.escalated({ ...HELD, client: 'hasty' }, 'n:1', { hasProgressToken: false });
    room.escalated({ ...HELD, client: 'hasty' }, 'n:2', { hasProgressToken: false });
    vi.advanceTimersByTime(20_000);
    expect(room.cancelled('n:1', 'Request timed out')).toBe(true);
    expect(room.cancelled('n:2', 'AbortError: The operation was aborted.')).toBe(true);
    expect(room.cancelled('n:3', 'Request timed out')).toBe(false);
    expect(timedOut.mock.calls).toEqual([['hasty', 20_000]]);
    expect(forget).toHaveBeenCalledTimes(2);
  });

  it('leaves no timer behind when the session ends', () => {
    const { broker: room } = broker();
    room.escalated(HELD, 'n:1', { hasProgressToken: true });
    room.end('client gone');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('everything that is stopped', () => {
  const WHY = 'Everything is stopped.';
  const stoppable = (more: Parameters<typeof broker>[0] = {}) => {
    const state: { why: string | undefined } = { why: undefined };
    const record = vi.fn();
    return { state, record, ...broker({ stopped: () => state.why, record, ...more }) };
  };
  const STOPPED = { detail: { executed: false, why: 'stopped' } };

  it('refuses what waits when the proxy is told to look, and says how many those were as long as it is so', () => {
    const { state, broker: room, refuse, record } = stoppable();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    room.escalated({ ...HELD, call: 2, callDigest: 'c2' }, 'n:2', { hasProgressToken: false });
    expect(room.look()).toBeUndefined();
    expect(refuse).not.toHaveBeenCalled();
    state.why = WHY;
    expect([room.look(), room.look()]).toEqual([WHY, WHY]);
    expect(refuse.mock.calls).toEqual([
      ['n:1', expect.objectContaining(STOPPED)],
      ['n:2', expect.objectContaining(STOPPED)],
    ]);
    expect(room.refusedByStop).toBe(2);
    const [last] = record.mock.calls.at(-1) ?? [];
    expect(last).toEqual([
      expect.objectContaining({ verdict: 'withdrawn', reason: 'everything was stopped' }),
    ]);
    state.why = undefined;
    room.look();
    expect(room.refusedByStop).toBe(0);
  });

  it('refuses what waits within a second though nobody tells the proxy', () => {
    const { state, broker: room, refuse } = stoppable();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    state.why = WHY;
    vi.advanceTimersByTime(1_000);
    expect(refuse).toHaveBeenCalledTimes(1);
  });

  it('takes no approval: the call is refused, and its approver is told why', () => {
    const { state, broker: room, forward, refuse, reply } = stoppable();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    state.why = WHY;
    room.verdict(APPROVE, 7);
    expect(forward).not.toHaveBeenCalled();
    expect(refuse).toHaveBeenCalledWith('n:1', expect.objectContaining(STOPPED));
    expect(reply).toHaveBeenCalledWith(7, false, `Nothing was executed. ${WHY}`);
  });

  it('does not send a call that was approved a moment before, and records that', () => {
    const { state, broker: room, forward, refuse, reply, record } = stoppable();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    record.mockImplementation(([first]) => {
      if (first.type === 'verdict') state.why = WHY;
    });
    room.verdict(APPROVE, 7);
    expect(forward).not.toHaveBeenCalled();
    expect(refuse).toHaveBeenCalledWith('n:1', expect.objectContaining(STOPPED));
    expect(reply.mock.calls).toEqual([[7, false, `Nothing was executed. ${WHY}`]]);
    expect(record.mock.calls.at(-1)).toEqual([[{ type: 'refusal', call: 1, cause: 'stopped' }], false]);
  });

  it('lets no call run by an approval that was given before it, once it is resumed', () => {
    const { state, broker: room, forward } = stoppable();
    room.escalated(HELD, 'n:1', { hasProgressToken: false });
    room.askedAgain(1, HELD);
    state.why = WHY;
    room.look();
    state.why = undefined;
    room.escalated({ ...HELD, call: 2 }, 'n:2', { hasProgressToken: false, repeats: 1 });
    expect(forward).not.toHaveBeenCalled();
    expect(room.holds).toHaveLength(1);
  });
});
