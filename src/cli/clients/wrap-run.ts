import { join } from 'node:path';
import type { ConfigText, ServerEntry } from '../../clients/formats/json.ts';
import { policyNames } from '../../clients/policy-names.ts';
import { withoutValues } from '../../clients/without-values.ts';
import { unwrapText, type Wrapper, wrapText } from '../../clients/wrap.ts';
import { painted } from '../../platform/colours.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { ensurePrivateFolder, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { deriveServerName } from '../../policy/naming/server-name.ts';
import { findInText } from '../../secrets/find-in-text.ts';
import { agentRefusal, refuse } from '../../session/agent-refusal.ts';
import { lineDiff } from '../../text/line-diff.ts';
import { visible } from '../../text/visible.ts';
import { ask } from '../terminal/ask.ts';
import { type ClientFile, chosenFiles, readClient } from './client-files.ts';
import { thisHoldpoint } from './this-holdpoint.ts';
import type { WrapOptions } from './wrap.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Opened {
  file: ClientFile;
  config: ConfigText;
}

/** Wraps or unwraps: shows each difference, asks, keeps a backup, writes whole or not at all. */
export async function changeClients(
  how: 'wrap' | 'unwrap',
  client: string | undefined,
  options: WrapOptions,
): Promise<void> {
  // All are read before any is written: a broken one is named while nothing has changed.
  const opened = chosenFiles(client, options.file).map((file) => ({ file, config: readClient(file) }));
  const meant = withServer(opened, options.server);
  if (how === 'wrap') refuseWindows(options);
  const wrapper = how === 'wrap' ? thisHoldpoint(options, say) : undefined;
  if (how === 'unwrap' && options.dryRun !== true) await refuseAgents(meant, options);
  let changed = false;
  for (const one of meant) changed = (await change(one, wrapper, options)) || changed;
  if (changed && how === 'wrap') afterwards(options);
}

/** The files that hold the named server; all of them without a name. */
function withServer(opened: readonly Opened[], name: string | undefined): readonly Opened[] {
  if (name === undefined) return opened;
  const meant = opened.filter(({ config }) => config.entries.some((entry) => entry.name === name));
  if (meant.length > 0) return meant;
  const known = opened.map(({ file, config }) => {
    const names = config.entries.map((entry) => visible(entry.name)).join(', ') || 'none';
    return `${file.client.name} has no server ${visible(name)}. It has: ${names}.`;
  });
  throw new PlainError(known.join(' '), EXIT.usage);
}

async function change(
  { file, config }: Opened,
  wrapper: Wrapper | undefined,
  options: WrapOptions,
): Promise<boolean> {
  const entries = chosen(config, file, options.server, wrapper === undefined ? 'wrapped' : 'plain');
  if (entries.length === 0) return false;
  const after = wrapper === undefined ? unwrapText(config, entries) : wrapText(config, entries, wrapper);
  say(`${visible(file.path)}\n${coloured(lineDiff(shown(config.text), shown(after)))}`);
  if (wrapper !== undefined) sayOtherNames(config, entries);
  if (options.dryRun === true) return false;
  if (options.yes !== true && !(await ask('Write these changes?'))) {
    say('Nothing was changed.');
    return false;
  }
  const backup = replaceFile(file.path, config.text, after, backupFolder(options));
  const names = entries.map((entry) => visible(entry.name)).join(', ');
  say(
    `${wrapper === undefined ? 'Unwrapped' : 'Wrapped'} ${names}. What was there before: ${visible(backup)}`,
  );
  return true;
}

/** A policy cannot call every server as its client's file does. */
function sayOtherNames(config: ConfigText, entries: readonly ServerEntry[]): void {
  const names = policyNames(config.entries);
  for (const { name: key, command } of entries) {
    const given = names.get(key) ?? '';
    const name = given === '' ? deriveServerName(command).name : given;
    if (name !== key.normalize('NFC'))
      say(`A policy knows ${JSON.stringify(visible(key))} as ${JSON.stringify(visible(name))}.`);
  }
}

/** A configuration as it may be shown: tokens may stand in arguments too. */
function shown(text: string): string {
  const plain = withoutValues(text);
  let masked = '';
  let at = 0;
  for (const { start, end } of findInText(plain, false)) {
    masked += `${plain.slice(at, start)}…`;
    at = end;
  }
  return masked + plain.slice(at);
}

/** Private, and not beside the file: that may be a repository. */
function backupFolder(options: WrapOptions): string {
  const home = resolveHome(options.home, process.env);
  const folder = join(home.root, 'backups');
  ensurePrivateFolder(home.root);
  ensurePrivateFolder(folder);
  return folder;
}

const COLOUR: Record<string, 'red' | 'green'> = { '-': 'red', '+': 'green' };

/** The difference in colour where a person sees it. */
function coloured(diff: string): string {
  const paint = (line: string): string => {
    const colour = COLOUR[line[0] ?? ''];
    return colour === undefined ? line : painted(line, colour);
  };
  return diff.split('\n').map(paint).join('\n');
}

/** The entries that there is something to do for; says of each other one why it is left alone. */
function chosen(
  config: ConfigText,
  { client }: ClientFile,
  name: string | undefined,
  state: 'plain' | 'wrapped',
): ServerEntry[] {
  const named = config.entries.filter((entry) => name === undefined || entry.name === name);
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

/** There `run` refuses to start, so every wrapped server would be dead. */
function refuseWindows(options: WrapOptions): void {
  if (process.platform !== 'win32' || options.dryRun === true) return;
  throw new PlainError(
    'holdpoint run does not work on Windows yet, so wrapped servers would not start. Use WSL.',
  );
}

/** Taking holdpoint away loosens: it is for a person, as approving is. */
async function refuseAgents(meant: readonly Opened[], options: WrapOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const refusal = await agentRefusal(home, 'person');
  if (refusal === undefined) return;
  const files = meant.map(({ file }) => file.path).join(', ');
  const server = options.server === undefined ? '' : ` --server ${options.server}`;
  refuse(home, { cause: 'unwrap-refused', what: `unwrap ${files}${server}` }, refusal);
}

function afterwards(options: WrapOptions): void {
  const home = resolveHome(options.home, process.env);
  const where = options.home === undefined ? '' : ` --home ${visible(home.root)}`;
  say('');
  say(`Next: restart the client, and open a terminal with "holdpoint watch${where}".`);
  if (options.policy === undefined) {
    say(
      'Without a policy the first call to each server is held once, with its tools by class; approve it, and plain reads run unasked from then on. Everything else is held.',
    );
    say(`A policy of your own goes to ${visible(home.root)}/policy.json: holdpoint policy init.`);
  }
}
