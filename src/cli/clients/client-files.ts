import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ConfigFile, readConfig } from '../../clients/config-file.ts';
import type { ServerEntry } from '../../clients/entries.ts';
import type { Machine } from '../../clients/places.ts';
import { CLIENTS, type ClientRow, type Place } from '../../clients/table.ts';
import { projectFolders } from '../../config/policy-places.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { namesIn } from '../../platform/names-in.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readText } from '../../platform/replace-file.ts';
import { userHome } from '../../platform/this-machine.ts';
import { isOwnHeader } from '../../session/remote-options.ts';
import { visible } from '../../text/visible.ts';
import { givenFile } from './given-file.ts';
import { startedIn } from './which-holdpoint.ts';

/** A client's configuration file that exists on this machine. */
export interface ClientFile {
  client: ClientRow;
  place: Place;
  path: string;
}

export function thisMachine(): Machine {
  const folders = projectFolders(process.cwd());
  return { platform: process.platform, home: userHome(), env: process.env, folders };
}

/** The clients' files that exist here, in the table's order; each file once. `scope`: these alone. */
export function clientFiles(machine: Machine, scope?: Place['scope']): ClientFile[] {
  const found = CLIENTS.flatMap((client) =>
    client.places.flatMap((place) =>
      (scope === undefined || place.scope === scope ? place.paths(machine) : [])
        .flatMap(matching)
        .map((path) => ({ client, place, path })),
    ),
  );
  return distinct(found);
}

/** The files that a path with `*` for whole names means; none where a folder of it is missing. */
function matching(path: string): string[] {
  const star = path.indexOf('*');
  if (star === -1) return isThere(path) ? [path] : [];
  const folder = dirname(path.slice(0, star + 1));
  const [pattern = '', ...rest] = path.slice(folder.length + 1).split(/[/\\]/);
  const [before = '', after = ''] = pattern.split('*');
  return namesIn(folder)
    .filter((name) => name.length >= pattern.length && name.startsWith(before) && name.endsWith(after))
    .sort()
    .flatMap((name) => matching(join(folder, name, ...rest)));
}

/** A link that leads nowhere is there too: its client finds nothing in it, which its user should hear. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * In the home folder a project's file is the user's own, a link may lead to another's, and two clients may keep their
 * servers in different parts of one file: then it is one file with both parts.
 */
function distinct(files: readonly ClientFile[]): ClientFile[] {
  const byPlace = new Map<string, ClientFile>();
  for (const file of files) {
    const where = existsSync(file.path) ? realpathSync(file.path) : file.path;
    const first = byPlace.get(where);
    byPlace.set(where, first === undefined ? file : joined(first, file));
  }
  return [...byPlace.values()];
}

function joined(first: ClientFile, second: ClientFile): ClientFile {
  const parts = second.place.servers.filter(
    (keys) => !first.place.servers.some((known) => known.join('\0') === keys.join('\0')),
  );
  if (parts.length === 0 || first.place.spelling !== second.place.spelling) return first;
  const { limit: _, ...row } = first.client;
  const client = { ...row, name: `${row.name}, ${second.client.name}` };
  return { ...first, client, place: { ...first.place, servers: [...first.place.servers, ...parts] } };
}

/** The files that a command means: the named client's, the given path's, or all. Throws a PlainError for none. */
export function chosenFiles(id: string | undefined, path: string | undefined): ClientFile[] {
  const client = CLIENTS.find((row) => row.id === id);
  if (id !== undefined && client === undefined) {
    const known = CLIENTS.map((row) => row.id).join(', ');
    throw new PlainError(`There is no client ${visible(id)}. Known: ${known}.`, EXIT.usage);
  }
  if (path !== undefined) return [givenFile(resolve(path), client, thisMachine())];
  const machine = thisMachine();
  const found = clientFiles(machine).filter((file) => client === undefined || file.client.id === client.id);
  if (found.length > 0) return found;
  const rows = client === undefined ? CLIENTS : [client];
  // In the home folder a user's file is a project's as well.
  const where = [...new Set(rows.flatMap(({ places }) => places.flatMap(({ paths }) => paths(machine))))];
  const shown =
    client === undefined ? `${where.length} places of ${CLIENTS.length} clients` : where.join(', ');
  throw new PlainError(
    `No client's configuration was found. Looked for ${visible(shown)}. Another file: --file PATH.`,
    EXIT.nothingToAttachTo,
  );
}

export function readClient({ place, path }: ClientFile): ConfigFile {
  const config = readConfig(path, readText(path), place);
  for (const entry of config.entries) {
    const doubt = entry.state === 'wrapped' ? startedIn(entry.command).doubt : undefined;
    if (doubt !== undefined) entry.doubt = doubt;
    leaveOwnHeader(entry);
  }
  return config;
}

/** `run` says some headers itself, and would not start for an entry that gives one of them. */
function leaveOwnHeader(entry: ServerEntry): void {
  const all = [...(entry.remote?.headers?.all ?? []), ...(entry.remote?.byVariable?.all ?? [])];
  const own = all.find(({ name }) => isOwnHeader(name));
  if (own === undefined) return;
  delete entry.remote;
  entry.state = 'remote';
  entry.why = `it is remote and stays NOT guarded: its header ${own.name} is one that holdpoint says itself; take it out of the entry`;
}
