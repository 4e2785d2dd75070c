import { describe, expect, it } from 'vitest';
import { holdView } from '../../../src/approvals/channel/hold-view.ts';
import type { HeldCall, Now, Verdict } from '../../../src/approvals/holding/hold.ts';
import { reduce } from '../../../src/approvals/holding/queue.ts';
import {
  type Effect,
  EMPTY,
  type Queue,
  type QueueEvent,
  type QueueSettings,
} from '../../../src/approvals/holding/queue-state.ts';
import { heldCall } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const NO_GRANTS = {
  repeats: undefined,
  kept: undefined,
  asking: { held: {} as HeldCall, command: '', call: '', keys: new Set<string>() },
};

const SETTINGS: QueueSettings = {
  maxLive: 4,
  passForMs: 60_000,
  coolDownMs: 60_000,
  headless: 'hold',
  cli: 'any',
};

/** A queue with a clock; effects are carried out as if every record were written (or none). */
class Room {
  queue: Queue = EMPTY;
  now: Now = { wall: 1_000_000, mono: 0 };
  writable = true;
  enrolled = false;
  readonly settings: QueueSettings;

  constructor(settings: Partial<QueueSettings> = {}) {
    this.settings = { ...SETTINGS, ...settings };
  }

  do(event: QueueEvent): Effect[] {
    const step = reduce(this.queue, event, this.now, this.settings);
    this.queue = step.queue;
    return this.flat(step.effects);
  }

  private flat(effects: Effect[]): Effect[] {
    return effects.flatMap((effect) => {
      if (effect.do === 'abandon') {
        this.queue = reduce(
          this.queue,
          { type: 'abandoned', hold: effect.hold },
          this.now,
          this.settings,
        ).queue;
      }
      if (effect.do === 'accepted') return [effect, ...this.do({ type: 'accepted' })];
      if (effect.do === 'remember') return [effect, ...this.do({ ...effect, type: 'approved' })];
      if (effect.do !== 'commit') return [effect];
      return this.writable
        ? [effect, ...this.flat(effect.written)]
        : this.flat(effect.unwritten('disk full'));
    });
  }

  escalate(id: string, request: string, more: Partial<HeldCall> = {}, answerWithinMs?: number): Effect[] {
    return this.do({
      type: 'escalated',
      id,
      nonce: `nonce of ${id}`,
      unmet: undefined,
      ...NO_GRANTS,
      request,
      held: heldCall(more),
      approvers: 1,
      answerWithinMs,
    });
  }

  verdict(hold: string, verdict: 'approve' | 'reject', more: Partial<Verdict> = {}): Effect[] {
    const by = { name: 'ada', method: 'watch' as const, tier: 0 as const, chain: [] };
    const base = {
      digest: 'd1',
      callDigest: 'c1',
      confirmation: undefined,
      reason: undefined,
      by,
      definition: this.queue.holds.get(hold)?.held.definition ?? null,
      dwellMs: undefined,
      rendered: { digest: '0'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const },
    };
    return this.do({
      type: 'verdict',
      verdict: { hold, verdict, ...base, ...more },
      enrolled: this.enrolled,
      ref: 1,
    });
  }

  later(ms: number, clock: 'both' | 'wall' | 'mono' = 'both'): void {
    this.now = {
      wall: this.now.wall + (clock === 'mono' ? 0 : ms),
      mono: this.now.mono + (clock === 'wall' ? 0 : ms),
    };
  }
}

const kinds = (effects: Effect[]): string[] => effects.map((effect) => effect.do);
const forwards = (effects: Effect[]): Effect[] => effects.filter((effect) => effect.do === 'forward');
const replies = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'reply' ? [effect] : []));
const refusals = (effects: Effect[]) =>
  effects.flatMap((effect) => (effect.do === 'refuse' ? [effect.refusal.detail.why] : []));

