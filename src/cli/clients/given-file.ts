import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { readConfig } from '../../clients/config-file.ts';
import type { Machine } from '../../clients/places.ts';
import { CLIENTS, type ClientRow, type FormatName, type Place } from '../../clients/table.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { readText } from '../../platform/replace-file.ts';
import { visible } from '../../text/visible.ts';
import type { ClientFile } from './client-files.ts';

/** A path given by hand: its client is the one named, else the one whose file it is, else nobody's. */
export function givenFile(path: string, named: ClientRow | undefined, machine: Machine): ClientFile {
  if (!existsSync(path)) {
    throw new PlainError(
      `${visible(path)} does not exist; holdpoint never makes a client's file.`,
      EXIT.usage,
    );
  }
  const rows = named === undefined ? CLIENTS : [named];
  const end = endOf(path, rows, machine);
  if (end !== undefined) return { ...end, path };
  const format = FORMATS[extname(path)] ?? 'jsonc';
  const [row] = rows;
  if (named !== undefined && row?.places[0] !== undefined) {
    const place = row.places.find((one) => one.format === format) ?? row.places[0];
    return { client: row, place, path };
  }
  const strict = basename(path) === 'claude_desktop_config.json';
  const place: Place = {
    scope: 'user',
    format: strict ? 'json' : format,
    paths: () => [path],
    servers: SERVERS[format],
  };
  const client = { id: 'file', name: visible(path), says: [], places: [place] };
  return { client, place: fitting(path, place), path };
}

const FORMATS: Record<string, FormatName> = { '.toml': 'toml', '.yaml': 'yaml', '.yml': 'yaml' };
const SERVERS: Record<FormatName, string[][]> = {
  json: [['mcpServers']],
  jsonc: [['mcpServers'], ['servers'], ['context_servers'], ['amp.mcpServers'], ['mcp', 'servers']],
  yaml: [['mcpServers']],
  toml: [['mcp_servers']],
};

/** The row whose file ends as this path does: `.vscode/mcp.json` is one of VS Code wherever it lies. */
function endOf(
  path: string,
  rows: readonly ClientRow[],
  machine: Machine,
): Omit<ClientFile, 'path'> | undefined {
  const anywhere = { ...machine, home: '/~', env: {}, folders: ['/~'] };
  for (const client of rows) {
    const place = client.places.find((one) =>
      one.paths(anywhere).some((known) => endsAs(path.split('/'), known.slice('/~/'.length).split('/'))),
    );
    if (place !== undefined) return { client, place };
  }
  return undefined;
}

function endsAs(parts: readonly string[], end: readonly string[]): boolean {
  return end.every((part, at) => {
    const own = parts[parts.length - end.length + at] ?? '';
    const [before = '', after] = part.split('*');
    return after === undefined ? part === own : own.startsWith(before) && own.endsWith(after);
  });
}

/** Of a file that nobody knows: the spelling and the shape that its servers have. */
function fitting(path: string, place: Place): Place {
  const tries: Place[] = [
    place,
    { ...place, list: true },
    { ...place, servers: [['extensions']], spelling: 'cmd' },
    { ...place, servers: [['mcp', 'servers'], ['mcp']], spelling: 'array' },
  ];
  const counted = tries.map((one) => ({ one, count: understood(path, one) }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).one;
}

function understood(path: string, place: Place): number {
  try {
    const { entries } = readConfig(path, readText(path), place);
    return entries.filter(({ state }) => state !== 'unusable').length;
  } catch (error) {
    if (error instanceof PlainError) return -1;
    throw error;
  }
}
