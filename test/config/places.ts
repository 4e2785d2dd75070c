import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, resolveHome } from '../../src/platform/home.ts';
import { newFolder } from '../support/home.ts';

/** Folders in which layers of a policy may stand. */
export interface Places {
  folder: string;
  home: Home;
  /** The administrator's. */
  etc: string;
  /** A repository, and a folder in it. */
  project: string;
  inner: string;
}

export function newPlaces(): Places {
  const folder = newFolder();
  const home = resolveHome(join(folder, 'home'), {});
  const etc = join(folder, 'etc');
  const project = join(folder, 'project');
  const inner = join(project, 'packages/a');
  for (const one of [home.root, etc, join(project, '.git'), inner])
    mkdirSync(one, { recursive: true, mode: 0o755 });
  chmodSync(home.root, 0o700);
  return { folder, home, etc, project, inner };
}

/** A text as it is, or a policy of version 1; gives back its path. */
export function writePolicy(path: string, policy: object | string, mode = 0o644): string {
  writeFileSync(path, typeof policy === 'string' ? policy : JSON.stringify({ version: 1, ...policy }));
  chmodSync(path, mode);
  return path;
}