describe('an approval', () => {
  it('is recorded, durably, before anything is forwarded', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    const effects = room.verdict('a', 'approve');
    expect(kinds(effects)).toEqual(['commit', 'forward', 'closed', 'remember', 'reply']);
    expect(effects[0]).toMatchObject({ durable: true, records: [{ type: 'verdict' }, { type: 'forward' }] });
    expect(room.queue.holds.size).toBe(0);
  });

  it('that cannot be recorded executes nothing and refuses the call', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    room.writable = false;
    const effects = room.verdict('a', 'approve');
    expect(forwards(effects)).toEqual([]);
    expect(refusals(effects)).toEqual(['audit-unwritable']);
    expect(replies(effects)[0]).toMatchObject({ ok: false, message: expect.stringContaining('disk full') });
    expect(room.queue.holds.size).toBe(0);
  });

  it('of a tool whose definition changed while it waited is refused; a rejection is taken', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { definition: 'd' });
    const effects = room.verdict('a', 'approve', { definition: 'e' });
    expect([forwards(effects), replies(effects)[0]?.ok, room.queue.holds.size]).toEqual([[], false, 1]);
    expect(replies(room.verdict('a', 'reject', { definition: 'e' }))[0]?.ok).toBe(true);
  });

  it('of a tool that was told of only while it waited is refused, and not called changed', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { definition: null });
    const [reply] = replies(room.verdict('a', 'approve', { definition: 'e' }));
    expect(reply).toMatchObject({
      ok: false,
      message: expect.stringContaining('only while the call waited'),
    });
  });

  it.for([
    ['off', 'cli-tty', false],
    ['off', 'watch', true],
    ['tty', 'cli', false],
    ['tty', 'cli-tty', true],
    ['person', 'cli', true],
  ] as const)('under approvals.cli "%s", by %s, counts: %s', ([cli, method, counts]) => {
    const room = new Room({ cli });
    room.escalate('a', 'n:1');
    const by = { name: 'ada', method, tier: 0 as const, chain: [] };
    expect(forwards(room.verdict('a', 'approve', { by }))).toHaveLength(counts ? 1 : 0);
    if (!counts) expect(replies(room.verdict('a', 'reject', { by }))[0]?.ok).toBe(true);
  });

  it.for([
    ['another line', { digest: 'x' }],
    ['another call', { callDigest: 'x' }],
  ] as const)('of %s than was shown is refused', ([, more]) => {
    const room = new Room();
    room.escalate('a', 'n:1');
    const effects = room.verdict('a', 'approve', more);
    expect([forwards(effects), replies(effects)[0]?.ok, room.queue.holds.size]).toEqual([[], false, 1]);
  });

  it('after the call was cancelled, expired, rejected or approved is refused', () => {
    const endings: ((room: Room) => void)[] = [
      (room) => room.do({ type: 'cancelled', request: 'n:1' }),
      (room) => {
        room.later(10_000);
        room.do({ type: 'tick' });
      },
      (room) => room.verdict('a', 'reject'),
      (room) => room.verdict('a', 'approve'),
      (room) => room.do({ type: 'ended', why: 'client gone' }),
      (room) => room.do({ type: 'ended', why: 'server gone' }),
    ];
    for (const end of endings) {
      const room = new Room();
      room.escalate('a', 'n:1');
      end(room);
      const effects = room.verdict('a', 'approve');
      expect([forwards(effects), replies(effects)[0]?.ok]).toEqual([[], false]);
    }
  });
});

