import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/audit/log/entry.ts';
import { previousTip } from '../../../src/audit/log/previous-tip.ts';
import { serialise } from '../../../src/audit/log/serialise.ts';
import type { VerifyReport } from '../../../src/audit/verify/verify-report.ts';
import { sha256Hex, ZERO } from '../../../src/platform/digest.ts';
import { verifyAudit } from '../../support/audit.ts';
import { FlippedBits } from '../../support/flipped-bits.ts';
import { LONG } from '../../support/long.ts';
import { decision, journalIn, linesOf, newHome, ok, start, stop, wholeSession } from '../samples.ts';

const FIRST = '20261122-104301-aaaaa';
const SECOND = '20261122-104302-bbbbb';

let folder: string;
beforeEach(() => {
  folder = join(newHome(), 'audit');
});

/** Two finished sessions; the second names the last record of the first. */
function twoSessions(): { first: string; second: string } {
  const first = wholeSession(folder, FIRST);
  return { first, second: wholeSession(folder, SECOND, previousTip(folder, SECOND)) };
}

function session(entries: Entry[]): string {
  const journal = journalIn(folder, { session: FIRST });
  for (const entry of entries) journal.stage(entry);
  journal.close();
  return journal.file;
}

const kinds = (): string[] => verifyAudit(folder).problems.map((problem) => problem.kind);
const whats = (): string =>
  verifyAudit(folder)
    .problems.map((problem) => problem.what)
    .join('\n');

describe('verify', () => {
  it('finds whole sessions whole, exit 0, and says what it could not check', () => {
    const { first, second } = twoSessions();
    const report = verifyAudit(folder);
    expect(report).toMatchObject({
      result: 'ok',
      exitCode: 0,
      files: 2,
      records: 20,
      problems: [],
      unknownOutcomes: [],
      unfinished: [],
    });
    expect(report.tip).toEqual({
      file: `2026-11/${SECOND}.jsonl`,
      seq: 9,
      digest: sha256Hex(linesOf(second)[9]!),
    });
    expect(report.checked.join('\n')).toContain('Every forwarded call: 4 have an outcome');
    const unchecked = report.unchecked.join('\n');
    expect(unchecked).toMatch(/rewrote whole files: the chain has no key/);
    expect(unchecked).toContain(
      `no later session and no checkpoint names the last record: 2026-11/${SECOND}.jsonl.`,
    );
    expect(unchecked).not.toContain(first);
  });

  it('has nothing to say of a home without a log, exit 0', () => {
    expect(verifyAudit(folder)).toMatchObject({
      result: 'ok',
      exitCode: 0,
      files: 0,
      tip: null,
      unchecked: [],
    });
  });

  /** Flips each bit (one a byte, but in the long run) from byte `from` on, one at a time; hands on the byte and the report of those called ok. */
  function flipBits(file: string, from: number, onOk: (at: number, report: VerifyReport) => void): void {
    const size = readFileSync(file).length;
    const flips = new FlippedBits(file);
    for (let at = from; at < size; at += 1) {
      for (const bit of LONG ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        const report = flips.flipped(at * 8 + bit, () => verifyAudit(folder));
        if (report.result === 'ok') onOk(at, report);
      }
    }
    flips.close();
  }

  it('reports every flipped bit of a session whose last record a later one names', () => {
    const file = session([start(), decision(1), ok(1), stop]);
    const later = journalIn(folder, { session: SECOND });
    later.stage(start({ previousTip: previousTip(folder, SECOND) }));
    later.stage(stop);
    later.close();
    expect(verifyAudit(folder).result).toBe('ok');
    const missed: number[] = [];
    flipBits(file, 0, (at) => missed.push(at));
    expect(missed).toEqual([]);
  }, 120_000);

  it('may miss a flipped bit in a last record that no later session names, and then says that nobody vouches for it', () => {
    const file = session([start(), decision(1), ok(1), stop]);
    const size = readFileSync(file).length;
    const missed: number[] = [];
    flipBits(file, size - linesOf(file).at(-1)!.length - 1, (at, report) => {
      missed.push(at);
      expect(report.unchecked.join('\n')).toContain(
        `no later session and no checkpoint names the last record: 2026-11/${FIRST}.jsonl`,
      );
    });
    expect(missed.length).toBeGreaterThan(0);
    expect(missed).not.toContain(size - 1);
  }, 120_000);

  it('reports every line that was deleted, doubled, swapped or inserted as tampered, exit 5', () => {
    const { first } = twoSessions();
    const lines = linesOf(first);
    const unseen: string[] = [];
    const judge = (name: string, changed: string[]): void => {
      writeFileSync(first, `${changed.join('\n')}\n`);
      if (verifyAudit(folder).exitCode !== 5) unseen.push(name);
    };
    for (const [index, line] of lines.entries()) {
      const before = lines.slice(0, index);
      const after = lines.slice(index + 1);
      judge(`delete ${index}`, [...before, ...after]);
      judge(`double ${index}`, [...before, line, line, ...after]);
      judge(`empty ${index}`, [...before, line, '', ...after]);
      if (after[0] !== undefined) judge(`swap ${index}`, [...before, after[0], line, ...after.slice(1)]);
      const forged = serialise(
        { seq: index + 1, time: '2026-11-22T10:43:01.000Z', mono: 0, session: FIRST, prev: sha256Hex(line) },
        ok(1),
      );
      judge(`insert after ${index}`, [...before, line, forged, ...after]);
    }
    expect(unseen).toEqual([]);
  });

  it('tells a deleted session by the one that names it: tampered', () => {
    rmSync(twoSessions().first);
    expect(verifyAudit(folder)).toMatchObject({ result: 'tampered', exitCode: 5 });
    expect(whats()).toBe(`It names 2026-11/${FIRST}.jsonl, which is gone.`);
  });

  it('tells whole records cut from the end of a session by the one that names it: tampered', () => {
    const { first } = twoSessions();
    writeFileSync(first, `${linesOf(first).slice(0, -1).join('\n')}\n`);
    expect(whats()).toMatch(/names record 9 of .* which ends before it: records were cut off/);
    expect(verifyAudit(folder).exitCode).toBe(5);
  });

  it('tells a session that was rewritten with a sound chain by the one that names it: tampered', () => {
    const { first } = twoSessions();
    let prev = ZERO;
    const lines = linesOf(first).map((line) => {
      const forged = line.replace('drop_table', 'read_table').replace(/"prev":"\w+"/, `"prev":"${prev}"`);
      prev = sha256Hex(forged);
      return forged;
    });
    writeFileSync(first, `${lines.join('\n')}\n`);
    expect(whats()).toMatch(/by another digest: that record was changed/);
    expect(verifyAudit(folder).exitCode).toBe(5);
  });

  it('tells a session under another name: tampered', () => {
    const { first } = twoSessions();
    writeFileSync(join(dirname(first), '20261122-104303-ccccc.jsonl'), readFileSync(first));
    expect(whats()).toContain("Its session is not the one of the file's name.");
  });

  it('tells records that follow a stop, though their chain is sound: tampered', () => {
    const file = session([start(), stop]);
    const prev = sha256Hex(linesOf(file)[1]!);
    appendFileSync(
      file,
      `${serialise({ seq: 2, time: '2026-11-22T10:43:01.000Z', mono: 0, session: FIRST, prev }, decision(1))}\n`,
    );
    expect(whats()).toBe('It follows the stop of its session.');
  });

  it('tells one change once, not again for every line that follows', () => {
    const { first } = twoSessions();
    writeFileSync(first, readFileSync(first, 'utf8').replace('/tmp/a', '/etc/b'));
    const { problems } = verifyAudit(folder);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'tampered', line: 3 });
  });

  it('keeps its report short for a file of garbage', () => {
    const { first } = twoSessions();
    writeFileSync(first, 'x\n'.repeat(10_000));
    expect(verifyAudit(folder).problems.length).toBeLessThan(110);
  });
});

