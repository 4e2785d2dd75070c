import * as nodeFs from 'node:fs';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex, ZERO } from '../../src/audit/chain.ts';
import { JournalError, type JournalFs } from '../../src/audit/journal.ts';
import { decision, journalIn, linesOf, newHome, ok, SESSION, START, start, TestClock } from './samples.ts';

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

  it('refuses every later commit when the torn record cannot be taken back', () => {
    const fs = {
      ...diskOf(300),
      ftruncateSync: () => {
        throw failure('EIO');
      },
    };
    const journal = journalIn(folder, { fs });
    journal.stage(start());
    expect(() => journal.commit()).toThrow(/ENOSPC/);
    fs.left = 100_000;
    for (const call of [1, 2]) {
      journal.stage(decision(call));
      expect(() => journal.commit()).toThrow(/a half-written record could not be taken back \(EIO\)\.$/);
      expect(journal.staged).toBe(0);
    }
  });

  it('refuses every later commit after a failed sync, for a second sync would lie', () => {
    let failing = true;
    const fs = {
      ...real,
      fdatasyncSync: () => {
        if (failing) throw failure('EIO');
      },
    };
    const journal = journalIn(folder, { fs });
    journal.stage(start());
    journal.commit();
    journal.stage(decision(1));
    expect(() => journal.commit({ durable: true })).toThrow(/cannot be written: EIO\.$/);
    failing = false;
    journal.stage(decision(2));
    expect(() => journal.commit()).toThrow(/an earlier sync failed with EIO/);
    expect(linesOf(journal.file)).toHaveLength(1);
  });

  it('refuses a permission whose file was removed while in use', () => {
    const journal = journalIn(folder);
    journal.stage(start());
    journal.commit();
    rmSync(folder, { recursive: true });
    journal.stage(decision(1));
    expect(() => journal.commit({ durable: true })).toThrow(/it was removed while in use/);
    journal.stage(decision(2));
    expect(() => journal.commit()).toThrow(JournalError);
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
