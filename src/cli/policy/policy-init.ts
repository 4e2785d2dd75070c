import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findPolicy } from '../../config/find-policy.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { fileFault } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, resolveHome } from '../../platform/home.ts';
import { placeNew } from '../../platform/new-file.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Effect } from '../../policy/decide/types.ts';
import { listBodies } from '../../policy/source/list-bodies.ts';

export interface InitOptions {
  print?: boolean;
  home?: string;
}

const PACKAGE = resolve(import.meta.dirname, '../../..');
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const LISTS: readonly Effect[] = ['deny', 'escalate', 'allow'];

type Bodies = Record<Effect, string>;

/** `holdpoint policy init [SERVER...]`: a commented policy to begin with, in the home or on stdout. Never overwrites one. */
export async function initPolicy(servers: readonly string[], options: InitOptions): Promise<void> {
  const odd = servers.find((name) => !NAME.test(name));
  if (odd !== undefined) {
    throw new PlainError(
      `${JSON.stringify(odd)} is no server's name: letters, digits, "-", "_" and ".", as in the client's config.`,
      EXIT.usage,
    );
  }
  const text = starter([...new Set(servers)]);
  if (options.print === true) {
    process.stdout.write(text);
    return;
  }
  const home = resolveHome(options.home, process.env);
  ensurePrivateFolder(home.root);
  const there = findPolicy(home, undefined);
  if (there !== null) {
    throw new PlainError(
      `There is a policy already: ${there.path}. It stays as it is; "holdpoint policy init --print" shows what would be written.`,
    );
  }
  const path = join(home.root, 'policy.jsonc');
  if (!placed(path, text)) throw new PlainError(`${path} is there already and stays as it is.`);
  process.stdout.write(
    `${path} is written. Read it, change it, then: holdpoint policy check && holdpoint policy apply\n`,
  );
}

function placed(path: string, text: string): boolean {
  try {
    return placeNew(path, text);
  } catch (error) {
    throw fileFault(error, path, 'written');
  }
}

/** The packs that come with holdpoint: `policies/<server>/policy.jsonc`. */
function packOf(server: string): Bodies | undefined {
  const path = join(PACKAGE, 'policies', server, 'policy.jsonc');
  return existsSync(path) ? listBodies(readFileSync(path, 'utf8')) : undefined;
}

function starter(servers: readonly string[]): string {
  const bodies = servers.map((server) => ({ server, bodies: packOf(server) ?? unknownServer(server) }));
  const list = (effect: Effect): string => {
    const parts = bodies.flatMap(({ server, bodies: all }) =>
      all[effect].trim() === '' ? [] : [`    // ${server}\n${all[effect]}`],
    );
    const none = servers.length === 0 ? EXAMPLES[effect] : '';
    const body = parts.length > 0 ? parts.join('\n') : none;
    return `  "${effect}": [${body === '' ? '' : `\n${body}\n  `}]`;
  };
  const lists = LISTS.map((effect) => `${COMMENTS[effect]}\n${list(effect)}`).join(',\n\n');
  return `${HEAD}\n${lists}\n}\n`;
}

/** A server that no pack is for: nothing of it is allowed before its user has looked at its tools. */
function unknownServer(server: string): Bodies {
  return {
    deny: '',
    escalate: `    // "${server}/*" is held until you allow something below. To ask for the tool's name to be typed:\n    // { "tool": "${server}/delete_*", "confirm": "type" },`,
    allow: `    // Look at its tools first, then let the harmless ones run:\n    // "${server}/get_*", "${server}/list_*", "${server}/search_*",`,
  };
}

const SCHEMA = join(PACKAGE, 'schema', 'policy.schema.json');
const HEAD = `{
  // Who may do what, and when a person is asked. How to write it: docs/policy.md of holdpoint.
  // Deny beats escalate beats allow; what no item covers is the default. Order never matters.
  "$schema": ${JSON.stringify(SCHEMA)},
  "version": 1,
  "default": "escalate",
  // "observe" records what would be decided and lets everything run; then try: holdpoint policy replay
  "mode": "enforce",
`;

const COMMENTS: Record<Effect, string> = {
  deny: '  // Refused at once. Nobody is asked.',
  escalate: '  // Held until a person approves or rejects it.',
  allow: '  // Runs without a question.',
};

const EXAMPLES: Bodies = {
  deny: '    "*/drop_*"',
  escalate: '    { "tool": "*/{delete,remove}_*", "confirm": "type" }',
  allow: '    // "SERVER/get_*", "SERVER/list_*"',
};
