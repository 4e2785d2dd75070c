import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../src/platform/this-machine.ts';
import { compilePolicy } from '../src/policy/source/compile.ts';

const ROOT = resolve(import.meta.dirname, '..');
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

describe('what is shipped', () => {
  it('names one version everywhere', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(VERSION).toBe(version);
    expect((JSON.parse(text('package-lock.json')) as { version: string }).version).toBe(version);
  });

  it('has an example policy without a problem', async () => {
    expect((await compilePolicy(text('.policyrc.example.json'))).problems).toBeUndefined();
  });

  it('has a README whose policy is one', async () => {
    const [, policy = ''] = /```jsonc\n([\s\S]*?)```/.exec(text('README.md')) ?? [];
    expect((await compilePolicy(policy)).policy?.deny).toHaveLength(2);
    expect(policy.trim().split('\n').length).toBeLessThanOrEqual(13);
  });
});
