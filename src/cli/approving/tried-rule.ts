import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

/** A log that takes longer is not waited for. */
const PATIENCE_MS = 5_000;
const BIN = resolve(import.meta.dirname, '../../../bin/holdpoint.js');

/** What a rule would have done to the questions of the record, in a process of its own: the terminal stays awake. */
export function triedRule(home: string, rule: string): Promise<string> {
  const words = [BIN, 'policy', 'suggest', `--try=${rule}`, `--home=${home}`];
  return new Promise((done, fail) => {
    execFile(process.execPath, words, { timeout: PATIENCE_MS, maxBuffer: 64 * 1024 }, (error, stdout) => {
      if (error === null) done(stdout.trim());
      else fail(error);
    });
  });
}
