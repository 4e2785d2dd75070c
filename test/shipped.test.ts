import { readdirSync, readFileSync } from 'node:fs';
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

  it('has what run loads in a few files, made of the dist beside them, and of packages a part of undici alone', () => {
    const { scripts, files } = JSON.parse(text('package.json')) as {
      scripts: { build: string };
      files: string[];
    };
    expect(scripts.build).toBe('tsc -p tsconfig.build.json && node scripts/bundle-run.mjs');
    expect(files).toEqual(expect.arrayContaining(['bin', 'dist']));
    const bundled = readdirSync(join(ROOT, 'dist/run'));
    expect(bundled).toEqual(expect.arrayContaining(['run.js', 'start.js', 'session.js', 'policy.js']));
    const sources = bundled.map((name) => text(`dist/run/${name}`)).join('\n');
    // Each file's part begins with its name: what is a package's stays where it was installed, but for decision 20.
    const regions = [...sources.matchAll(/^\/\/ (\S*\.m?js)$/gm)].map(([, name = '']) => name);
    expect(regions.length).toBeGreaterThan(100);
    const foreign = regions.filter((name) => !/^(?:dist\/|\\0|node_modules\/undici\/lib\/)/.test(name));
    expect(foreign).toEqual([]);
  });

  it('has of undici neither HTTP/2 nor fetch in that: whoever asks for them gets an error', () => {
    const agent = text('dist/run/agent.js');
    expect(agent).toContain('HTTP/2 is not part of holdpoint');
    expect(agent).toContain('bodies of fetch are not part of holdpoint');
    expect(agent).not.toMatch(/node:http2|node:sqlite|node:worker_threads|node:zlib/);
  });

  it('tries all of what the gate tries a part of by test:long', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const named = (scripts['test:long'] ?? '').split(' ').filter((word) => word.endsWith('.test.ts'));
    const parted = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => name.endsWith('.test.ts') && /from '[./]+support\/long\.ts'/.test(text(`test/${name}`)),
      )
      .map((name) => `test/${name}`);
    expect(named.sort()).toEqual(parted.sort());
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
