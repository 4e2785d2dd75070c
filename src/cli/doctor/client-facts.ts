import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { ClientLimits, type LearnedLimits } from '../../approvals/holding/client-limits.ts';
import type { ServerEntry } from '../../clients/entries.ts';
import type { TimeLimit } from '../../clients/table.ts';
import { limitOf, saidOf } from '../../clients/time-limit.ts';
import type { ClientFact, ServerFact } from '../../doctor/client-fact.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { VERSION } from '../../platform/this-machine.ts';
import { LearnedLimitsFile } from '../../session/learned-limits.ts';
import { visible } from '../../text/visible.ts';
import { thisMachine } from '../clients/client-files.ts';
import { type Listed, lookAround, lookInProject } from '../clients/clients-list.ts';
import { ownWays } from '../clients/own-ways.ts';
import { startedIn } from '../clients/which-holdpoint.ts';

/** Of the projects that a client was used in so many are looked into. */
const MOST_PROJECTS = 1_000;

export interface ClientsHere {
  clients: ClientFact[];
  /** How many projects were left out. */
  notLookedAt: number;
}

/** What the clients' files say, and whether what they start is there. */
export function clientFacts(home: Home): ClientsHere {
  const limits = new ClientLimits(learnedIn(home), () => {});
  const here = lookAround();
  const projects = projectsOf(here);
  const away = elsewhere(here, projects.slice(0, MOST_PROJECTS));
  return {
    clients: [
      ...here.map((one) => clientFact(one, { home, limits, away: false })),
      ...away.map((one) => clientFact(one, { home, limits, away: true })),
    ],
    notLookedAt: Math.max(0, projects.length - MOST_PROJECTS),
  };
}

/** A document that cannot be read is found by whoever looks at the home. */
function learnedIn(home: Home): LearnedLimits {
  try {
    return new LearnedLimitsFile(home).read(Date.now());
  } catch (error) {
    if (error instanceof PlainError) return {};
    throw error;
  }
}

/** Claude Code writes down where it was used: what its projects hold is not guarded by a look at this folder. */
function elsewhere(here: readonly Listed[], projects: readonly string[]): Listed[] {
  const known = new Set(here.map(({ file }) => realpathOf(file.path)));
  return projects.flatMap(lookInProject).filter(({ file }) => !known.has(realpathOf(file.path)));
}

/** The folders that are there, but for those where we are. */
function projectsOf(here: readonly Listed[]): string[] {
  const { folders } = thisMachine();
  const all = here.flatMap(({ value }) => {
    const { projects } = (value ?? {}) as { projects?: unknown };
    return typeof projects === 'object' && projects !== null ? Object.keys(projects) : [];
  });
  return [...new Set(all)].filter(
    (folder) => isAbsolute(folder) && !folders.includes(folder) && existsSync(folder),
  );
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Of the names that it gives itself the least patient; of a client that nobody heard of what most wait. */
function patienceOf(says: readonly string[], limits: ClientLimits): number | undefined {
  const within = (says.length === 0 ? [undefined] : says).map((name) =>
    limits.answerWithinMs(name, true, 'auto'),
  );
  const known = within.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.min(...known) / 1000;
}

interface Look {
  home: Home;
  limits: ClientLimits;
  /** Of another project. */
  away: boolean;
}

function clientFact({ file, servers, problem }: Listed, { home, limits, away }: Look): ClientFact {
  const { client, path } = file;
  return {
    id: client.id,
    name: client.name,
    file: visible(path),
    problem: problem === undefined ? undefined : visible(problem),
    settable: client.limit !== undefined,
    patience: client.limit === undefined ? patienceOf(client.says, limits) : undefined,
    elsewhere: away || client.id === 'file',
    servers: servers.map((entry): ServerFact => serverFact(entry, client.limit, home)),
  };
}

function serverFact(entry: ServerEntry, limit: TimeLimit | undefined, home: Home): ServerFact {
  const ways = entry.state === 'wrapped' ? ownWays(entry, home) : {};
  const started = entry.state === 'wrapped' ? startedIn(entry.command) : undefined;
  const { missing, version, doubt } = started ?? {};
  return {
    name: visible(entry.name),
    state: entry.state,
    why: entry.why === undefined ? undefined : visible(entry.why),
    missing: missing === undefined ? undefined : visible(missing),
    doubt: doubt === undefined ? undefined : visible(doubt),
    otherVersion: version === VERSION ? undefined : version,
    otherHome: ways.home && { ...ways.home, root: visible(ways.home.root) },
    ownPolicy: ways.policy && visible(ways.policy),
    refused: version === VERSION && ways.refused ? visible(ways.refused) : undefined,
    limit: limitOf(entry, limit),
    said: saidOf(entry.command)?.seconds,
  };
}
