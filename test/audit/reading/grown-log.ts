import { appendFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Entry } from '../../../src/audit/log/entry.ts';
import { argumentsField } from '../../../src/audit/writing/arguments.ts';
import type { Journal } from '../../../src/audit/writing/journal.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import { decision, journalIn, START, start, stop, TestClock } from '../samples.ts';

/** Numbers from 0 to below 1 that are the same for the same seed. */
export function chances(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Running {
  name: string;
  server: string;
  journal: Journal;
  next: number;
  part: number;
  /** Calls that wait, with their holds. */
  held: { call: number; hold: string; detached: boolean }[];
  /** Calls without an outcome, and calls that have one. */
  sent: number[];
  done: number[];
  passes: string[];
  grants: string[];
}

const by = { name: 'ada', method: 'watch', tier: 0 };

/**
 * A log of several sessions that ran beside each other, as holdpoint writes one, and then damaged as logs are: cut
 * ends, garbage, lines of other sessions and of other versions, empty files, files that look old.
 */
export class GrownLog {
  readonly holds: string[] = [];
  readonly sessions: string[] = [];
  private readonly folder: string;
  private readonly chance: () => number;
  private readonly clock = new TestClock();

  constructor(folder: string, seed: number) {
    this.folder = folder;
    this.chance = chances(seed);
  }

  private one<T>(of: readonly T[]): T {
    return of[Math.floor(this.chance() * of.length)]!;
  }

  write(records: number): void {
    const running = Array.from({ length: 2 + Math.floor(this.chance() * 5) }, (_, at) => this.begin(at));
    for (let record = 0; record < records; record += 1) {
      // Many records share one millisecond.
      if (this.chance() < 0.4) this.clock.move(Math.floor(this.chance() * 5_000));
      const session = this.one(running);
      for (const entry of this.step(session)) session.journal.stage(entry);
      session.journal.commit();
      if (this.chance() < 0.01) this.rotate(session);
    }
    for (const { journal } of running) {
      if (this.chance() < 0.7) journal.stage(stop);
      journal.close();
    }
    for (const { journal } of running) this.damage(journal.file);
    const empty = join(this.folder, '2026-11', '20261122-104300-empty.jsonl');
    writeFileSync(empty, '');
  }

  private begin(at: number): Running {
    const name = `20261122-10430${at}-${this.one(['aaaa', 'bbbb'])}${at % 2}`;
    this.sessions.push(name);
    const journal = journalIn(this.folder, { session: name, clock: this.clock });
    const mode = this.chance() < 0.2 ? 'observe' : 'enforce';
    const server = this.one(['files', 'shop']);
    journal.stage(start({ server, policy: { file: null, digest: 'p', mode } }));
    journal.commit();
    return { name, server, journal, next: 1, part: 1, held: [], sent: [], done: [], passes: [], grants: [] };
  }

  /** The session goes on in another file. */
  private rotate(session: Running): void {
    session.journal.close();
    session.part += 1;
    const month = dirname(session.journal.file);
    const scratch = journalIn(join(month, '../../scratch', `${session.name}.${session.part}`), {
      session: session.name,
      clock: this.clock,
    });
    const file = join(month, `${session.name}.${session.part}.jsonl`);
    mkdirSync(month, { recursive: true });
    scratch.stage({ type: 'session', kind: 'run', event: 'continued', previousTip: null });
    // The journal writes elsewhere; what it wrote is put where a broken one would have gone on.
    const commit = scratch.commit.bind(scratch);
    session.journal = Object.assign(Object.create(scratch) as Journal, {
      commit: () => {
        commit();
        writeFileSync(file, readFileSync(scratch.file));
      },
      close: () => {
        scratch.close();
        writeFileSync(file, readFileSync(scratch.file));
      },
      stage: (entry: Entry) => scratch.stage(entry),
      file,
    });
    session.journal.commit();
  }

  private step(session: Running): Entry[] {
    const kind = this.chance();
    const { held, sent, done } = session;
    if (kind < 0.35 && sent.length > 0) {
      const call = sent.splice(Math.floor(this.chance() * sent.length), 1)[0]!;
      done.push(call);
      return [
        { type: 'outcome', call, outcome: this.one(['ok', 'error', 'cancelled']), durationMs: call % 9 },
      ];
    }
    if (kind < 0.5 && held.length > 0) return this.answer(session);
    if (kind < 0.53) return [{ type: 'refusal', cause: 'denied:deny[0]', bytes: 9, count: 3, digest: 'd' }];
    if (kind < 0.55) return [{ type: 'approver', event: 'enrolled', change: { name: 'ada' } }];
    return this.call(session);
  }

  private call(session: Running): Entry[] {
    const call = session.next;
    session.next += 1;
    const text = `{"path":"/tmp/${call}","call":${call + 1},"n":1.0,"text":"${'x'.repeat(this.chance() * 300)}"}`;
    const effect = this.one(['allow', 'allow', 'deny', 'escalate', 'escalate'] as const);
    const decided = decision(call, {
      server: session.server,
      tool: this.one(['write_file', 'drop_table']),
      arguments: argumentsField(JsonSource.of(text)),
      effect,
      rule: `${effect}[${call % 3}]`,
      caller: this.one([{ as: 'ci' }, { client: 'codex', claimed: true as const }]),
    });
    if (effect === 'deny') return [decided];
    if (effect === 'allow') {
      session.sent.push(call);
      const origin = this.one([...session.done, call]);
      return this.chance() < 0.2 && origin !== call
        ? [decided, { type: 'forward', call, continues: origin }]
        : [decided];
    }
    return [decided, ...this.escalated(session, call)];
  }

  private escalated(session: Running, call: number): Entry[] {
    const kind = this.chance();
    if (kind < 0.15) return [{ type: 'refusal', call, cause: 'flood', digest: 'd', bytes: 3 }];
    const pass = session.passes.pop();
    const grant = session.grants.at(-1);
    if (kind < 0.5 && pass !== undefined) {
      session.sent.push(call);
      return [{ type: 'forward', call, pass }];
    }
    if (kind < 0.6 && grant !== undefined) {
      session.sent.push(call);
      return [{ type: 'forward', call, grant }];
    }
    const twin = session.held.find(({ detached }) => detached);
    if (kind < 0.7 && twin !== undefined) {
      twin.call = call;
      return [{ type: 'hold', call, hold: twin.hold, event: 'attached' }];
    }
    const hold = `h${this.holds.length.toString(36).padStart(4, '0')}`;
    this.holds.push(hold);
    session.held.push({ call, hold, detached: false });
    return [{ type: 'hold', call, hold, event: 'opened' }];
  }

  private answer(session: Running): Entry[] {
    const [one] = session.held;
    if (one === undefined) return [];
    const { call, hold } = one;
    if (!one.detached && this.chance() < 0.3) {
      one.detached = true;
      return [{ type: 'hold', call, hold, event: 'detached' }];
    }
    if (this.chance() < 0.2)
      return [{ type: 'verdict', call, hold, verdict: 'approve', by, tally: { count: 1, of: 2 } }];
    session.held.shift();
    const verdict = this.one(['approve', 'approve', 'reject', 'expired', 'withdrawn'] as const);
    const signature = { key: 'k', statement: '{}', value: 'v' };
    const signed = this.chance() < 0.3 ? { signature } : {};
    const given: Entry = {
      type: 'verdict',
      call,
      hold,
      verdict,
      by,
      waitMs: Math.floor(this.chance() * 5_000),
      ...signed,
    };
    if (verdict !== 'approve') return [given];
    if (one.detached) {
      session.passes.push(hold);
      return [given];
    }
    session.sent.push(call);
    const remembered = this.chance() < 0.3;
    if (remembered) session.grants.push(hold);
    const grant: Entry = { type: 'grant', event: 'given', grant: hold, hold, by: 'ada', scope: 'tool' };
    return [given, ...(remembered ? [grant] : []), { type: 'forward', call, hold }];
  }

  private damage(file: string): void {
    const kind = this.chance();
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const at = Math.floor(this.chance() * lines.length);
    if (kind < 0.15) lines[at] = lines[at]!.slice(0, 50);
    else if (kind < 0.25) lines[at] = lines[at]!.replace('"v":1', '"v":2');
    else if (kind < 0.35) lines[at] = lines[at]!.replace('"type":"', '"type":"x');
    else if (kind < 0.45) lines[at] = lines[at]!.replace('"session":"2', '"session":"3');
    else if (kind < 0.5) lines[at] = '\u0000garbage "call":3,';
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    if (this.chance() < 0.2) appendFileSync(file, '{"v":1,"seq":99');
    if (this.chance() < 0.4) utimesSync(file, START / 1000 - 9e6, START / 1000 - 9e6);
  }
}
