import * as nodeFs from 'node:fs';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { queryCalls } from '../../../src/audit/reading/query.ts';
import { JournalError, type JournalFs } from '../../../src/audit/writing/journal.ts';
import { sha256Hex, ZERO } from '../../../src/platform/digest.ts';
import { findCall, verifyAudit } from '../../support/audit.ts';
import { decision, journalIn, linesOf, newHome, ok, SESSION, START, start, TestClock } from '../samples.ts';

let folder: string;
beforeEach(() => {
  folder = join(newHome(), 'audit');
});

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const real: JournalFs = {
  openSync: nodeFs.openSync,
  writeSync: (fd, bytes, offset, length) => nodeFs.writeSync(fd, bytes, offset, length),
  fdatasyncSync: nodeFs.fdatasyncSync,
  ftruncateSync: nodeFs.ftruncateSync,
  fstatSync: (fd) => nodeFs.fstatSync(fd),
  closeSync: nodeFs.closeSync,
};

/** A disk with so many bytes left; a write that meets its end is short first, as on a real one. */
function diskOf(space: number): JournalFs & { left: number } {
  return {
    ...real,
    left: space,
    writeSync(fd, bytes, offset, length) {
      const fits = Math.min(length, this.left);
      if (fits === 0) throw failure('ENOSPC');
      this.left -= fits;
      return nodeFs.writeSync(fd, bytes, offset, fits);
    },
  };
}

