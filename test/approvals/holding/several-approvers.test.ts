import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldCall, Now, Verdict } from '../../../src/approvals/holding/hold.ts';
import { reduce } from '../../../src/approvals/holding/queue.ts';
import {
  type Effect,
  EMPTY,
  type Queue,
  type QueueEvent,
} from '../../../src/approvals/holding/queue-state.ts';
import type { Obligations } from '../../../src/policy/decide/types.ts';
import { heldCall } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const NO_GRANTS = {
  repeats: undefined,
  kept: undefined,
  asking: { held: {} as HeldCall, command: '', call: '', keys: new Set<string>() },
};

const SETTINGS = {
  maxLive: 4,
  passForMs: 60_000,
  coolDownMs: 60_000,
  headless: 'hold' as const,
  cli: 'any' as const,
};
const NOW: Now = { wall: 1_000_000, mono: 0 };

/** A queue with one held call; effects are carried out as if every record were written, or none. */
class Room {
  queue: Queue = EMPTY;
  writable = true;
  now = NOW;

  constructor(asks: Partial<Obligations>, caller?: string, unmet?: string) {
    const held = heldCall({ caller, obligations: obligations({ sign: true, ...asks }) });
    this.opened = this.do({
      type: 'escalated',
      id: 'h',
      nonce: 'n',
      unmet,
      ...NO_GRANTS,
      held,
      request: 'n:1',
      approvers: 1,
      answerWithinMs: undefined,
    });
  }

  readonly opened: Effect[];

  do(event: QueueEvent): Effect[] {
    const step = reduce(this.queue, event, this.now, SETTINGS);
    this.queue = step.queue;
    return step.effects.flatMap((effect) => this.carryOut(effect));
  }

  private carryOut(effect: Effect): Effect[] {
    if (effect.do === 'uncount') this.do({ type: 'uncounted', hold: effect.hold, key: effect.key });
    if (effect.do !== 'commit') return [effect];
    const next = this.writable ? effect.written : effect.unwritten('disk full');
    return [effect, ...next.flatMap((one) => this.carryOut(one))];
  }

  says(name: string, more: Partial<Verdict> = {}): Effect[] {
    const signature = { key: `key of ${name}`, text: '{}', value: 'v', confirmation: 'key' as const };
    const by = { name, key: signature.key, method: 'watch' as const, tier: 1 as const, chain: [] };
    const base = { hold: 'h', digest: 'd1', callDigest: 'c1', confirmation: undefined, reason: undefined };
    const verdict: Verdict = {
      ...base,
      verdict: 'approve',
      by,
      definition: null,
      dwellMs: undefined,
      rendered: { digest: '0'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const },
      signature,
      ...more,
    };
    return this.do({ type: 'verdict', verdict, enrolled: true, ref: 1 });
  }
}

const forwards = (effects: Effect[]) => effects.filter((effect) => effect.do === 'forward').length;
const replies = (effects: Effect[]) =>
  effects.flatMap((effect) => (effect.do === 'reply' ? [effect.message] : [])).join();

describe('a call that needs several approvals', () => {
  it('is forwarded by the last of them and not before', () => {
    const room = new Room({ approvals: 3 });
    expect(forwards(room.says('ada'))).toBe(0);
    expect(forwards(room.says('bob'))).toBe(0);
    expect(forwards(room.says('cy'))).toBe(1);
  });

  it('records each of them durably before it counts', () => {
    const room = new Room({ approvals: 2 });
    const [commit] = room.says('ada');
    expect(commit).toMatchObject({
      do: 'commit',
      durable: true,
      records: [{ type: 'verdict', verdict: 'approve', tally: { count: 1, of: 2 } }],
    });
  });

  it('does not count one that could not be recorded', () => {
    const room = new Room({ approvals: 2 });
    room.writable = false;
    expect(replies(room.says('ada'))).toContain('could not be recorded');
    room.writable = true;
    expect(forwards(room.says('bob'))).toBe(0);
    expect(forwards(room.says('ada'))).toBe(1);
  });

  it('refuses the same name, the same key under another name, and who asks for the call', () => {
    const room = new Room({ approvals: 2 }, 'bob');
    room.says('ada');
    expect(replies(room.says('ada'))).toContain('has approved hold h already');
    const key = { key: 'key of ada', text: '', value: '', confirmation: 'key' as const };
    const by = { name: 'eve', key: 'key of ada', method: 'watch' as const, tier: 1 as const, chain: [] };
    expect(replies(room.says('eve', { by, signature: key }))).toContain('already');
    expect(replies(room.says('bob'))).toContain('bob asks for this call');
    expect(forwards(room.says('cy'))).toBe(1);
  });

  it("refuses whoever is asked later until then, by the proxy's monotonic clock", () => {
    const next = [{ afterMs: 5_000, approvers: ['ada', 'bob'] }];
    const room = new Room({ approvers: ['ada'], next });
    room.now = { wall: NOW.wall + 3_600_000, mono: 4_999 };
    expect(replies(room.says('bob'))).toContain('may be approved by ada only');
    room.now = { wall: NOW.wall, mono: 5_000 };
    expect(forwards(room.says('bob'))).toBe(1);
  });

  it('is over with one rejection, signed or not', () => {
    const room = new Room({ approvals: 2 });
    room.says('ada');
    const by = { name: 'os', method: 'cli' as const, tier: 0 as const, chain: [] };
    room.says('os', { verdict: 'reject', by, signature: undefined });
    expect(room.queue.holds.size).toBe(0);
    expect(forwards(room.says('bob'))).toBe(0);
  });

  it('runs on no order of answers whatever unless two entitled keys approved and nobody rejected before', () => {
    const answers = fc.array(
      fc.record({
        name: fc.constantFrom('ada', 'bob', 'eve', 'cy'),
        verdict: fc.constantFrom(
          'approve' as const,
          'approve' as const,
          'approve' as const,
          'reject' as const,
        ),
        signed: fc.boolean(),
        shown: fc.constantFrom('d1', 'd1', 'd2'),
        writable: fc.constantFrom(true, true, true, false),
      }),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(answers, (script) => {
        const room = new Room({ approvals: 2, approvers: ['ada', 'bob', 'cy'] }, 'cy');
        const counted = new Set<string>();
        let over = false;
        for (const { name, verdict, signed, shown, writable } of script) {
          room.writable = writable;
          const more = signed ? {} : { signature: undefined };
          const ran = forwards(room.says(name, { verdict, digest: shown, ...more }));
          const entitled = signed && shown === 'd1' && (name === 'ada' || name === 'bob');
          const counts = verdict === 'approve' && entitled && !over && !counted.has(name);
          if (counts && counted.size === 1) {
            // The last one ends the hold even when it cannot be recorded: nothing runs then.
            expect(ran).toBe(writable ? 1 : 0);
            over = true;
          } else expect(ran).toBe(0);
          if (counts && writable) counted.add(name);
          if (verdict === 'reject' && shown === 'd1') over = true;
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('obligations that nobody can meet', () => {
  it('refuse the call at once, in words, instead of holding it', () => {
    const room = new Room({ approvals: 2 }, undefined, 'Nobody is enrolled.');
    const refusal = room.opened.find((effect) => effect.do === 'refuse');
    expect(refusal).toMatchObject({ refusal: { detail: { why: 'unmet' } } });
    expect(room.queue.holds.size).toBe(0);
  });
});

describe('named approvers', () => {
  it('refuse the signature of anybody else', () => {
    const room = new Room({ approvers: ['ada'] });
    expect(replies(room.says('bob'))).toContain('may be approved by ada only');
    expect(forwards(room.says('ada'))).toBe(1);
  });
});
