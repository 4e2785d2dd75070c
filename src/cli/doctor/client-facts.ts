import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { ClientLimits } from '../../approvals/holding/client-limits.ts';
import { limitOf, saidOf } from '../../clients/time-limit.ts';
import type { ClientFact, ServerFact } from '../../doctor/server-findings.ts';
import type { Home } from '../../platform/home.ts';
import { VERSION } from '../../platform/this-machine.ts';
import { LearnedLimitsFile } from '../../session/learned-limits.ts';
import { visible } from '../../text/visible.ts';
import { thisMachine } from '../clients/client-files.ts';
import { type Listed, lookAround, lookIn } from '../clients/clients-list.ts';
import { startedIn } from '../clients/which-holdpoint.ts';

/** Of the projects that a client was used in so many are looked into. */
const MOST_PROJECTS = 100;

/** What the clients' files say, and whether what they start is there. */
export function clientFacts(home: Home): ClientFact[] {
  const limits = new ClientLimits(new LearnedLimitsFile(home).read(Date.now()), () => {});
  const here = lookAround();
  return [
    ...here.map((one) => clientFact(one, limits, false)),
    ...elsewhere(here).map((one) => clientFact(one, limits, true)),
  ];
}

/** Claude Code writes down where it was used: what its projects hold is not guarded by a look at this folder. */
function elsewhere(here: readonly Listed[]): Listed[] {
  const machine = thisMachine();
  const known = new Set(here.map(({ file }) => realpathOf(file.path)));
  return projectsOf(here)
    .filter((folder) => !machine.folders.includes(folder) && existsSync(folder))
    .slice(0, MOST_PROJECTS)
    .flatMap((folder) => lookIn({ ...machine, folders: [folder] }))
    .filter(({ file }) => file.place.scope === 'project' && !known.has(realpathOf(file.path)));
}

function projectsOf(here: readonly Listed[]): string[] {
  return here.flatMap(({ value }) => {
    const { projects } = (value ?? {}) as { projects?: unknown };
    if (typeof projects !== 'object' || projects === null) return [];
    return Object.keys(projects).filter((folder) => isAbsolute(folder));
  });
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

function clientFact({ file, servers, problem }: Listed, limits: ClientLimits, away: boolean): ClientFact {
  const { client, path } = file;
  return {
    id: client.id,
    name: client.name,
    file: visible(path),
    problem: problem === undefined ? undefined : visible(problem),
    settable: client.limit !== undefined,
    patience: client.limit === undefined ? patienceOf(client.says, limits) : undefined,
    elsewhere: away || client.id === 'file',
    servers: servers.map((entry): ServerFact => {
      const started = entry.state === 'wrapped' ? startedIn(entry.command) : undefined;
      const { missing, version, doubt } = started ?? {};
      return {
        name: visible(entry.name),
        state: entry.state,
        why: entry.why === undefined ? undefined : visible(entry.why),
        missing: missing === undefined ? undefined : visible(missing),
        doubt: doubt === undefined ? undefined : visible(doubt),
        otherVersion: version === VERSION ? undefined : version,
        limit: limitOf(entry, client.limit),
        said: saidOf(entry.command)?.seconds,
      };
    }),
  };
}
