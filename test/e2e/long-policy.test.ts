import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { newFolder } from '../support/home.ts';

// Under the 2 GiB at which Node itself refuses to read a file whole.
const LONG_BYTES = 256 * 1024 ** 2;

describe('reading a policy', () => {
  it.skipIf(process.platform !== 'linux')('reads no byte of a file that is too long', () => {
    const folder = newFolder();
    const place = join(folder, '.policyrc');
    const home = resolveHome(join(folder, 'home'), {});
    mkdirSync(home.root, { mode: 0o700 });
    writeFileSync(place, '{"version":1,"deny":["*"]}', { mode: 0o644 });
    truncateSync(place, LONG_BYTES);
    const script = `import { readFileSync } from 'node:fs';
      import { findProject } from ${JSON.stringify(join(import.meta.dirname, '../../dist/config/find-policy.js'))};
      import { resolveHome } from ${JSON.stringify(join(import.meta.dirname, '../../dist/platform/home.js'))};
      findProject(resolveHome(${JSON.stringify(home.root)}, {}), ${JSON.stringify(folder)});
      const [, read] = /^rchar: (\\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
      process.stdout.write(read);`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(LONG_BYTES / 4);
  });
});
