import { accessSync, constants, existsSync, lstatSync, type Stats, statfsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { gather } from '../../approvals/channel/ask-proxies.ts';
import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { keyNames } from '../../approvals/signing/key-files.ts';
import { verifyLines } from '../../audit/telling/verify-lines.ts';
import type { HomeFact, OpenPlace, SessionFact } from '../../doctor/home-findings.ts';
import type { PeopleFact, TerminalFact, ToolsFact } from '../../doctor/people-findings.ts';
import { refusesColours } from '../../platform/colours.ts';
import type { Home } from '../../platform/home.ts';
import { namesIn } from '../../platform/names-in.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { StateFile } from '../../platform/state-file.ts';
import { StopFile, stopWords } from '../../platform/stop-file.ts';
import { VERSION } from '../../platform/this-machine.ts';
import { visible } from '../../text/visible.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { logSize, verifyHome } from '../audit/audit-verify.ts';

const OTHERS = 0o077;
/** A log that is read in a few seconds. */
const READ_AT_ONCE = 64 * 1024 * 1024;
const LEAST_FREE = 10 * 1024 * 1024;

/** Who may enter the home, and whether its log can be written and relied on. Changes nothing. */
export async function homeFacts(home: Home): Promise<HomeFact> {
  const log = logSize(home.audit);
  return {
    root: visible(home.root),
    open: openPlaces(home).map((place) => ({ ...place, path: visible(place.path) })),
    damaged: damagedIn(home.state),
    stopped: stopIn(home),
    unwritable: unwritable(home),
    log,
    verify: log.bytes > READ_AT_ONCE ? undefined : await verified(home),
  };
}

/** Their paths as they are, not as they may be shown. */
export function openPlaces(home: Home): OpenPlace[] {
  const folders = [
    home.root,
    home.audit,
    home.run,
    home.state,
    join(home.root, 'keys'),
    join(home.root, 'backups'),
  ];
  const inside = [home.audit, home.state, join(home.root, 'keys'), join(home.root, 'backups')].flatMap(
    (folder) => namesIn(folder).map((name) => join(folder, name)),
  );
  const uid = process.getuid?.();
  return [...folders, ...inside].flatMap((path): OpenPlace[] => {
    const stat = statOf(path);
    if (stat === undefined) return [];
    const mode = folders.includes(path) || stat.isDirectory() ? '700' : '600';
    const place = { path, mode };
    if (folders.includes(path) && !stat.isDirectory()) return [{ ...place, why: 'kind' }];
    if (uid !== undefined && stat.uid !== uid) return [{ ...place, why: 'owner' }];
    return (stat.mode & OTHERS) === 0 || stat.isSymbolicLink() ? [] : [{ ...place, why: 'mode' }];
  });
}

/** Undefined also where a part of the path is no folder, or nobody may look. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The list of approvers and the brake are told of apart. */
const TOLD_APART = new Set(['approvers.json', 'stopped.json']);

function stopIn(home: Home): string | undefined {
  const file = new StopFile(home);
  const stop = file.read();
  return stop && stopWords(stop, file.path);
}

function damagedIn(folder: string): string[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.json') && !TOLD_APART.has(name));
  return names
    .map((name) => join(folder, name))
    .filter((path) => {
      try {
        return new StateFile<object>(path, () => ({})).load().damage !== undefined;
      } catch (error) {
        if (error instanceof PlainError) return true;
        throw error;
      }
    })
    .map(visible);
}

function unwritable({ root, audit }: Home): string | undefined {
  const folder = existsSync(audit) ? audit : root;
  if (!existsSync(folder)) return undefined;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < LEAST_FREE) return `The disk of ${visible(folder)} is full.`;
    return undefined;
  } catch (error) {
    return `${visible(folder)} cannot be written: ${visible((error as Error).message)}.`;
  }
}

async function verified(home: Home): Promise<HomeFact['verify']> {
  if (!existsSync(home.audit)) return { exitCode: 0, said: [] };
  const report = await verifyHome(home);
  return { exitCode: report.exitCode, said: verifyLines(report, home.audit).map(visible) };
}

/** The proxies that run now. */
export async function sessionFacts(home: Home, policy: string | undefined): Promise<SessionFact[]> {
  const { attached, silent } = await gather(home.run);
  for (const one of attached) one.close();
  return [
    ...attached.map(({ session }) => ({
      name: visible(session.server),
      silent: undefined,
      olderPolicy: policy !== undefined && session.policy !== policy,
      otherVersion:
        session.version === VERSION ? undefined : visible(session.version ?? '') || 'of an older version',
    })),
    ...silent.map((sentence) => {
      const [name = '', ...why] = sentence.split(': ');
      return {
        name: visible(name),
        silent: visible(why.join(': ')),
        olderPolicy: false,
        otherVersion: undefined,
      };
    }),
  ];
}

export function peopleFacts(home: Home): PeopleFact {
  const user = visible(userInfo().username);
  try {
    const enrolled = [...enrolmentOf(home).approvers.values()].map(({ name }) => visible(name));
    return { user, enrolled, keysHere: keyNames(home) };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return { user, enrolled: { fault: visible(error.message) }, keysHere: [] };
  }
}

export function toolsFacts(home: Home): ToolsFact[] {
  return Object.entries(new PinsFile(home).all()).map(([server, { tools, seen }]) => {
    const now = Object.entries(seen?.tools ?? {});
    const changed = now.filter(
      ([name, { digest }]) => Object.hasOwn(tools, name) && tools[name]?.digest !== digest,
    );
    const added = now.filter(([name]) => !Object.hasOwn(tools, name));
    return { server: visible(server), changed: changed.length, added: added.length };
  });
}

export function terminalFacts(env: NodeJS.ProcessEnv): TerminalFact {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((one) => one !== undefined && one !== '');
  return { locale, term: env['TERM'], noColour: refusesColours(env) };
}
