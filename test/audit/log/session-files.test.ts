import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listMonth, newestFirst } from '../../../src/audit/log/session-files.ts';
import { chances } from '../reading/grown-log.ts';
import { newHome } from '../samples.ts';

const MONTH = '2026-11';

/** A month of so many sessions, some of them in several files, beside what is none of ours. */
function monthOf(sessions: number, chance: () => number): string {
  const folder = newHome();
  mkdirSync(join(folder, MONTH));
  const put = (name: string): void => writeFileSync(join(folder, MONTH, name), '');
  for (let at = 0; at < sessions; at += 1) {
    const session = `20261122-${String(Math.floor(chance() * 1e6)).padStart(6, '0')}-${at}`;
    put(`${session}.jsonl`);
    for (let part = 2; chance() < 0.3; part += 1) put(`${session}.${part}.jsonl`);
  }
  put('zz-note.txt');
  put('zz.corrupt.jsonl');
  mkdirSync(join(folder, MONTH, 'zz.jsonl'));
  symlinkSync('/dev/null', join(folder, MONTH, 'zy.jsonl'));
  return folder;
}

describe('the newest files of a month', () => {
  it.for([0, 1, 5, 40, 70, 130, 500])('are those of its listing, from the end: %i sessions', (sessions) => {
    for (let seed = 0; seed < 5; seed += 1) {
      const folder = monthOf(sessions, chances(sessions * 10 + seed));
      const all = listMonth(folder, MONTH).files.reverse();
      expect([...newestFirst(folder, MONTH)]).toEqual(all);
    }
  });
});
