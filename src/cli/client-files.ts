import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ConfigText, readConfigText } from '../clients/config-text.ts';
import { readText } from '../clients/replace-file.ts';
import { CLIENTS, type ClientRow, type Machine } from '../clients/table.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';
import { EXIT } from './exit-codes.ts';
import { userHome } from './surroundings.ts';

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
      throw new PlainError(`${file} does not exist; holdpoint never makes a client's file.`, EXIT.usage);
    return [{ client: client ?? { id: 'file', name: file, strict: false, path: () => file }, path: file }];
  }
  const found = clientFiles(thisMachine()).filter((file) => id === undefined || file.client.id === id);
  if (found.length > 0) return found;
  const where = CLIENTS.filter((row) => id === undefined || row.id === id).map((row) =>
    row.path(thisMachine()),
  );
  throw new PlainError(
    `No client's configuration was found. Looked for ${where.join(', ')}.`,
    EXIT.nothingToAttachTo,
  );
}

export function readClient({ client, path }: ClientFile): ConfigText {
  return readConfigText(path, readText(path), client.strict);
}