describe('a hold', () => {
  it('that cannot be recorded is not held: the call is refused', () => {
    const room = new Room();
    room.writable = false;
    expect(refusals(room.escalate('a', 'n:1'))).toEqual(['audit-unwritable']);
    expect(room.queue.holds.size).toBe(0);
  });

  it.for(['wall', 'mono'] as const)('expires when the %s clock alone says so', (clock) => {
    const room = new Room();
    room.escalate('a', 'n:1');
    room.later(9_999, clock);
    expect(room.do({ type: 'tick' })).toEqual([]);
    room.later(1, clock);
    expect(refusals(room.do({ type: 'tick' }))).toEqual(['expired']);
  });

  it('does not live longer because the wall clock was set back', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    room.now = { wall: 0, mono: 10_000 };
    expect(refusals(room.do({ type: 'tick' }))).toEqual(['expired']);
  });

  it('of a cancelled call is forgotten without an answer', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    expect(kinds(room.do({ type: 'cancelled', request: 'n:1' }))).toEqual(['commit', 'forget', 'closed']);
  });

  it('is not touched by the cancellation of another request', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    expect(room.do({ type: 'cancelled', request: 's:1' })).toEqual([]);
    expect(room.queue.holds.size).toBe(1);
  });

  it('beyond the limit of live ones, of all, or of bytes is refused', () => {
    const live = new Room();
    for (const n of [1, 2, 3, 4]) live.escalate(`h${n}`, `n:${n}`, { callDigest: `c${n}` });
    expect(refusals(live.escalate('h5', 'n:5', { callDigest: 'c5' }))).toEqual(['flood']);
    const heavy = new Room();
    heavy.escalate('a', 'n:1', { bytes: 60 * 1024 * 1024 });
    expect(refusals(heavy.escalate('b', 'n:2', { bytes: 5 * 1024 * 1024, callDigest: 'c2' }))).toEqual([
      'flood',
    ]);
  });

  it('of a thousand escalations at once: the limit is held, the rest refused, each answered once', () => {
    const room = new Room();
    const answered = Array.from({ length: 1000 }, (_, n) =>
      refusals(room.escalate(`h${n}`, `n:${n}`, { callDigest: `c${n}` })),
    );
    expect(answered.filter((one) => one.length === 1)).toHaveLength(996);
    expect(room.queue.holds.size).toBe(4);
  });
});

describe('the time by which a client is answered', () => {
  const told = (room: Room): string | null => holdView(room.queue.holds.get('a')!).answerBy;

  it('is told by the wall clock, until the client was told to ask again', () => {
    const room = new Room();
    room.escalate('a', 'n:1', {}, 5_000);
    expect(told(room)).toBe(new Date(1_005_000).toISOString());
    room.later(5_000);
    room.do({ type: 'tick' });
    expect(told(room)).toBeNull();
    room.later(1_000);
    room.escalate('b', 'n:2', {}, 7_000);
    expect(told(room)).toBe(new Date(1_013_000).toISOString());
  });

  it('is none where the client waits as long as the hold', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    expect(told(room)).toBeNull();
  });
});

