import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyId } from '../../../src/approvals/signing/approver-key.ts';
import type { Bucket, Entry } from '../../../src/team/relay/relay.ts';
import { LONG } from '../../support/long.ts';
import { HONEST, MemoryRelay } from '../../support/memory-relay.ts';
import { enrolled, person } from '../../support/team-people.ts';
import { Approver, Member, Room, type Space } from '../../support/team-room.ts';

const SEEDS = LONG ? 10_000 : 60;
/** Stands in every argument: nothing that a relay ever saw may hold it. */
const MARKER = 'hold-this-secret';
const TIMEOUT_MS = 30_000;

/** xorshift32: the same seed makes the same schedule. */
function chance(seed: number): (n: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

const BUCKETS: readonly Bucket[] = ['holds', 'answers', 'ends', 'presence', 'trust'];
const people = [person('alice.of.acme'), person('bob.of.acme'), person('mallory')] as const;
const [alice, bob, mallory] = people;
/** What relays of earlier schedules saw: yesterday's messages. */
let yesterday: { bucket: Bucket; entry: Entry }[] = [];
let idFolder: string;

beforeAll(() => {
  idFolder = mkdtempSync(join(tmpdir(), 'hp-ids-'));
});
afterAll(() => rmSync(idFolder, { recursive: true, force: true }));
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  for (let n = 0; n < 4; n += 1) await turn();
}

/** What a hostile relay may do with a message on its way to one reader. */
function mischiefOf(relay: MemoryRelay, pick: (n: number) => number): MemoryRelay['mischief'] {
  return (bucket, entry) => {
    switch (pick(12)) {
      case 0:
        return [];
      case 1:
        return [
          { entry, after: 0 },
          { entry, after: 1 + pick(3) },
        ];
      case 2:
      case 3:
        return [{ entry, after: 1 + pick(6) }];
      case 4: {
        // Another message of the same bucket stands in its place.
        const others = relay.past.filter((one) => one.bucket === bucket && one.entry.value !== undefined);
        const other = others[pick(others.length || 1)]?.entry.value;
        return [{ entry: { key: entry.key, value: other ?? entry.value }, after: 0 }];
      }
      case 5:
        return [{ entry: { key: entry.key, value: changed(entry.value, pick) }, after: 0 }];
      default:
        return [{ entry, after: 0 }];
    }
  };
}

function changed(value: Uint8Array | undefined, pick: (n: number) => number): Uint8Array {
  if (value === undefined) return randomBytes(40);
  const copy = Uint8Array.from(value);
  const at = pick(copy.length || 1);
  copy[at] = (copy[at] ?? 0) ^ (1 + pick(255));
  return pick(3) === 0 ? copy.subarray(0, at) : copy;
}

/** Something of its own, at a moment of its own. */
function intrude(relay: MemoryRelay, pick: (n: number) => number): void {
  const source = pick(2) === 0 ? relay.past : yesterday;
  const one = source[pick(source.length || 1)];
  const keys = relay.past.map(({ bucket, entry }) => ({ bucket, key: entry.key }));
  const at = keys[pick(keys.length || 1)];
  if (one === undefined || at === undefined) return;
  const bucket = pick(4) === 0 ? (BUCKETS[pick(BUCKETS.length)] as Bucket) : at.bucket;
  // Removals as well: a hold that is gone, presence that ended.
  relay.tell(bucket, { key: at.key, value: pick(5) === 0 ? undefined : one.entry.value });
}

interface Schedule {
  executed: number;
  approved: number;
}

