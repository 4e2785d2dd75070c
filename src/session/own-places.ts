import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Home } from '../platform/home.ts';
import { userHome } from '../platform/this-machine.ts';
import type { OwnPlaces } from '../policy/paths/own-places.ts';

/** Of a checkout, what runs; the rest of it is somebody's work. */
const RUNS = ['bin', 'dist', 'node_modules', 'package.json'];

/**
 * Where the files of this process lie, for the policy's built-in items. `workingFolder`: the server's; whoever only
 * tries a policy has none, and the folder that they stand in says nothing.
 */
export function ownPlaces(home: Home, workingFolder = '/'): OwnPlaces {
  const real = realPath(home.root);
  return {
    holdpointHome: home.root,
    userHome: userHome(),
    workingFolder,
    besides: [...(real === home.root ? [] : [real]), ...program()],
  };
}

/** The program's files: the whole package where it was installed. */
function program(): string[] {
  const root = resolve(import.meta.dirname, '../..');
  const installed = root.split(sep).includes('node_modules');
  return installed ? [root] : RUNS.map((one) => resolve(root, one));
}

/** A home that is not there yet is what its path says. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
