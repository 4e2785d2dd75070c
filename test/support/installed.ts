import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

interface Lock {
  packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>;
}

/**
 * Packs the checkout and installs that into an empty folder as a user would, with the versions of our lock and without
 * what is optional. All of it lies in npm's cache since `npm ci`; no script of a package runs.
 */
export function installInto(folder: string): void {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--silent'];
  const npm = (...words: string[]): string =>
    execFileSync('npm', [...words, ...quiet], { cwd: folder, encoding: 'utf8' });
  const [packed] = JSON.parse(npm('pack', ROOT, '--json')) as { filename: string; integrity: string }[];
  if (packed === undefined) throw new Error('npm pack packed nothing');
  const { version, dependencies, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const wanted = { holdpoint: `file:${packed.filename}` };
  const ours = { version, resolved: wanted.holdpoint, integrity: packed.integrity, dependencies, bin };
  const needed = Object.entries(lock.packages).filter(
    ([place, { dev, devOptional }]) => place !== '' && dev !== true && devOptional !== true,
  );
  const packages = {
    '': { dependencies: wanted },
    'node_modules/holdpoint': ours,
    ...Object.fromEntries(needed),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: wanted }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  npm('ci', '--omit=dev', '--omit=optional');
}

/** The bytes of the files of each installed package, by its name, most first. */
export function installedBytes(folder: string): Map<string, number> {
  const modules = join(folder, 'node_modules');
  const sums = new Map<string, number>();
  for (const place of readdirSync(modules, { recursive: true, encoding: 'utf8' })) {
    const { size } = lstatSync(join(modules, place));
    if (!lstatSync(join(modules, place)).isFile()) continue;
    const [first = '', second = ''] = place.split('/');
    const name = first.startsWith('@') ? `${first}/${second}` : first;
    sums.set(name, (sums.get(name) ?? 0) + size);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}
