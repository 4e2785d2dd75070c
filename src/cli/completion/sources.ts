import { type Dirent, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gather } from '../../approvals/channel/ask-proxies.ts';
import { readGrant } from '../../approvals/holding/grant.ts';
import { GrantsFile } from '../../approvals/signing/kept-grants.ts';
import { keyNames } from '../../approvals/signing/key-files.ts';
import { CLIENTS } from '../../clients/table.ts';
import { AppliedState, USER_SLOT } from '../../config/applied-state.ts';
import type { Home } from '../../platform/home.ts';
import { allSignIns } from '../../remote/sign-in/kept.ts';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { PinsFile } from '../../tools/pins-file.ts';

/** What can stand in a place of a command line: words, or what the shell knows better than we do. */
export type Source = ':files' | ':folders' | ((home: Home) => readonly string[] | Promise<readonly string[]>);

/** Nobody waits longer for a proposal. */
const GLANCE_MS = 300;

const PACKS = resolve(import.meta.dirname, '../../../policies');

const words =
  (...all: string[]): Source =>
  () =>
    all;

const pins = (home: Home): [server: string, tools: string[]][] =>
  Object.entries(new PinsFile(home).all()).map(([server, { tools, seen }]) => [
    server,
    Object.keys({ ...tools, ...seen?.tools }),
  ]);

const servers: Source = (home) => pins(home).map(([server]) => server);
const bareTools: Source = (home) => [...new Set(pins(home).flatMap(([, tools]) => tools))];
const tools = (home: Home): string[] =>
  pins(home).flatMap(([server, names]) => names.map((name) => `${server}/${name}`));

/** What the proxies that run say, without waiting for one that does not. */
async function waiting(home: Home): Promise<string[]> {
  const { attached } = await gather(home.run, GLANCE_MS);
  for (const proxy of attached) proxy.close();
  return attached.flatMap(({ holds }) => holds.map(({ id }) => id));
}

/** The ids of rules that answers made, in the policy that was applied. */
function addedIn(home: Home): string[] {
  const text = new Map(new AppliedState(home).all()).get(USER_SLOT)?.text ?? '';
  return [...text.matchAll(/"(added-[\d-]{10}-[0-9a-f]{6})"/g)].map(([, id = '']) => id);
}

async function grants(home: Home): Promise<string[]> {
  const kept = new GrantsFile(home).read().flatMap(({ statement }) => readGrant(statement)?.id ?? []);
  const { attached } = await gather(home.run, GLANCE_MS);
  for (const proxy of attached) proxy.close();
  const running = attached.flatMap(({ session }) => session.grants.map(({ id }) => id));
  return [...new Set([...kept, ...running, ...addedIn(home)])];
}

const namesIn = (folder: string, kind: (entry: Dirent) => boolean): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(kind)
    .map(({ name }) => name);

/** The ids that calls of this home were held by in the last day or so. */
const heldLately: Source = (home) => namesIn(join(home.run, 'ids'), (entry) => entry.isFile());

const packs: Source = (home) => {
  const shipped = namesIn(PACKS, (entry) => entry.isDirectory());
  return [...new Set([...shipped, ...pins(home).map(([server]) => server)])];
};

const approvers: Source = (home) => keyNames(home);

/** By a command's words: what its arguments are. */
export const ARGUMENTS: Readonly<Record<string, Source>> = {
  run: ':files',
  approve: waiting,
  reject: waiting,
  'approver enroll': ':files',
  'approver remove': approvers,
  'grants revoke': grants,
  'policy init': packs,
  'policy check': ':files',
  'policy explain': tools,
  'policy test': ':files',
  'policy replay': ':files',
  'policy apply': ':files',
  tools: ':files',
  'tools accept': async (home) => [...pins(home).map(([server]) => server), ...tools(home)],
  'tools class': tools,
  'audit show': heldLately,
  'team join': words(),
  'team policy publish': ':files',
  completion: words('bash', 'zsh', 'fish'),
  why: tools,
  wrap: () => CLIENTS.map(({ id }) => id),
  unwrap: () => CLIENTS.map(({ id }) => id),
  login: (home) => allSignIns(home).map(({ server }) => server),
  logout: (home) => allSignIns(home).map(({ server }) => server),
};

const TIMES = words('15m', '2h', '1d', '7d');

/** By an option's long name: what its value is. */
export const VALUES: Readonly<Record<string, Source>> = {
  '--home': ':folders',
  '--policy': ':files',
  '--file': ':files',
  '--from': ':files',
  '--matches': ':files',
  '--checkpoint': ':files',
  '--tools': ':files',
  '--server': servers,
  '--tool': bareTools,
  '--as': approvers,
  '--effect': words('allow', 'deny', 'escalate'),
  '--verdict': words('approve', 'reject', 'expired', 'withdrawn'),
  '--risk': words(...ALL_CLASSES),
  '--for': words('once', 'session', '30m', '8h', '7d'),
  '--since': TIMES,
  '--format': words('json'),
  '--transport': words('auto', 'http', 'sse'),
  '--replicas': words('1', '3', '5'),
  '--role': words('proxy', 'approver', 'auditor', 'administrator'),
};

/** Options whose value only a person knows. */
export const FREE = new Set([
  '--try',
  '--add',
  '--reason',
  '--confirm',
  '--name',
  '--args',
  '--caller',
  '--client',
  '--now',
  '-n',
  '--client-waits',
  '--scope',
  '--client-id',
  '--client-secret-env',
  '--callback-port',
  '--header-env',
  '--bearer-env',
  '--url-env',
  '--was',
  '--machine',
  '--url',
]);