async function schedule(seed: number): Promise<Schedule> {
  const pick = chance(seed);
  const relay = new MemoryRelay();
  const secret = randomBytes(32);
  const space: Space = { relay, root: keyId(alice.publicKey), secret, freshMs: 86_400_000, idFolder };
  const events = enrolled(alice, bob);
  const member = new Member(space, 'server', events);
  const room = new Room(space, member, `s${seed}`);
  const approvers = [alice, bob].map(
    (one, n) => new Approver(space, new Member(space, `desk${n}`, events), one),
  );
  // At the first join too.
  if (pick(2) === 0) relay.mischief = mischiefOf(relay, pick);
  for (const one of approvers) {
    await one.member.trust.start().catch(() => {});
    await one.start().catch(() => {});
  }
  room.room.listen();
  await settle();
  relay.mischief = mischiefOf(relay, pick);
  const approved = new Map<string, Set<string>>();
  const requests: string[] = [];
  const cancelled = new Set<string>();
  for (let step = 0; step < 24; step += 1) {
    const approver = approvers[pick(2)] as Approver;
    switch (pick(8)) {
      case 0:
      case 1:
        if (requests.length < 3)
          requests.push(room.escalate({ of: `${MARKER}-${seed}-${requests.length + 1}` }, TIMEOUT_MS));
        break;
      case 2:
      case 3:
      case 4: {
        const shown = [...approver.holds.keys()];
        const key = shown[pick(shown.length || 1)];
        if (key === undefined) break;
        const verdict = pick(3) === 0 ? 'reject' : 'approve';
        const text = approver.holds.get(key)?.hold.argumentsText ?? '';
        if (approver.answer(key, verdict) && verdict === 'approve')
          approved.set(text, new Set([...(approved.get(text) ?? []), approver.person.name]));
        break;
      }
      case 5:
        intrude(relay, pick);
        break;
      case 6: {
        const one = requests[pick(requests.length || 1)];
        if (one !== undefined && pick(4) === 0 && room.room.cancelled(one, 'test')) cancelled.add(one);
        break;
      }
      default:
        relay.turn();
        vi.advanceTimersByTime(500 + pick(4_000));
    }
    await settle();
  }
  for (let n = 0; n < 8; n += 1) relay.turn();
  vi.advanceTimersByTime(TIMEOUT_MS + 1_000);
  await settle();
  room.room.end('session ended');
  const closing = room.room.close();
  vi.advanceTimersByTime(5_000);
  await settle();
  vi.advanceTimersByTime(5_000);
  await closing;
  // Their timers would go on in the schedules that follow.
  for (const one of approvers) one.directory.stop();
  relay.mischief = HONEST;
  let executed = 0;
  requests.forEach((request, n) => {
    const { forwarded, refused } = room.outcomes.get(request) ?? { forwarded: 0, refused: [] };
    const text = JSON.stringify({ of: `${MARKER}-${seed}-${n + 1}` });
    const told = `seed ${seed}, call ${request}: forwarded ${forwarded}, refused ${refused.length}`;
    expect(forwarded, told).toBeLessThanOrEqual(1);
    // Never without an approver who approved exactly this call.
    if (forwarded === 1) expect(approved.get(text)?.size, told).toBeGreaterThan(0);
    // Once in words, or it ran, or nobody asks for it any more.
    if (!cancelled.has(request)) expect(forwarded + refused.length, told).toBe(1);
    executed += forwarded;
  });
  for (const { entry } of relay.past) expectUnread(seed, entry.value);
  const verdicts = room.records.filter(({ type }) => type === 'forward');
  expect(verdicts.length, `seed ${seed}`).toBe(executed);
  yesterday = [...yesterday, ...relay.past].slice(-200);
  return { executed, approved: approved.size };
}

/** Nothing that an agent wrote, and nobody's name, is readable on the way. */
function expectUnread(seed: number, value: Uint8Array | undefined): void {
  const text = Buffer.from(value ?? []).toString('latin1');
  for (const word of [MARKER, 'alice.of.acme', 'bob.of.acme', '"srv"', '"do"'])
    if (text.includes(word))
      throw new Error(`seed ${seed}: a relay could read ${word} in ${text.slice(0, 200)}`);
}

describe('under a relay that reads, drops, delays, repeats, swaps, changes and invents messages', () => {
  it(`no call runs without an approval of exactly it, none twice, and each ends in words (${SEEDS} schedules)`, async () => {
    let executed = 0;
    let approved = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const done = await schedule(seed);
      executed += done.executed;
      approved += done.approved;
    }
    // Hostile as it is, what gets through is worth testing.
    expect(approved).toBeGreaterThan(SEEDS / 2);
    expect(executed).toBeGreaterThan(SEEDS / 4);
    process.stderr.write(`${SEEDS} schedules: ${approved} calls approved, ${executed} ran\n`);
  }, 3_600_000);

  it('a list of approvers that a stranger made at the first join is not followed, nor is their answer', async () => {
    const relay = new MemoryRelay();
    const secret = randomBytes(32);
    const space: Space = { relay, root: keyId(alice.publicKey), secret, freshMs: 86_400_000, idFolder };
    const theirs = new Member(space, 'evil', enrolled(mallory));
    await theirs.trust.start();
    const joined = new Member(space, 'server');
    await joined.trust.start();
    expect(joined.events).toEqual([]);
    expect(joined.said.join()).toContain('begins with another key than the invitation names');
  });
});
