import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startedIn } from '../../../src/cli/clients/which-holdpoint.ts';
import { VERSION } from '../../../src/platform/this-machine.ts';
import { newFolder } from '../../support/home.ts';

afterEach(() => vi.unstubAllEnvs());

describe('what a wrapped remote server starts', () => {
  it('is told by what stands before "run", whatever its address ends with', () => {
    const bin = join(newFolder(), 'bin');
    mkdirSync(bin);
    symlinkSync(resolve(import.meta.dirname, '../../../bin/holdpoint.js'), join(bin, 'holdpoint'));
    vi.stubEnv('PATH', bin);
    for (const address of ['https://a.example/mcp', 'https://a.example/bin/holdpoint.js'])
      expect(startedIn(['holdpoint', 'run', '--url', address, '--'])).toEqual({
        missing: undefined,
        version: VERSION,
        doubt: undefined,
      });
  });
});
