import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Follower } from '../../../src/audit/reading/follow.ts';
import { runningSessions } from '../../../src/audit/retention/running-sessions.ts';
import { decision, journalIn, linesOf, newHome, ok, start, wholeSession } from '../samples.ts';

let folder: string;
beforeEach(() => {
  folder = join(newHome(), 'audit');
});

describe('a follower', () => {
  it('sees old records, then new ones and new files, each once', () => {
    const follower = new Follower(folder, (warning) => expect.fail(warning));
    const poll = (): string[] => {
      const seen: string[] = [];
      follower.poll(({ record, call }) => seen.push(`${record.type} ${call?.tool ?? '-'}`));
      return seen;
    };
    expect(poll()).toEqual([]);
    const journal = journalIn(folder);
    journal.stage(start());
    journal.commit();
    expect(poll()).toEqual(['session -']);
    journal.stage(decision(1));
    journal.commit();
    expect(poll()).toEqual(['decision write_file']);
    expect(poll()).toEqual([]);
    journal.stage(ok(1));
    journal.commit();
    wholeSession(folder, '20261122-104309-later');
    expect(poll()).toHaveLength(11);
  });

  it('waits for the end of a torn line, and reads a line again that was taken back', () => {
    const file = wholeSession(folder, '20261122-104301-aaaaa');
    const [first, second] = linesOf(file) as [string, string];
    writeFileSync(file, first.slice(0, 50));
    const warnings: string[] = [];
    const follower = new Follower(folder, (warning) => warnings.push(warning));
    const seen: number[] = [];
    const poll = (): void => follower.poll(({ record }) => seen.push(record.seq));
    poll();
    writeFileSync(file, `${first}\n`);
    poll();
    appendFileSync(file, second.slice(0, 30));
    poll();
    writeFileSync(file, `${readFileSync(file, 'utf8').slice(0, -30)}${second}\n`);
    poll();
    expect([seen, warnings]).toEqual([[0, 1], []]);
  });

  it('warns of damage and of a file that shrank, and goes on', () => {
    const file = wholeSession(folder, '20261122-104301-aaaaa');
    const warnings: string[] = [];
    const follower = new Follower(folder, (warning) => warnings.push(warning));
    follower.poll(() => {});
    appendFileSync(file, 'garbage\n');
    follower.poll(() => {});
    writeFileSync(file, '');
    follower.poll(() => {});
    expect(warnings).toEqual([
      'A line of 2026-11/20261122-104301-aaaaa.jsonl was skipped: it is not JSON.',
      'A file was cut'
        .replace('A file', '2026-11/20261122-104301-aaaaa.jsonl')
        .concat(': it is shorter than it was.'),
    ]);
  });
});

describe('the running sessions', () => {
  it('are those whose socket somebody listens on, not those whose socket was left behind', async () => {
    const run = join(newHome(), 'run');
    expect(runningSessions(run)).toEqual(new Set());
    mkdirSync(run);
    const server = createServer().listen(join(run, 'alive.sock'));
    await new Promise((resolve) => server.once('listening', resolve));
    writeFileSync(join(run, 'dead.sock'), '');
    const found = runningSessions(run);
    server.close();
    expect(found.has('alive')).toBe(true);
    if (process.platform === 'linux') expect(found).toEqual(new Set(['alive']));
  });
});