describe('a journal', () => {
  it('leaves nothing on disk until the first commit, though its file is known', () => {
    const journal = journalIn(folder);
    expect(journal.file).toBe(join(folder, '2026-11', `${SESSION}.jsonl`));
    journal.stage(start());
    journal.discard();
    journal.commit();
    journal.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('chains its records by the digest of the previous line, from 64 zeros, with dense seq from 0', () => {
    const clock = new TestClock();
    const journal = journalIn(folder, { clock });
    expect(journal.stage(start())).toBe(0);
    journal.commit();
    clock.move(1500);
    expect(journal.stage(decision(1))).toBe(1);
    expect(journal.stage(ok(1))).toBe(2);
    expect(journal.staged).toBe(2);
    journal.commit();
    expect(journal.staged).toBe(0);
    journal.close();

    const lines = linesOf(journal.file);
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map((record) => record.seq)).toEqual([0, 1, 2]);
    expect(records.map((record) => record.prev)).toEqual([ZERO, sha256Hex(lines[0]!), sha256Hex(lines[1]!)]);
    expect(records.map((record) => record.mono)).toEqual([0, 1500, 1500]);
    expect(records[1].time).toBe(new Date(START + 1500).toISOString());
    expect(records.every((record) => record.v === 1 && record.session === SESSION)).toBe(true);
  });

  it('makes files 0600 and folders 0700', () => {
    const journal = journalIn(folder);
    journal.stage(start());
    journal.commit({ durable: true });
    expect(statSync(journal.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, '2026-11')).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('writes all that is staged with one write, and syncs only when asked', () => {
    let writes = 0;
    let syncs = 0;
    const fs: JournalFs = {
      ...real,
      writeSync: (...args) => {
        writes += 1;
        return real.writeSync(...args);
      },
      fdatasyncSync: (fd) => {
        syncs += 1;
        real.fdatasyncSync(fd);
      },
    };
    const journal = journalIn(folder, { fs });
    for (let call = 1; call <= 20; call += 1) journal.stage(decision(call));
    journal.commit();
    expect([writes, syncs]).toEqual([1, 0]);
    journal.stage(ok(1));
    journal.commit({ durable: true });
    expect(syncs).toBe(3); // the file and, once, the two folders that name it
    journal.stage(ok(2));
    journal.commit({ durable: true });
    expect([writes, syncs]).toEqual([3, 4]);
  });

  it('syncs every commit under durability disk', () => {
    let syncs = 0;
    const fs: JournalFs = {
      ...real,
      fdatasyncSync: () => {
        syncs += 1;
      },
    };
    const journal = journalIn(folder, { fs, durability: 'disk' });
    journal.stage(start());
    journal.commit();
    journal.stage(decision(1));
    journal.commit();
    expect(syncs).toBe(4);
  });

  it('goes on after short writes until every byte is written', () => {
    const fs = {
      ...real,
      writeSync: (fd: number, bytes: Uint8Array, at: number) =>
        real.writeSync(fd, bytes, at, Math.min(7, bytes.length - at)),
    };
    const journal = journalIn(folder, { fs });
    journal.stage(start());
    journal.stage(decision(1));
    journal.commit();
    expect(linesOf(journal.file).map((line) => JSON.parse(line).seq)).toEqual([0, 1]);
  });
});

describe('a journal that cannot write', () => {
  it('refuses on a full disk, takes the torn record back, and goes on with a sound chain when there is room', () => {
    const fs = diskOf(100_000);
    const journal = journalIn(folder, { fs });
    journal.stage(start());
    journal.commit();
    const before = readFileSync(journal.file, 'utf8');
    fs.left = 300;
    journal.stage(decision(1));
    expect(() => journal.commit()).toThrow(
      new JournalError(`The audit log ${journal.file} cannot be written: ENOSPC.`),
    );
    expect(readFileSync(journal.file, 'utf8')).toBe(before);
    expect(journal.staged).toBe(0);

    fs.left = 100_000;
    expect(journal.stage(decision(2))).toBe(1);
    journal.commit();
    const [first, second] = linesOf(journal.file);
    expect(JSON.parse(second!)).toMatchObject({ seq: 1, prev: sha256Hex(first!), call: 2 });
  });

  it('goes on in a new file when a torn record cannot be taken back, and never touches the old one again', () => {
    const fs = {
      ...diskOf(900),
      ftruncateSync: () => {
        throw failure('EIO');
      },
    };
    const journal = journalIn(folder, { fs });
    const first = journal.file;
    journal.stage(start());
    journal.commit();
    journal.stage(decision(1));
    expect(() => journal.commit()).toThrow(/ENOSPC/);
    const torn = readFileSync(first);
    fs.left = 100_000;
    journal.stage(decision(2));
    journal.commit();
    journal.close();
    expect(journal.file).toBe(join(folder, '2026-11', `${SESSION}.2.jsonl`));
    expect(readFileSync(first)).toEqual(torn);
    const [continued, second] = linesOf(journal.file).map((line) => JSON.parse(line));
    const digest = sha256Hex(torn.toString().split('\n')[0]!);
    expect(continued).toMatchObject({
      seq: 0,
      prev: ZERO,
      event: 'continued',
      previousTip: { file: `2026-11/${SESSION}.jsonl`, seq: 0, digest },
    });
    expect(second).toMatchObject({ seq: 1, call: 2 });
    const report = verifyAudit(folder);
    expect(report).toMatchObject({ result: 'incomplete', exitCode: 1 });
    expect(report.problems.map(({ what }) => what).join()).toMatch(/is torn.*goes on where the file before/s);
  });

  it('refuses the commit whose sync failed, and goes on in a new file, for a second sync would lie', () => {
    let failing = true;
    const fs = {
      ...real,
      fdatasyncSync: () => {
        if (failing) throw failure('EIO');
      },
    };
    const journal = journalIn(folder, { fs });
    const first = journal.file;
    journal.stage(start());
    journal.stage(decision(1));
    journal.commit();
    journal.stage(decision(2));
    expect(() => journal.commit({ durable: true })).toThrow(/cannot be written: EIO\.$/);
    failing = false;
    journal.stage(ok(1));
    journal.commit({ durable: true });
    journal.close();
    expect(linesOf(first)).toHaveLength(2);
    expect(linesOf(journal.file)).toHaveLength(2);
    // A call and its outcome in the next file are one call.
    expect(queryCalls(folder).calls).toMatchObject([{ call: 1, outcome: 'ok' }]);
    expect(verifyAudit(folder)).toMatchObject({ exitCode: 1, unknownOutcomes: [] });
    expect(findCall(folder, '1').records.map(({ type }) => type)).toEqual(['decision', 'outcome']);
  });

  it('refuses everything after twenty files that failed', () => {
    const fs = {
      ...real,
      fdatasyncSync: () => {
        throw failure('EIO');
      },
    };
    const journal = journalIn(folder, { fs });
    for (let attempt = 1; attempt <= 25; attempt += 1) {
      journal.stage(decision(attempt));
      expect(() => journal.commit({ durable: true })).toThrow(JournalError);
    }
    expect(journal.file).toContain(`${SESSION}.20.jsonl`);
  });

  it('refuses a permission whose file was removed while in use, and says so in the next file', () => {
    const journal = journalIn(folder);
    journal.stage(start());
    journal.commit();
    rmSync(folder, { recursive: true });
    journal.stage(decision(1));
    expect(() => journal.commit({ durable: true })).toThrow(/it was removed while in use/);
    journal.stage(decision(2));
    journal.commit({ durable: true });
    expect(linesOf(journal.file)).toHaveLength(2);
    expect(verifyAudit(folder).problems.map(({ what }) => what)).toContain(
      `It names 2026-11/${SESSION}.jsonl, which is gone.`,
    );
  });

  it.for([
    ['a link', (at: string) => symlinkSync(newHome(), at), /is not a folder/],
    ['a file', (at: string) => writeFileSync(at, ''), /is not a folder/],
  ] as const)('refuses an audit folder that is %s', ([, make, said]) => {
    make(folder);
    const journal = journalIn(folder);
    journal.stage(start());
    expect(() => journal.commit()).toThrow(said);
  });

  it('closes an audit folder that others could enter', () => {
    mkdirSync(folder, { mode: 0o777 });
    chmodSync(folder, 0o777);
    const journal = journalIn(folder);
    journal.stage(start());
    journal.commit();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses a write of which the system takes nothing, instead of trying for ever', () => {
    const journal = journalIn(folder, { fs: { ...real, writeSync: () => 0 } });
    journal.stage(start());
    expect(() => journal.commit()).toThrow(/took none of its bytes/);
  });

  it("refuses to write into another writer's file", () => {
    const first = journalIn(folder);
    first.stage(start());
    first.commit();
    const second = journalIn(folder);
    second.stage(start());
    expect(() => second.commit()).toThrow(/EEXIST/);
    expect(linesOf(first.file)).toHaveLength(1);
  });

  it('refuses when its folder cannot be made, and works once it can', () => {
    const home = newHome();
    writeFileSync(join(home, 'audit'), 'in the way');
    const journal = journalIn(join(home, 'audit'));
    journal.stage(start());
    expect(() => journal.commit()).toThrow(JournalError);
    rmSync(join(home, 'audit'));
    journal.stage(start());
    journal.commit();
    expect(JSON.parse(linesOf(journal.file)[0]!).seq).toBe(0);
  });

  it('never throws from close, and refuses what comes after it', () => {
    const journal = journalIn(folder, { fs: diskOf(10) });
    journal.stage(start());
    expect(() => journal.close()).not.toThrow();
    journal.stage(start());
    expect(() => journal.commit()).toThrow(/it is closed/);
    expect(() => journal.close()).not.toThrow();
  });

  it('commits what is staged when it is closed', () => {
    const journal = journalIn(folder);
    journal.stage(start());
    journal.close();
    expect(linesOf(journal.file)).toHaveLength(1);
  });
});