describe('a log that is not complete', () => {
  it('with a torn last line is reported, exit 1', () => {
    const file = wholeSession(folder, FIRST);
    appendFileSync(file, '{"v":1,"seq":10,"ti');
    expect(verifyAudit(folder)).toMatchObject({ result: 'incomplete', exitCode: 1, records: 10 });
    expect(whats()).toMatch(/The last line is torn/);
  });

  it('with an empty file is reported, exit 1', () => {
    truncateSync(wholeSession(folder, FIRST));
    expect(verifyAudit(folder).exitCode).toBe(1);
  });

  it('with an allowed call without outcome says unknown outcome, exit 1', () => {
    session([start(), decision(1), stop]);
    expect(verifyAudit(folder)).toMatchObject({ exitCode: 1, problems: [], unknownOutcomes: [`${FIRST}/1`] });
  });

  it('says unknown outcome of a session that was killed, exit 1, and unfinished while it runs, exit 0', () => {
    session([start(), decision(1)]);
    expect(verifyAudit(folder)).toMatchObject({
      exitCode: 1,
      unknownOutcomes: [`${FIRST}/1`],
      unfinished: [],
    });
    const running = verifyAudit(folder, { running: new Set([FIRST]) });
    expect(running).toMatchObject({ exitCode: 0, unknownOutcomes: [], unfinished: [`${FIRST}/1`] });
    expect(running.unchecked.join('\n')).toContain('they still run');
  });

  const held: Entry[] = [
    start(),
    decision(1, { effect: 'escalate' }),
    { type: 'hold', call: 1, hold: 'abcde', event: 'opened' },
  ];
  const approved: Entry = { type: 'verdict', call: 1, hold: 'abcde', verdict: 'approve' };
  const forward: Entry = { type: 'forward', call: 1, hold: 'abcde' };

  it('says unknown outcome of an approved call that was forwarded, exit 1', () => {
    session([...held, approved, forward, stop]);
    expect(verifyAudit(folder)).toMatchObject({ exitCode: 1, unknownOutcomes: [`${FIRST}/1`] });
  });

  it('has no unknown outcome for a call that was approved and never sent', () => {
    session([...held, approved, stop]);
    expect(verifyAudit(folder)).toMatchObject({ exitCode: 0, unknownOutcomes: [] });
  });

  it('calls an undecided hold unfinished while its session runs, exit 0, and incomplete after its stop, exit 1', () => {
    const file = session(held);
    const running = new Set([FIRST]);
    expect(verifyAudit(folder, { running })).toMatchObject({ exitCode: 0, unfinished: [`${FIRST}/1`] });
    rmSync(file);
    session([...held, stop]);
    expect(verifyAudit(folder)).toMatchObject({ exitCode: 1, unfinished: [] });
    expect(whats()).toMatch(/Call 1 was held and the session ended/);
  });

  it('that neither ended nor runs is never called fine: it was killed, or its end was cut off, exit 1', () => {
    const file = wholeSession(folder, FIRST);
    expect(verifyAudit(folder).exitCode).toBe(0);
    writeFileSync(file, `${linesOf(file).slice(0, -1).join('\n')}\n`);
    expect(verifyAudit(folder)).toMatchObject({ result: 'incomplete', exitCode: 1 });
    expect(whats()).toMatch(/It records no stop and does not run/);
  });

  it('wants an outcome of everything under mode observe, for everything is forwarded', () => {
    const policy = { file: null, digest: 'b'.repeat(64), mode: 'observe' };
    session([start({ policy }), decision(1, { effect: 'deny' }), stop]);
    expect(verifyAudit(folder).unknownOutcomes).toEqual([`${FIRST}/1`]);
  });
});