describe('a detached hold', () => {
  function detached(settings: Partial<QueueSettings> = {}): Room {
    const room = new Room(settings);
    room.escalate('a', 'n:1', {}, 1_000);
    room.later(1_000);
    expect(refusals(room.do({ type: 'tick' }))).toEqual(['waiting']);
    return room;
  }

  it('takes the repeated call in, whose line is then the one to approve', () => {
    const room = detached();
    room.escalate('b', 'n:2', { digest: 'd2', call: 2 });
    expect([...room.queue.holds.keys()]).toEqual(['a']);
    expect(forwards(room.verdict('a', 'approve'))).toEqual([]);
    expect(forwards(room.verdict('a', 'approve', { digest: 'd2' }))).toEqual([
      { do: 'forward', request: 'n:2', digest: 'd2' },
    ]);
  });

  it.for([
    ['another content', { callDigest: 'c2' }],
    ['another client', { client: 'other' }],
    ['another caller', { caller: 'ci' }],
    ['other matched items', { matched: ['x'] }],
    ['stricter obligations', { obligations: obligations({ timeoutMs: 5, confirm: 'type' }) }],
  ] as const)('does not take in a call of %s', ([, more]) => {
    const room = detached();
    room.escalate('b', 'n:2', more as Partial<HeldCall>);
    expect(room.queue.holds.size).toBe(2);
  });

  it('that is approved becomes a pass for one identical call', () => {
    const room = detached();
    expect(forwards(room.verdict('a', 'approve'))).toEqual([]);
    expect(forwards(room.escalate('b', 'n:2', { digest: 'd2' }))).toEqual([
      { do: 'forward', request: 'n:2', digest: 'd2' },
    ]);
    expect(forwards(room.escalate('c', 'n:3', { digest: 'd3' }))).toEqual([]);
    expect(room.queue.holds.has('c')).toBe(true);
  });

  it('gives a pass that is void after its time, for another caller, and under other terms', () => {
    const late = detached();
    late.verdict('a', 'approve');
    late.later(60_000);
    expect(forwards(late.escalate('b', 'n:2'))).toEqual([]);
    for (const more of [{ client: 'other' }, { matched: ['x'] }, { callDigest: 'c2' }]) {
      const room = detached();
      room.verdict('a', 'approve');
      expect(forwards(room.escalate('b', 'n:2', more))).toEqual([]);
      expect(room.queue.holds.has('b')).toBe(true);
    }
  });

  it('gives no pass when the approval cannot be recorded', () => {
    const room = detached();
    room.writable = false;
    expect(replies(room.verdict('a', 'approve'))[0]?.ok).toBe(false);
    room.writable = true;
    expect(forwards(room.escalate('b', 'n:2'))).toEqual([]);
  });

  it('spends its pass on nothing when the spending cannot be recorded', () => {
    const room = detached();
    room.verdict('a', 'approve');
    room.writable = false;
    const effects = room.escalate('b', 'n:2');
    expect([forwards(effects), refusals(effects)]).toEqual([[], ['audit-unwritable']]);
  });

  it('that is rejected refuses the repeated call for a while', () => {
    const room = detached();
    room.verdict('a', 'reject');
    expect(refusals(room.escalate('b', 'n:2'))).toEqual(['cool-down']);
    room.later(60_000);
    expect(refusals(room.escalate('c', 'n:3'))).toEqual([]);
  });

  it('ends with the session, as its pass does, and both are written down', () => {
    const room = detached();
    const [record] = room.do({ type: 'ended', why: 'client gone' });
    expect(record).toMatchObject({ records: [{ verdict: 'withdrawn', reason: 'session ended' }] });
    const passed = detached();
    passed.verdict('a', 'approve');
    expect(passed.do({ type: 'ended', why: 'client gone' })[0]).toMatchObject({
      records: [{ verdict: 'withdrawn', hold: 'a' }],
    });
    expect(passed.queue.passes).toEqual([]);
  });
});

describe('headless', () => {
  it('"deny" refuses a call that nobody could answer, and holds one that somebody could', () => {
    const room = new Room({ headless: 'deny' });
    const event = {
      type: 'escalated' as const,
      id: 'a',
      nonce: 'n',
      unmet: undefined,
      ...NO_GRANTS,
      request: 'n:1',
      held: heldCall(),
      answerWithinMs: undefined,
    };
    expect(refusals(room.do({ ...event, approvers: 0 }))).toEqual(['no-approver']);
    expect(refusals(room.do({ ...event, approvers: 1 }))).toEqual([]);
  });
});

describe('an approval of what was not seen to its end', () => {
  const digest = '0'.repeat(64);
  const rendered = (seen: 'printed' | { lines: number; of: number; digest: string } | undefined) =>
    seen === undefined ? undefined : { digest, masked: 0, revealed: false, seen };
  const RISKS = [null, 'execute', 'destructive', 'financial', 'outbound', 'production', 'unknown'];

  it.for([
    [rendered(undefined), 'nobody says that it was'],
    [rendered({ lines: 11, of: 12, digest }), '1 of its 12 lines were not'],
    [rendered({ lines: 0, of: 1, digest }), '1 of its 1 lines were not'],
    [rendered({ lines: 0, of: 0, digest }), 'nobody says that it was'],
  ] as const)('does not count for anything but reads and writes: %j', ([given, said]) => {
    for (const risk of RISKS) {
      const room = new Room();
      room.escalate('a', 'n:1', { risk: risk as never });
      const effects = room.verdict('a', 'approve', { rendered: given });
      expect(forwards(effects)).toEqual([]);
      expect(replies(effects)[0]).toMatchObject({
        ok: false,
        message: expect.stringContaining(said) as string,
      });
    }
    for (const risk of ['read', 'write'] as const) {
      const room = new Room();
      room.escalate('a', 'n:1', { risk });
      expect(forwards(room.verdict('a', 'approve', { rendered: given }))).toHaveLength(1);
    }
  });

  it('never stands in the way of a rejection', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { risk: 'execute' });
    expect(replies(room.verdict('a', 'reject', { rendered: undefined }))[0]).toMatchObject({ ok: true });
  });
});

