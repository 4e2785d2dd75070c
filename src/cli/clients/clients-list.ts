import { commandLine, type ServerEntry } from '../../clients/formats/json.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { type ClientFile, clientFiles, distinct, readClient, thisMachine } from './client-files.ts';

const MARK = { wrapped: '●', plain: '○', remote: '·', unusable: '·' };
const WORDS = { wrapped: 'wrapped', plain: 'not wrapped', remote: 'skipped', unusable: 'skipped' };

interface Listed {
  file: ClientFile;
  servers: ServerEntry[];
  problem: string | undefined;
}

/** `holdpoint clients`: each client's file, and each of its servers with its state. */
export function listClients(options: { json?: boolean }): void {
  const listed = distinct(clientFiles(thisMachine())).map(look);
  if (options.json === true) {
    const rows = listed.map(({ file, servers, problem }) => ({
      client: file.client.id,
      file: file.path,
      problem: problem ?? null,
      servers: servers.map(({ name, state, command, why }) => ({ name, state, command, why: why ?? null })),
    }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (listed.length === 0) {
    process.stdout.write('No configuration of Claude Desktop, Claude Code or Cursor was found here.\n');
  }
  for (const { file, servers, problem } of listed) {
    process.stdout.write(`${file.client.name} (${file.client.id})  ${visible(file.path)}\n`);
    if (problem !== undefined) process.stdout.write(`  ${visible(problem)}\n`);
    else if (servers.length === 0) process.stdout.write('  no servers\n');
    for (const entry of servers) {
      const rest = entry.why === undefined ? commandLine(entry) : visible(entry.why);
      process.stdout.write(
        `  ${MARK[entry.state]} ${visible(entry.name).padEnd(20)} ${WORDS[entry.state].padEnd(12)} ${rest}\n`,
      );
    }
  }
}

function look(file: ClientFile): Listed {
  try {
    return { file, servers: readClient(file).entries, problem: undefined };
  } catch (error) {
    if (error instanceof PlainError) return { file, servers: [], problem: error.message };
    return { file, servers: [], problem: `It cannot be read: ${(error as Error).message}.` };
  }
}
