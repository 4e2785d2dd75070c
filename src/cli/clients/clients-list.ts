import { existsSync } from 'node:fs';
import { addressOf, type ServerEntry, startedBy } from '../../clients/entries.ts';
import type { Machine } from '../../clients/places.ts';
import { policyNames } from '../../clients/policy-names.ts';
import { CLIENTS } from '../../clients/table.ts';
import { wrappedAt } from '../../clients/wrapped.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { subjectOf } from '../../policy/naming/command-subject.ts';
import { cells } from '../../text/cells.ts';
import { visible } from '../../text/visible.ts';
import { forReader } from '../terminal/for-reader.ts';
import { type ClientFile, clientFiles, readClient, thisMachine } from './client-files.ts';
import { masked, maskedWords } from './difference.ts';

const MARK = { wrapped: '●', plain: '○', remote: '!', 'built-in': '·', unusable: '!' };
const WORDS = {
  wrapped: 'wrapped',
  plain: 'not wrapped',
  remote: 'NOT GUARDED',
  'built-in': 'built in',
  unusable: 'skipped',
};

export interface Listed {
  file: ClientFile;
  servers: ServerEntry[];
  /** By entry, what a policy calls it. */
  names: ReadonlyMap<ServerEntry, string>;
  problem: string | undefined;
  /** What the file holds; undefined for one that cannot be read. */
  value: unknown;
}

/** Every client's file that is here and has to do with servers. */
export function lookAround(): Listed[] {
  const machine = thisMachine();
  return [...clientFiles(machine).flatMap((file) => look(file)), ...unreadFiles(machine)];
}

/** The files of a project alone, without those of its user. */
export function lookInProject(folder: string): Listed[] {
  const machine: Machine = { ...thisMachine(), folders: [folder] };
  return clientFiles(machine, 'project').flatMap((file) => look(file));
}

/** Files that hold servers and are a program's own business: whether something is guarded there nobody can say. */
function unreadFiles(machine: Machine): Listed[] {
  return CLIENTS.flatMap((client) => {
    const [place] = client.places;
    if (place === undefined) return [];
    const paths = (client.unread?.(machine) ?? []).filter((path) => existsSync(path));
    return paths.map((path) => ({
      file: { client, place, path },
      servers: [],
      names: new Map<ServerEntry, string>(),
      problem: `${path} is read by ${client.name} alone, so its servers are not seen here. Put "holdpoint run --server NAME --" in front of each server's command by hand.`,
      value: undefined,
    }));
  });
}

/** `holdpoint clients`: each client's file, and each of its servers with its state. */
export function listClients(options: { json?: boolean }): void {
  const listed = lookAround();
  if (options.json === true) {
    const rows = listed.map(({ file, servers, names, problem }) => ({
      client: file.client.id,
      file: file.path,
      scope: file.place.scope,
      problem: problem ?? null,
      servers: servers.map((entry) => ({
        name: entry.name,
        state: entry.state,
        within: within(entry) ?? null,
        command: maskedWords(entry.command),
        address: shownAddressOf(entry),
        policyName: names.get(entry) ?? null,
        why: entry.why ?? entry.doubt ?? null,
      })),
    }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  process.stdout.write(listed.length === 0 ? nothing() : `${listed.flatMap(inWords).join('\n')}\n`);
}

/** Of a remote server, as it may be shown; null: it is local. A path may be a key as well. */
export function shownAddressOf(entry: ServerEntry): string | null {
  const address = addressOf(entry);
  return address === undefined ? null : masked(visible(address));
}

function nothing(): string {
  return `No configuration of a client that holdpoint knows was found here (${CLIENTS.map(({ name }) => name).join(', ')}). Another file: holdpoint wrap --file PATH.\n`;
}

function inWords({ file, servers, problem }: Listed): string[] {
  const head = `${file.client.name} (${file.client.id})  ${visible(file.path)}`;
  if (problem !== undefined) return [head, `  ! ${visible(problem)}`];
  if (servers.length === 0) return [head, '  no servers'];
  const width = Math.max(...servers.map(({ name }) => cells(visible(name))));
  return [
    head,
    ...servers.map((entry) => {
      const why = entry.why ?? entry.doubt;
      const rest = why === undefined ? masked(startedBy(entry)) + bridgeHint(entry) : masked(visible(why));
      const mark = entry.doubt === undefined ? MARK[entry.state] : '!';
      const where = within(entry) === undefined ? '' : `  (${visible(within(entry) ?? '')})`;
      return forReader(
        `${mark} ${padded(visible(entry.name), width)}  ${WORDS[entry.state].padEnd(11)}  ${rest}${where}`,
        '  ',
      );
    }),
  ];
}

/** What only leads to an address is not needed: `run` goes there by itself, at a fortieth of the time a call. */
function bridgeHint({ command }: ServerEntry): string {
  const own = command.slice(wrappedAt(command) ?? 0);
  const leads = own.length > 0 && subjectOf(own).text?.startsWith('//') === true;
  return leads ? '  (a bridge: "url" alone can be wrapped as well)' : '';
}

/** Wide letters take two columns. */
function padded(text: string, width: number): string {
  return text + ' '.repeat(width - cells(text));
}

/** The project that an entry of a user's file belongs to. */
function within({ path }: ServerEntry): string | undefined {
  return path[0] === 'projects' ? path[1] : undefined;
}

/** A settings file without a place for servers says nothing of them. */
function look(file: ClientFile): Listed[] {
  const none = { file, servers: [], names: new Map<ServerEntry, string>(), value: undefined };
  try {
    const config = readClient(file);
    if (!config.hasServers && !/mcp|claude/i.test(file.path)) return [];
    return [
      {
        file,
        servers: config.entries,
        names: policyNames(config.entries),
        problem: undefined,
        value: config.value,
      },
    ];
  } catch (error) {
    if (error instanceof PlainError) return [{ ...none, problem: error.message }];
    return [{ ...none, problem: `It cannot be read: ${(error as Error).message}.` }];
  }
}