describe('approvals that come faster than they can be read', () => {
  const TEXT = { obligations: obligations({ confirm: 'key', expected: 'notes.txt' }) };
  let nth = 0;
  /** A call that is answered so long after it is shown. */
  function answer(room: Room, afterMs: number, more: Partial<Verdict> = {}, held: Partial<HeldCall> = TEXT) {
    const id = `h${++nth}`;
    room.escalate(id, `n:${nth}`, held);
    room.later(afterMs);
    return room.verdict(id, more.verdict ?? 'approve', more);
  }

  function hurried(room = new Room()): Room {
    for (let one = 0; one < 3; one += 1) expect(forwards(answer(room, 100))).toHaveLength(1);
    return room;
  }

  it('make the next one take a text instead of a key, with a sentence that says why', () => {
    const room = hurried();
    const effects = answer(room, 5_000);
    expect(forwards(effects)).toEqual([]);
    expect(replies(effects)[0]?.message).toContain('asks you to type "notes.txt"');
    expect(replies(effects)[0]?.message).toContain('faster than they can be read');
    const typed = room.verdict(`h${nth}`, 'approve', { confirmation: 'notes.txt' });
    expect(forwards(typed)).toHaveLength(1);
  });

  it('are recorded as such only where the approval was made harder', () => {
    const room = new Room();
    const recorded = (effects: Effect[]) =>
      effects
        .flatMap((effect) => (effect.do === 'commit' ? effect.records : []))
        .map((one) => 'brake' in one);
    for (let one = 0; one < 3; one += 1) expect(recorded(answer(room, 100))).not.toContain(true);
    expect(recorded(answer(room, 100, { confirmation: 'notes.txt' }))).toContain(true);
  });

  it('are over with one that is given at leisure, or a rejection, and those who watch are told of both', () => {
    const brakes = (effects: Effect[]) => effects.flatMap((one) => (one.do === 'brake' ? [one.on] : []));
    for (const end of [{ confirmation: 'notes.txt' }, { verdict: 'reject' as const }]) {
      const room = new Room();
      answer(room, 100);
      answer(room, 100);
      expect(brakes(answer(room, 100))).toEqual([true]);
      expect(brakes(answer(room, 100, { confirmation: 'notes.txt' }))).toEqual([]);
      expect(brakes(answer(room, 5_000, end))).toEqual([false]);
      room.later(SETTINGS.coolDownMs);
      expect(forwards(answer(room, 100))).toHaveLength(1);
    }
  });

  it("are told by the proxy's clock, or by what the terminal says that it was on the screen, whichever is less", () => {
    const room = new Room();
    for (let one = 0; one < 3; one += 1) answer(room, 60_000, { dwellMs: 200 });
    expect(room.queue.hasty).toBe(3);
    const other = new Room();
    for (let one = 0; one < 3; one += 1) answer(other, 100, { dwellMs: 60_000 });
    expect(other.queue.hasty).toBe(3);
    const read = new Room();
    for (let one = 0; one < 30; one += 1) answer(read, 5_000, { dwellMs: 1_000 });
    expect(read.queue.hasty).toBe(0);
  });

  it('are three of calls that take time to read, however long ago the client asked', () => {
    const room = new Room();
    const long = { ...TEXT, argumentsText: JSON.stringify({ text: 'word '.repeat(200) }) };
    for (let one = 0; one < 3; one += 1) answer(room, 2_000, {}, long);
    expect(room.queue.hasty).toBe(3);
    for (let one = 0; one < 3; one += 1) answer(room, 2_000, { confirmation: 'notes.txt' });
    expect(room.queue.hasty).toBe(0);
  });

  it('ask for the passphrase besides where a text was asked for anyway, if somebody has a key', () => {
    const typed = { obligations: obligations({ confirm: 'type', expected: 'notes.txt' }) };
    const approve = { confirmation: 'notes.txt' };
    const room = hurried();
    expect(forwards(answer(room, 100, approve, typed))).toHaveLength(1);
    room.enrolled = true;
    expect(replies(answer(room, 100, approve, typed))[0]?.message).toContain('your passphrase');
    const signature = { key: 'k', text: '', value: '', confirmation: 'both' as const };
    const without = { ...signature, confirmation: 'type' as const };
    const tried = room.verdict(`h${nth}`, 'approve', { ...approve, signature: without });
    expect(replies(tried)[0]?.message).toContain('your passphrase');
    expect(forwards(room.verdict(`h${nth}`, 'approve', { ...approve, signature }))).toHaveLength(1);
  });

  it('do not count when they could not be recorded', () => {
    const room = new Room();
    room.writable = false;
    for (let one = 0; one < 5; one += 1) answer(room, 100);
    expect(room.queue.hasty).toBe(0);
  });
});

