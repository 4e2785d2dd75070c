import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../../src/platform/this-machine.ts';
import { type Ran, ranToEnd } from '../support/cli.ts';
import { newFolder } from '../support/home.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');
const OURS = 'somebody/holdpoint';

type Change = (files: Record<string, string>) => void;

/** What the check says of a checkout like this one, of the repository OURS, that was changed. */
function checked(tag: string, change: Change = () => {}): Promise<Ran> {
  const folder = newFolder();
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(ROOT, 'scripts/release-check.mjs'), join(folder, 'scripts/release-check.mjs'));
  const names = ['package.json', 'package-lock.json', 'CHANGELOG.md'];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]));
  const manifest = JSON.parse(files['package.json'] ?? '');
  files['package.json'] = JSON.stringify({ ...manifest, repository: `git+https://github.com/${OURS}.git` });
  change(files);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const words = [join(folder, 'scripts/release-check.mjs'), tag, OURS];
  return ranToEnd(spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

const replaced =
  (name: string, from: string, to: string): Change =>
  (files) => {
    files[name] = (files[name] ?? '').replace(from, to);
  };

describe('the check before a release', () => {
  it('passes a tag of the version that package.json, the lock and the changelog name', async () => {
    expect(await checked(`v${VERSION}`)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each([
    ['another tag', 'v9.9.9', () => {}, `The tag is v9.9.9 and package.json says ${VERSION}`],
    ['an old lock', `v${VERSION}`, replaced('package-lock.json', VERSION, '0.0.1'), 'is of version 0.0.1'],
    [
      'no day in the changelog',
      `v${VERSION}`,
      replaced('CHANGELOG.md', `## ${VERSION} (`, '## next ('),
      'CHANGELOG.md has no',
    ],
    [
      "somebody else's repository",
      `v${VERSION}`,
      replaced('package.json', OURS, 'other/holdpoint'),
      'names the repository',
    ],
    [
      'one whose name only ends like ours',
      `v${VERSION}`,
      replaced('package.json', OURS, `x/${OURS}`),
      'names the repository',
    ],
  ] as const)('refuses %s', async (_, tag, change, why) => {
    const { code, stderr } = await checked(tag, change);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

interface Job {
  needs?: string;
  uses?: string;
  environment?: string;
  permissions?: Record<string, string>;
  strategy?: { matrix: { node: string[] } };
  steps?: { uses?: string; run?: string }[];
}

describe('the workflows', () => {
  const read = (name: string): { on: unknown; permissions: unknown; jobs: Record<string, Job> } =>
    parse(readFileSync(join(WORKFLOWS, name), 'utf8'));
  const all = readdirSync(WORKFLOWS).map(read);
  const jobs = all.flatMap((one) => Object.values(one.jobs));

  it('publish by a tag alone, after the gate, with provenance and without a token', () => {
    const { on, jobs: release } = read('release.yml');
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
    expect(release['publish']).toMatchObject({ needs: 'gate', environment: 'npm' });
    const runs = release['publish']?.steps?.map(({ run }) => run ?? '') ?? [];
    const at = (words: string): number => runs.findIndex((run) => run.includes(words));
    expect(at('release-check.mjs')).toBeGreaterThan(0);
    expect(at('npm publish')).toBeGreaterThan(at('release-check.mjs'));
    expect(runs[at('npm publish')]).toContain('--provenance');
    expect(readFileSync(join(WORKFLOWS, 'release.yml'), 'utf8')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
  });

  it('run the gate on the oldest Node that package.json allows, on 22 and on 24', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const nodes = read('gate.yml').jobs['gate']?.strategy?.matrix.node ?? [];
    expect(nodes).toEqual([`${engines.node.replace('>=', '')}.0`, '22', '24']);
    for (const name of ['ci.yml', 'release.yml'])
      expect(read(name).jobs['gate']?.uses).toBe('./.github/workflows/gate.yml');
  });

  it('name actions by their commit, and may write nothing but the signature of a release', () => {
    const used = jobs.flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !/@[0-9a-f]{40}$/.test(one))).toEqual([]);
    expect(all.map(({ permissions }) => permissions)).toEqual(all.map(() => ({ contents: 'read' })));
    const given = jobs.flatMap(({ permissions = {} }) => Object.entries(permissions));
    expect(given).toEqual([
      ['contents', 'read'],
      ['id-token', 'write'],
    ]);
  });
});
