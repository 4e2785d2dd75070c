import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Checkpoints, readCheckpoints } from '../../../src/audit/log/checkpoint.ts';
import { tipOf } from '../../../src/audit/log/previous-tip.ts';
import { verifyAudit } from '../../support/audit.ts';
import { linesOf, newHome, wholeSession } from '../samples.ts';

const ID = '20261122-104301-aaaaa';
const TIME = '2026-11-22T10:43:01.000Z';

describe('a checkpoint file', () => {
  let home: string;
  let folder: string;
  let file: string;
  let copy: string;
  beforeEach(() => {
    home = newHome();
    folder = join(home, 'audit');
    file = wholeSession(folder, ID);
    copy = join(home, 'checkpoints.jsonl');
    new Checkpoints(copy).note(tipOf(file, `2026-11/${ID}.jsonl`)!, TIME, true);
  });
  const check = () => verifyAudit(folder, { checkpoints: [copy] });
  const whats = () => check().problems.map(({ what }) => what);

  it('vouches for the end of a session that no later one names', () => {
    expect(check()).toMatchObject({ result: 'ok', problems: [] });
    expect(check().unchecked.join()).not.toContain('names the last record:');
  });

  it('shows records that were cut from the end: tampered', () => {
    writeFileSync(file, `${linesOf(file).slice(0, -2).join('\n')}\n`);
    expect(verifyAudit(folder).result).not.toBe('tampered');
    expect(check().exitCode).toBe(5);
    expect(whats()[0]).toContain('which ends before it: records were cut off');
  });

  it('shows a file that is gone: tampered', () => {
    rmSync(file);
    expect(verifyAudit(folder).result).toBe('ok');
    expect(check().exitCode).toBe(5);
    expect(whats()).toEqual([`It names 2026-11/${ID}.jsonl, which is gone.`]);
  });

  it('shows a last record that was changed: tampered', () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace('client closed', 'client opened'));
    expect(verifyAudit(folder).result).toBe('ok');
    expect(check().exitCode).toBe(5);
  });

  it('that is missing or holds other lines vouches for nothing: incomplete', () => {
    writeFileSync(copy, `${readFileSync(copy, 'utf8')}garbage\n{"v":2}\n`);
    expect(check()).toMatchObject({ result: 'incomplete', exitCode: 1 });
    expect(readCheckpoints(copy)).toMatchObject({ bad: [2, 3] });
    rmSync(copy);
    expect(whats()).toEqual(['The checkpoint file cannot be read: ENOENT.']);
  });

  it('gets a line at the first record, every hundredth, and whenever something was permitted', () => {
    const many = join(home, 'many.jsonl');
    const checkpoints = new Checkpoints(many);
    for (let seq = 0; seq <= 250; seq += 1)
      checkpoints.note({ file: 'f', seq, digest: 'd' }, TIME, seq === 120);
    expect(readCheckpoints(many).tips.map(({ tip }) => tip.seq)).toEqual([0, 100, 120, 220]);
  });
});
