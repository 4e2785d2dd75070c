import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * A folder with the project compiled, for child processes of plain Node: `dist` may be older than what is tested.
 * Types are checked elsewhere.
 */
export function compileProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-compiled-'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(
    process.execPath,
    [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--noCheck', '--outDir', folder],
    { stdio: 'pipe' },
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}
