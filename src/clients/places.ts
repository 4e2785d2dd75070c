import { posix, win32 } from 'node:path';

/** Where this machine is looked at from; tests give their own. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: NodeJS.ProcessEnv;
  /** The folders whose project files count: the working folder, then those above it up to its repository's top. */
  folders: readonly string[];
}

/** Absolute paths, written as the looked-at machine writes them; `*` stands for any name between two separators. */
export type Paths = (machine: Machine) => string[];

/** Joined as the looked-at machine joins, which need not be the one that looks. */
function join({ platform }: Machine, ...parts: string[]): string {
  return (platform === 'win32' ? win32 : posix).join(...parts);
}

/** Below the user's home. */
export const inHome =
  (...paths: string[]): Paths =>
  (machine) =>
    paths.map((path) => join(machine, machine.home, path));

/** In the project's folder, or one above it in the same repository. */
export const inProject =
  (...paths: string[]): Paths =>
  (machine) =>
    machine.folders.flatMap((folder) => paths.map((path) => join(machine, folder, path)));

/** Where desktop programs keep their settings: Application Support, AppData/Roaming, or the XDG folder. */
export const inApplications =
  (...paths: string[]): Paths =>
  (machine) =>
    paths.map((path) => join(machine, applications(machine), path));

function applications(machine: Machine): string {
  const { platform, home, env } = machine;
  if (platform === 'darwin') return join(machine, home, 'Library/Application Support');
  if (platform === 'win32') return env['APPDATA'] ?? join(machine, home, 'AppData/Roaming');
  return xdg(machine);
}

function xdg(machine: Machine): string {
  const given = machine.env['XDG_CONFIG_HOME'];
  return given === undefined || given === '' ? join(machine, machine.home, '.config') : given;
}

/** `~/.config`, on a Mac as well: what grew up in the terminal is there. */
export const inConfig =
  (...paths: string[]): Paths =>
  (machine) =>
    paths.map((path) => join(machine, xdg(machine), path));

/** In the folder that a variable names, else in one of the home. */
export const inNamed =
  (variable: string, fallback: string, ...paths: string[]): Paths =>
  (machine) => {
    const given = machine.env[variable];
    const folder = given === undefined || given === '' ? join(machine, machine.home, fallback) : given;
    return paths.map((path) => join(machine, folder, path));
  };

/** By platform; `rest` where a platform has no place of its own. */
export const byPlatform =
  (places: Partial<Record<NodeJS.Platform, Paths>>, rest: Paths): Paths =>
  (machine) =>
    (places[machine.platform] ?? rest)(machine);

export const all =
  (...paths: Paths[]): Paths =>
  (machine) =>
    paths.flatMap((one) => one(machine));
