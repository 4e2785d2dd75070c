import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { newFolder } from '../support/home.ts';

describe('reading a policy', () => {
  it.skipIf(process.platform !== 'linux')('reads no byte of a file that is too long', () => {
    const folder = newFolder();
    const place = join(folder, '.policyrc');
    const home = resolveHome(join(folder, 'home'), {});
    mkdirSync(home.root, { mode: 0o700 });
    writeFileSync(place, '{"version":1,"deny":["*"]}', { mode: 0o644 });
    truncateSync(place, 2 * 1024 ** 3);
    const script = `import { findProject } from ${JSON.stringify(join(import.meta.dirname, '../../dist/config/find-policy.js'))};
      import { resolveHome } from ${JSON.stringify(join(import.meta.dirname, '../../dist/platform/home.js'))};
      findProject(resolveHome(${JSON.stringify(home.root)}, {}), ${JSON.stringify(folder)});
      process.stdout.write(String(process.resourceUsage().maxRSS));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(200_000);
  });
});