describe('a pass', () => {
  it('holds for the same call though another text of it would be typed now', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { obligations: obligations({ expected: 'one' }) }, 1_000);
    room.later(1_000);
    room.do({ type: 'tick' });
    room.verdict('a', 'approve');
    const again = { obligations: obligations({ expected: 'two' }) };
    expect(forwards(room.escalate('b', 'n:2', again))).toHaveLength(1);
  });
});

describe('the last approved call of a tool', () => {
  const lastOf = (room: Room, tool: string) => room.queue.approved.get(tool);

  function approve(room: Room, id: string, held: Partial<HeldCall>): void {
    room.escalate(id, `n:${id}`, held);
    room.later(10_000);
    room.verdict(id, 'approve');
  }

  it('is kept with how many there were, when, and by whom', () => {
    const room = new Room();
    approve(room, 'a', { tool: 't', argumentsText: '{"a":1}' });
    approve(room, 'b', { tool: 't', argumentsText: '{"a":2}' });
    approve(room, 'c', { tool: 'other' });
    expect(lastOf(room, 't')).toEqual({
      approved: 2,
      at: room.now.wall - 10_000,
      by: 'ada',
      argumentsText: '{"a":2}',
    });
    expect(room.queue.approved.size).toBe(2);
  });

  it('is none that was rejected, or could not be recorded', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    room.verdict('a', 'reject');
    room.writable = false;
    approve(room, 'b', {});
    expect(room.queue.approved.size).toBe(0);
  });

  it('counts when its client was told to ask again, and not once more when it does', () => {
    const room = new Room();
    room.escalate('a', 'n:1', {}, 1_000);
    room.later(1_000);
    room.do({ type: 'tick' });
    room.verdict('a', 'approve');
    expect(lastOf(room, 't')?.approved).toBe(1);
    expect(forwards(room.escalate('b', 'n:2'))).toHaveLength(1);
    expect(lastOf(room, 't')?.approved).toBe(1);
  });

  it('lets the texts go that are longest ago beyond 16 MiB, and not how many there were', () => {
    const room = new Room();
    const long = JSON.stringify('x'.repeat(6 * 1024 * 1024));
    for (const tool of ['a', 'b', 'a', 'c']) approve(room, `${tool}1`, { tool, argumentsText: long });
    const kept = [...room.queue.approved].map(([tool, { approved, argumentsText }]) => [
      tool,
      approved,
      argumentsText !== null,
    ]);
    expect(kept).toEqual([
      ['b', 1, false],
      ['a', 2, true],
      ['c', 1, true],
    ]);
  });

  it('crosses the socket, and its arguments with it as far as they are short', () => {
    const room = new Room();
    room.escalate('a', 'n:1');
    const hold = room.queue.holds.get('a')!;
    const last = { approved: 3, at: 0, by: 'ada', argumentsText: '{}' };
    expect(holdView(hold).before).toBeNull();
    expect(holdView(hold, last).before).toEqual({ ...last, at: '1970-01-01T00:00:00.000Z' });
    const long = { ...last, argumentsText: 'x'.repeat(1024 * 1024 + 1) };
    expect(holdView(hold, long).before?.argumentsText).toBeNull();
  });
});

