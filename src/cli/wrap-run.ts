import { resolve } from 'node:path';
import { notAPerson } from '../approvals/person.ts';
import { processChain } from '../approvals/process-chain.ts';
import type { ConfigText, ServerEntry } from '../clients/config-text.ts';
import { replaceFile } from '../clients/replace-file.ts';
import { unwrapText, type Wrapper, wrapText } from '../clients/wrap.ts';
import { resolveHome } from '../config/home.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';
import { ask } from './ask.ts';
import { commandBy, recordCommand } from './cli-session.ts';
import { type ClientFile, chosenFiles, readClient } from './client-files.ts';
import { EXIT } from './exit-codes.ts';
import { lineDiff } from './line-diff.ts';
import type { WrapOptions } from './wrap.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Wraps or unwraps: shows each difference, asks, keeps a backup, writes whole or not at all. */
export async function changeClients(
  how: 'wrap' | 'unwrap',
  client: string | undefined,
  options: WrapOptions,
): Promise<void> {
  const files = chosenFiles(client, options.file);
  const wrapper = how === 'wrap' ? thisHoldpoint(options) : undefined;
  if (how === 'unwrap' && options.dryRun !== true) refuseAgents(options);
  let changed = false;
  for (const file of files) changed = (await change(file, wrapper, options)) || changed;
  if (changed && how === 'wrap') afterwards(options);
}

async function change(
  file: ClientFile,
  wrapper: Wrapper | undefined,
  options: WrapOptions,
): Promise<boolean> {
  const config = readClient(file);
  const entries = chosen(config, file, options.server, wrapper === undefined ? 'wrapped' : 'plain');
  if (entries.length === 0) return false;
  const after = wrapper === undefined ? unwrapText(config, entries) : wrapText(config, entries, wrapper);
  say(`${visible(file.path)}\n${lineDiff(config.text, after)}`);
  if (options.dryRun === true) return false;
  if (options.yes !== true && !(await ask('Write these changes?'))) {
    say('Nothing was changed.');
    return false;
  }
  const backup = replaceFile(file.path, config.text, after);
  const names = entries.map((entry) => visible(entry.name)).join(', ');
  say(
    `${wrapper === undefined ? 'Unwrapped' : 'Wrapped'} ${names}. What was there before: ${visible(backup)}`,
  );
  return true;
}

/** The entries that there is something to do for; says of each other one why it is left alone. */
function chosen(
  config: ConfigText,
  { client }: ClientFile,
  name: string | undefined,
  state: 'plain' | 'wrapped',
): ServerEntry[] {
  const named = config.entries.filter((entry) => name === undefined || entry.name === name);
  if (name !== undefined && named.length === 0) {
    const known = config.entries.map((entry) => visible(entry.name)).join(', ') || 'none';
    throw new PlainError(`${client.name} has no server ${visible(name)}. It has: ${known}.`, EXIT.usage);
  }
  if (named.length === 0) say(`${client.name} has no servers in ${visible(config.path)}.`);
  for (const entry of named) {
    if (entry.why !== undefined) say(`Left ${visible(entry.name)} alone: ${entry.why}.`);
    else if (entry.state !== state) {
      say(
        `${visible(entry.name)} is ${state === 'plain' ? 'wrapped already' : 'not wrapped'}; there is nothing to do.`,
      );
    }
  }
  return named.filter((entry) => entry.state === state);
}

/**
 * How a client starts this very holdpoint: node and the script by full path, since desktop clients do not have the
 * shell's PATH (research/ecosystem.md 1.2). A copy in npx's cache or a temporary folder would vanish one day.
 */
function thisHoldpoint(options: WrapOptions): Wrapper {
  const bin = resolve(import.meta.dirname, '../../bin/holdpoint.js');
  if (/[/\\]_npx[/\\]/.test(bin) && options.force !== true) {
    throw new PlainError(
      `holdpoint runs from npx's cache (${bin}), which may vanish. Run "npm install -g holdpoint" first, or add --force.`,
    );
  }
  const more = [
    ...(options.home === undefined ? [] : ['--home', resolve(options.home)]),
    ...(options.policy === undefined ? [] : ['--policy', resolve(options.policy)]),
  ];
  return {
    command: process.execPath,
    words: (server) => [bin, 'run', '--server', server.replaceAll('/', '-'), ...more],
  };
}

/** Taking holdpoint away loosens: it is for a person, as approving is. */
function refuseAgents(options: WrapOptions): void {
  const here = { env: process.env, chain: processChain(), isTerminal: process.stdin.isTTY === true };
  const refusal = notAPerson(here, 'person', []);
  if (refusal === undefined) return;
  const home = resolveHome(options.home, process.env);
  recordCommand(home, {
    type: 'fault',
    cause: 'unwrap-refused',
    what: `unwrap: ${refusal}`,
    by: commandBy(),
  });
  throw new PlainError(refusal);
}

function afterwards(options: WrapOptions): void {
  const home = resolveHome(options.home, process.env);
  say('');
  say('Next: restart the client, and open a terminal with "holdpoint watch".');
  say(`Without a policy every call is held. Yours goes to ${home.root}/policy.json.`);
}
