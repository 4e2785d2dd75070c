import { existsSync, realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type ConfigText, readConfigText } from '../../clients/formats/json.ts';
import { CLIENTS, type ClientRow, type Machine } from '../../clients/table.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readText } from '../../platform/replace-file.ts';
import { userHome } from '../../platform/this-machine.ts';
import { visible } from '../../text/visible.ts';

/** A client's configuration file that exists on this machine. */
export interface ClientFile {
  client: ClientRow;
  path: string;
}

export function thisMachine(): Machine {
  return { platform: process.platform, home: userHome(), env: process.env, cwd: process.cwd() };
}

/** The clients' files that exist here, in the table's order. */
export function clientFiles(machine: Machine): ClientFile[] {
  return CLIENTS.map((client) => ({ client, path: client.path(machine) })).filter(({ path }) =>
    existsSync(path),
  );
}

/** Each file once: in the home folder a project's file is the user's own, and a link may lead to another's. */
export function distinct(files: readonly ClientFile[]): ClientFile[] {
  const places = files.map(({ path }) => realpathSync(path));
  return files.filter((_, at) => places.indexOf(places[at] ?? '') === at);
}

/** The files that a command means: the named client's, the given path's, or all. Throws a PlainError for none. */
export function chosenFiles(id: string | undefined, path: string | undefined): ClientFile[] {
  const client = CLIENTS.find((row) => row.id === id);
  const known = CLIENTS.map((row) => row.id).join(', ');
  if (id !== undefined && client === undefined) {
    throw new PlainError(`There is no client ${visible(id)}. Known: ${known}.`, EXIT.usage);
  }
  if (path !== undefined) {
    const file = resolve(path);
    if (!existsSync(file))
      throw new PlainError(
        `${visible(file)} does not exist; holdpoint never makes a client's file.`,
        EXIT.usage,
      );
    return [{ client: client ?? clientOf(file), path: file }];
  }
  const found = clientFiles(thisMachine()).filter((file) => id === undefined || file.client.id === id);
  if (found.length > 0) return distinct(found);
  const where = CLIENTS.filter((row) => id === undefined || row.id === id).map((row) =>
    row.path(thisMachine()),
  );
  throw new PlainError(
    `No client's configuration was found. Looked for ${where.map(visible).join(', ')}.`,
    EXIT.nothingToAttachTo,
  );
}

/** A path given by hand is nobody's, unless its name tells: Claude Desktop's file must stay strict JSON. */
function clientOf(file: string): ClientRow {
  const strict = basename(file) === 'claude_desktop_config.json';
  return { id: 'file', name: visible(file), strict, path: () => file };
}

export function readClient({ client, path }: ClientFile): ConfigText {
  return readConfigText(path, readText(path), client.strict);
}
