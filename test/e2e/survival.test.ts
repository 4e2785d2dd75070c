import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listAuditFolder, readLines } from '../../src/audit/log/session-files.ts';
import { sha256Hex } from '../../src/platform/digest.ts';
import { linesOf, newHome } from '../audit/samples.ts';
import { verifyAudit } from '../support/audit.ts';

/** Commits records and says on stdout which seq it was told is written: synchronously, so that no buffer hides one. */
const WRITER = `
import { writeSync } from 'node:fs';
const [built, folder, session, count, durability] = process.argv.slice(1);
const { openJournal } = await import(built + '/audit/writing/journal.js');
const { rawJson } = await import(built + '/audit/log/raw-json.js');
const clock = { wall: Date.now, mono: () => performance.now() };
const journal = openJournal({ folder, session, clock, durability });
const digest = 'd'.repeat(64);
for (let call = 0; call < Number(count); call += 1) {
  const seqs = [journal.stage({ type: 'decision', call, server: 's', tool: 't', arguments: rawJson('{"text":"' + 'x'.repeat(1500) + '"}'),
    digest, callDigest: digest, bytes: 1, caller: { unknown: true }, effect: 'allow', rule: 'r', reason: 'because' })];
  seqs.push(journal.stage({ type: 'outcome', call, outcome: 'ok' }));
  journal.commit();
  writeSync(1, seqs.join('\\n') + '\\n');
}
journal.close();
`;

const BUILT = resolve(import.meta.dirname, '../../dist');

function write(folder: string, session: string, count: number, durability = 'process'): ChildProcess {
  const words = ['--input-type=module', '-e', WRITER, BUILT, folder, session, `${count}`, durability];
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The seqs whose whole line reached us. */
async function acknowledged(child: ChildProcess): Promise<number[]> {
  let text = '';
  child.stdout?.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1).map(Number);
}

describe('the journal of a killed process', () => {
  it('holds every acknowledged record, 20 kills at random times', async () => {
    const folder = join(newHome(), 'audit');
    let total = 0;
    for (let round = 0; round < 20; round += 1) {
      const session = `20261122-104301-kill${round}`;
      const child = write(folder, session, 10_000_000);
      const acks = acknowledged(child);
      await once(child.stdout!, 'data');
      await sleep(Math.random() * 60);
      child.kill('SIGKILL');
      const seqs = await acks;
      const file = listAuditFolder(folder).files.find((one) => one.session === session)!;
      const found = [...readLines(file.path)].filter((line) => !line.torn).length;
      expect(found).toBeGreaterThan(seqs.at(-1)!);
      total += seqs.length;
    }
    expect(total).toBeGreaterThan(20);
    expect(verifyAudit(folder).problems.filter((problem) => problem.kind !== 'incomplete')).toEqual([]);
  });
});

describe('four processes that write own sessions in one home', () => {
  it('lose nothing', async () => {
    const folder = join(newHome(), 'audit');
    const writers = [1, 2, 3, 4].map((one) => write(folder, `20261122-104301-four${one}`, 1000));
    const acks = await Promise.all(writers.map(acknowledged));
    expect(acks.map((seqs) => seqs.length)).toEqual([2000, 2000, 2000, 2000]);
    // They write no stop: to verify they are sessions that still run.
    const running = new Set([1, 2, 3, 4].map((one) => `20261122-104301-four${one}`));
    const report = verifyAudit(folder, { running });
    expect([report.result, report.files, report.records]).toEqual(['ok', 4, 8000]);
    const tip = linesOf(join(folder, report.tip!.file)).at(-1)!;
    expect(sha256Hex(tip)).toBe(report.tip!.digest);
  });
});