describe('a log that cannot be read', () => {
  it.skipIf(process.getuid?.() === 0)('for its permissions is reported, exit 3', () => {
    chmodSync(wholeSession(folder, FIRST), 0);
    expect(verifyAudit(folder)).toMatchObject({ result: 'unreadable', exitCode: 3 });
  });

  it('for a folder that is a file is reported, exit 3', () => {
    writeFileSync(folder, '');
    expect(verifyAudit(folder)).toMatchObject({ result: 'unreadable', exitCode: 3, files: 0 });
  });

  it('for a newer format is reported as unreadable', () => {
    const file = wholeSession(folder, FIRST);
    const last = linesOf(file).at(-1)!;
    writeFileSync(file, readFileSync(file, 'utf8').replace(last, last.replace('"v":1', '"v":2')));
    expect(kinds()).toEqual(['unreadable']);
    expect(whats()).toContain('its format is version 2, which this holdpoint does not know');
    expect(verifyAudit(folder).exitCode).toBe(3);
  });

  it('is told beside what was tampered with, exit 5', () => {
    const { first, second } = twoSessions();
    writeFileSync(first, 'x\n');
    writeFileSync(second, readFileSync(second, 'utf8').replaceAll('"v":1', '"v":9'));
    expect(new Set(kinds())).toEqual(new Set(['tampered', 'unreadable']));
    expect(verifyAudit(folder).exitCode).toBe(5);
  });

  it('does not follow a link in place of a session, and says that it did not', () => {
    const { first } = twoSessions();
    const elsewhere = join(newHome(), 'copy.jsonl');
    writeFileSync(elsewhere, readFileSync(first));
    rmSync(first);
    symlinkSync(elsewhere, first);
    mkdirSync(join(folder, 'notes'));
    const report = verifyAudit(folder);
    expect(report.exitCode).toBe(5);
    expect(report.unchecked.join('\n')).toContain(`was not read: 2026-11/${FIRST}.jsonl, notes.`);
  });
});

describe('the previous tip', () => {
  it('is the last whole record of the newest other session', () => {
    expect(previousTip(folder, SECOND)).toBeNull();
    const file = wholeSession(folder, FIRST);
    const tip = { file: `2026-11/${FIRST}.jsonl`, seq: 9, digest: sha256Hex(linesOf(file)[9]!) };
    expect(previousTip(folder, SECOND)).toEqual(tip);
    appendFileSync(file, '{"torn');
    expect(previousTip(folder, SECOND)).toEqual(tip);
    wholeSession(folder, SECOND, tip);
    expect(previousTip(folder, SECOND)).toEqual(tip);
    expect(previousTip(folder, 'other')?.file).toBe(`2026-11/${SECOND}.jsonl`);
  });

  it('passes over a newest file that is empty or damaged', () => {
    wholeSession(folder, FIRST);
    writeFileSync(join(folder, '2026-11', `${SECOND}.jsonl`), 'garbage\n');
    expect(previousTip(folder, 'other')?.file).toBe(`2026-11/${FIRST}.jsonl`);
    truncateSync(join(folder, '2026-11', `${SECOND}.jsonl`));
    expect(previousTip(folder, 'other')?.file).toBe(`2026-11/${FIRST}.jsonl`);
  });

  it('is found behind a last line longer than one read', () => {
    const huge: Entry = {
      type: 'pin',
      event: 'x',
      list: Array.from({ length: 40_000 }, (_, index) => `tool ${index}`),
    };
    session([start(), huge]);
    expect(previousTip(folder, SECOND)?.seq).toBe(1);
  });
});
