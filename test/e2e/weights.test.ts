import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LABELLED = resolve(ROOT, '../shared/data/tools.jsonl.gz');

describe('the weights of the risk classes', () => {
  // Words and features are code: whoever changes them must train again.
  it.skipIf(!existsSync(LABELLED))(
    'are what training gives from the labelled tools, to the byte',
    { timeout: 120_000 },
    () => {
      const ran = spawnSync(process.execPath, ['bench/risk/train.mjs', '--check'], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect([ran.status, ran.stdout]).toEqual([0, 'The weights are what the labelled tools give.\n']);
    },
  );
});
