import type { ServerEntry } from '../../clients/entries.ts';
import { shellWord } from '../../doctor/finding.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { agentRefusal, refuse } from '../../session/agent-refusal.ts';
import { visible } from '../../text/visible.ts';
import { type Opened, type Plan, type Planned, planUnwrap, planWrap } from './change-file.ts';
import { chooseEntries } from './choose.ts';
import { chosenFiles, readClient } from './client-files.ts';
import type { WrapOptions } from './wrap.ts';
import { type How, say, write } from './write-files.ts';

/**
 * Wraps or unwraps: shows each difference, asks, keeps a backup, writes whole or not at all. What is left and could be
 * guarded if its user wrote it otherwise is named, and then the exit code is 1.
 */
export async function changeClients(
  how: How,
  client: string | undefined,
  options: WrapOptions,
): Promise<void> {
  if (how === 'wrap') refuseWindows(options);
  const opened = open(client, options);
  const meant = withServer(opened, options.server);
  if (how === 'unwrap' && options.dryRun !== true) await refuseAgents(meant, options);
  const guided = how === 'wrap' && isGuided(client, options);
  const chosen = guided ? await chooseEntries(meant, options) : undefined;
  if (guided && chosen === undefined) {
    say('Nothing was changed.');
    return;
  }
  const planned: Planned[] = [];
  for (const one of meant) {
    const plan = planFor(how, one, { options, chosen });
    for (const sentence of plan.said) say(sentence);
    if (plan.trouble) process.exitCode = EXIT.error;
    if (plan.planned !== undefined) planned.push(plan.planned);
  }
  const written = await write(how, planned, { options, together: guided });
  if (how === 'wrap') afterwards(written, meant, options);
}

/** Reads all before any is written. One that is broken is named and left; alone it is the error. */
function open(client: string | undefined, options: WrapOptions): Opened[] {
  const files = chosenFiles(client, options.file);
  return files.flatMap((file) => {
    try {
      return [{ file, config: readClient(file) }];
    } catch (error) {
      if (!(error instanceof PlainError) || files.length === 1) throw error;
      process.stderr.write(`holdpoint: ${error.message}\n`);
      process.exitCode = EXIT.error;
      return [];
    }
  });
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

function isGuided(client: string | undefined, options: WrapOptions): boolean {
  const named = client ?? options.file ?? options.server;
  const asked = options.yes === true || options.dryRun === true;
  return named === undefined && !asked && process.stdin.isTTY && process.stdout.isTTY;
}

interface Choice {
  options: WrapOptions;
  /** What a person chose; undefined: whatever can be. */
  chosen: ReadonlySet<ServerEntry> | undefined;
}

function planFor(how: How, opened: Opened, { options, chosen }: Choice): Plan {
  const wanted = how === 'wrap' ? 'plain' : 'wrapped';
  const named = opened.config.entries.filter(
    (entry) => options.server === undefined || entry.name === options.server,
  );
  const said = named.flatMap((entry) => leftAlone(entry, wanted));
  if (named.length === 0 && !opened.config.hasServers && options.file !== undefined) {
    const keys = opened.config.place.servers.map((one) => JSON.stringify(one.join('.'))).join(', ');
    return {
      planned: undefined,
      said: [`${visible(opened.file.path)} has none of the keys under which clients keep servers (${keys}).`],
      trouble: true,
    };
  }
  if (named.length === 0)
    said.push(`${opened.file.client.name} has no servers in ${visible(opened.file.path)}.`);
  const entries = named.filter(
    (entry) => entry.state === wanted && (chosen === undefined || chosen.has(entry)),
  );
  const plan = how === 'wrap' ? planWrap(opened, entries, options) : planUnwrap(opened, entries);
  const odd = how === 'wrap' && named.some((entry) => isTrouble(entry, options));
  return { ...plan, said: [...said, ...plan.said], trouble: plan.trouble || odd };
}

/**
 * A script that wraps all must not fail for ever where nobody can do anything; but one that names a server has it
 * guarded, or is told.
 */
function isTrouble({ why, doubt, forGood }: ServerEntry, { server }: WrapOptions): boolean {
  return doubt !== undefined || (why !== undefined && (forGood !== true || server !== undefined));
}

function leftAlone(entry: ServerEntry, wanted: 'plain' | 'wrapped'): string[] {
  if (entry.why !== undefined) return [`Left ${visible(entry.name)} alone: ${entry.why}.`];
  if (entry.state === wanted) return [];
  if (wanted === 'plain' && entry.doubt !== undefined)
    return [
      `Left ${visible(entry.name)} alone: it looks wrapped, and ${visible(entry.doubt)}. Unwrap it, then wrap it again.`,
    ];
  const is = wanted === 'plain' ? 'wrapped already' : 'not wrapped';
  return [`${visible(entry.name)} is ${is}; there is nothing to do.`];
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

function afterwards(written: readonly Planned[], meant: readonly Opened[], options: WrapOptions): void {
  // With its client: another's server of the same name may be wrapped.
  const remote = meant.flatMap(({ file, config }) =>
    config.entries
      .filter(({ state }) => state === 'remote')
      .map(({ name }) => `${visible(name)} (${file.client.name})`),
  );
  if (remote.length > 0) {
    const names = [...new Set(remote)].join(', ');
    say('');
    say(
      `NOT guarded: ${names}. ${remote.length === 1 ? 'It is remote: only its' : 'They are remote: only their'} client's own question stands before ${remote.length === 1 ? 'it' : 'them'} today; why stands above.`,
    );
  }
  if (written.length === 0) return;
  const home = resolveHome(options.home, process.env);
  const where = options.home === undefined ? '' : ` --home ${shellWord(visible(home.root))}`;
  const clients = [...new Set(written.map(({ file }) => file.client.name))].join(', ');
  say('');
  say(`Next: restart ${visible(clients)}, and open a terminal with "holdpoint watch${where}".`);
  if (written.some(({ entries }) => entries.some(({ remote: one }) => one !== undefined)))
    say(
      'The remote servers are reached by holdpoint from now on, so a sign-in that the client has does not count there. One that wants you to sign in says so: holdpoint login URL.',
    );
  if (options.policy === undefined) {
    say(
      'Without a policy the first call to each server is held once, with its tools by class; approve it, and plain reads run unasked from then on. Everything else is held.',
    );
    say(`A policy of your own goes to ${visible(home.root)}/policy.json: holdpoint policy init.`);
  }
}