describe('a call that is longer than anybody reads', () => {
  const long = (level: 'low' | 'high', more = {}) => ({
    lines: 2_001,
    obligations: obligations({ level, ...more }),
  });

  it('can only be rejected where it can do harm, unless its rule says that it may be large', () => {
    const room = new Room();
    room.escalate('a', 'n:1', long('high'));
    expect(replies(room.verdict('a', 'approve'))[0]?.message).toContain('has 2001 lines');
    expect(replies(room.verdict('a', 'reject'))[0]?.ok).toBe(true);
    room.escalate('b', 'n:2', {
      ...long('high', { large: true }),
      callDigest: 'c1',
      digest: 'd1',
      tool: 'u',
    });
    room.later(60_000);
    room.escalate('c', 'n:3', { ...long('high', { large: true }) });
    expect(forwards(room.verdict('c', 'approve'))).toHaveLength(1);
    room.escalate('d', 'n:4', long('low'));
    expect(forwards(room.verdict('d', 'approve'))).toHaveLength(1);
    room.escalate('e', 'n:5', { ...long('high'), lines: 2_000 });
    expect(forwards(room.verdict('e', 'approve'))).toHaveLength(1);
  });
});

describe('calls that wait for the same acceptance', () => {
  const NEW = { accepts: 'set', rule: 'builtin:new-tool' };
  const closings = (effects: Effect[]) =>
    effects.flatMap((one) => (one.do === 'commit' ? one.records : [])).map(({ type }) => type);

  it('are decided anew once one of them is approved, and recorded as withdrawn before', () => {
    const room = new Room();
    room.escalate('a', 'n:1', NEW);
    room.escalate('b', 'n:2', NEW);
    room.escalate('c', 'n:3', { ...NEW, accepts: null });
    room.escalate('d', 'n:4', NEW, 1_000);
    room.later(1_000);
    room.do({ type: 'tick' });
    const effects = room.verdict('a', 'approve');
    expect(forwards(effects)).toMatchObject([{ request: 'n:1' }]);
    expect(effects.flatMap((one) => (one.do === 'again' ? [one.request] : []))).toEqual(['n:2']);
    expect(closings(effects)).toEqual(['verdict', 'forward', 'verdict', 'verdict']);
    expect([...room.queue.holds.keys()]).toEqual(['c']);
    expect(refusals(effects)).toEqual([]);
  });

  it('wait on when one of them is rejected, or its approval is not recorded', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { ...NEW, callDigest: 'c1' });
    room.escalate('b', 'n:2', NEW);
    room.verdict('a', 'reject');
    expect([...room.queue.holds.keys()]).toEqual(['b']);
    room.later(SETTINGS.coolDownMs);
    room.escalate('e', 'n:5', NEW);
    room.writable = false;
    expect(room.verdict('b', 'approve').some((one) => one.do === 'again')).toBe(false);
    expect([...room.queue.holds.keys()]).toEqual(['e']);
  });

  it('of which the first question is about the server run by no approval of that: they are decided anew too', () => {
    const room = new Room();
    const first = { ...NEW, rule: 'builtin:first-use' };
    room.escalate('a', 'n:1', first);
    room.escalate('b', 'n:2', first);
    room.escalate('c', 'n:3', first, 1_000);
    room.later(1_000);
    room.do({ type: 'tick' });
    const effects = room.verdict('a', 'approve');
    expect(forwards(effects)).toEqual([]);
    expect(effects.flatMap((one) => (one.do === 'again' ? [one.request] : []))).toEqual(['n:1', 'n:2']);
    expect(room.queue).toMatchObject({ passes: [], holds: new Map(), approved: new Map() });
    expect(replies(effects)).toMatchObject([{ ok: true, message: expect.stringContaining('as what it is') }]);
  });

  it('are not executed where the acceptance cannot be recorded', () => {
    const room = new Room();
    room.escalate('a', 'n:1', { ...NEW, rule: 'builtin:first-use' });
    room.writable = false;
    const effects = room.verdict('a', 'approve');
    expect(kinds(effects)).toEqual(['refuse', 'closed', 'reply']);
    expect(replies(effects)[0]?.ok).toBe(false);
  });
});
