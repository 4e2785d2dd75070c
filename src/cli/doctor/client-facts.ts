import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { ServerEntry } from '../../clients/entries.ts';
import { limitOf, saidOf } from '../../clients/time-limit.ts';
import { wrappedAt } from '../../clients/wrapped.ts';
import type { ClientFact, ServerFact } from '../../doctor/server-findings.ts';
import { VERSION } from '../../platform/this-machine.ts';
import { visible } from '../../text/visible.ts';
import { type Listed, lookAround } from '../clients/clients-list.ts';

/** What the clients' files say, and whether what they start is there. */
export function clientFacts(): ClientFact[] {
  return lookAround().map(clientFact);
}

function clientFact({ file, servers, problem }: Listed): ClientFact {
  const { client, path } = file;
  return {
    id: client.id,
    name: client.name,
    file: visible(path),
    problem: problem === undefined ? undefined : visible(problem),
    settable: client.limit !== undefined,
    servers: servers.map((entry): ServerFact => {
      const started = entry.state === 'wrapped' ? startOf(entry) : undefined;
      return {
        name: visible(entry.name),
        state: entry.state,
        why: entry.why === undefined ? undefined : visible(entry.why),
        missing: started?.missing,
        otherVersion: started?.otherVersion,
        limit: limitOf(entry, client.limit),
        said: saidOf(entry.command)?.seconds,
      };
    }),
  };
}

/** Whether a wrapped entry's program and script are there, and of which version. */
function startOf({ command }: ServerEntry): Pick<ServerFact, 'missing' | 'otherVersion'> {
  const ours = command.slice(0, wrappedAt(command) ?? 0);
  const [program = ''] = ours;
  const script = ours.find((word) => /[/\\]holdpoint\.js$/.test(word));
  // What a client puts together itself cannot be looked at.
  if (ours.some((word) => word.includes('${'))) return { missing: undefined, otherVersion: undefined };
  const place = placeOf(program);
  if (place === undefined) return { missing: visible(program), otherVersion: undefined };
  if (script !== undefined && !existsSync(script))
    return { missing: visible(script), otherVersion: undefined };
  const version = versionOf(script ?? place);
  return { missing: undefined, otherVersion: version === VERSION ? undefined : version };
}

function placeOf(program: string): string | undefined {
  const tries = isAbsolute(program)
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return tries.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Of the package that a script lies in; undefined for what is no holdpoint. */
function versionOf(script: string): string | undefined {
  try {
    const found: unknown = JSON.parse(
      readFileSync(join(dirname(realpathSync(script)), '../package.json'), 'utf8'),
    );
    const { name, version } = found as { name?: unknown; version?: unknown };
    return name === 'holdpoint' && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
