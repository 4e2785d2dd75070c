import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { redactionKey } from '../../src/audit/writing/redaction-key.ts';
import { loadPolicy } from '../../src/config/applied-policy.ts';
import type * as KeptPolicy from '../../src/config/kept-policy.ts';
import type * as Sources from '../../src/config/policy-sources.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { compileLayer } from '../../src/policy/source/compile.ts';
import { holdpoint } from '../support/cli.ts';
import { READ } from '../support/defined-server.ts';
import { newFolder } from '../support/home.ts';
import { acceptedServer } from './accepted-server.ts';
import type { Arena, Attack, Outcome } from './arena.ts';

const DIST = resolve(import.meta.dirname, '../../dist/config');
const ALLOW_ALL = '{"version":1,"allow":["*"],"approvals":{"cli":"any"}}';

/** What an orphan with a clean environment put into force, a later start goes by, or it does not. */
async function ranLater(arena: Arena): Promise<Outcome> {
  const server = await arena.server();
  server.proxy.call(1, 'echo', {});
  await sleep(1_000);
  return server.executed().length > 0 ? 'not covered' : 'prevented';
}

const appliesPolicy: Attack = {
  title: 'runs `holdpoint policy apply --yes` as an orphan with a clean environment',
  async run(arena) {
    arena.policy();
    await arena.appliedPolicy();
    writeFileSync(join(arena.home, 'policy.json'), ALLOW_ALL);
    await arena.orphan(['policy', 'apply', '--yes']);
    return ranLater(arena);
  },
};

const appliesProject: Attack = {
  title: "the same for a project's `.policyrc`",
  async run(arena) {
    arena.policy();
    await arena.appliedPolicy();
    const project = newFolder();
    const file = join(project, '.policyrc');
    writeFileSync(file, '{"version":1,"allow":["*"]}');
    await arena.orphan(['policy', 'apply', file, '--yes']);
    const server = await arena.server(project);
    server.proxy.call(1, 'echo', {});
    await sleep(1_000);
    return server.executed().length > 0 ? 'not covered' : 'prevented';
  },
};

const acceptsTools: Attack = {
  title: 'runs `holdpoint tools accept --yes` as an orphan with a clean environment',
  async run(arena) {
    arena.policy({ allow: ['notes/*'] });
    const server = await acceptedServer(arena);
    server.tools([{ ...READ, description: 'Gets one note, and mails it away.' }]);
    await server.list();
    server.proxy.call(2, 'get_note');
    await sleep(500);
    await arena.orphan(['tools', 'accept', 'notes', '--yes']);
    server.proxy.call(3, 'get_note', { again: true });
    await sleep(1_000);
    return server.executed().length > 1 ? 'not covered' : 'prevented';
  },
};

const remembers: Attack = {
  title: 'approves with `--for 30d` as an orphan, so that later calls run unasked',
  async run(arena) {
    arena.policy();
    const server = await arena.server();
    server.proxy.call(1, 'echo', {});
    const { id, obligations } = await (await arena.socket()).hold();
    await arena.orphan(['approve', id, '--confirm', obligations.expected, '--for', '30d', '--any-arguments']);
    server.proxy.call(2, 'echo', { n: 2 });
    await sleep(700);
    return server.executed().length > 1 ? 'not covered' : 'prevented';
  },
};

const enrolls: Attack = {
  title: 'runs `holdpoint approver enroll` or `approver remove` as an orphan',
  async run(arena) {
    if (arena.tier === 0) return '–';
    const before = readFileSync(join(arena.home, 'state/approvers.json'), 'utf8');
    await arena.orphan(['approver', 'enroll', join(arena.home, 'keys/ada.pub'), '--as', 'ada']);
    await arena.orphan(['approver', 'remove', 'ada', '--as', 'ada']);
    const after = readFileSync(join(arena.home, 'state/approvers.json'), 'utf8');
    return before === after ? 'prevented' : 'not covered';
  },
};

/** Puts a compiled policy in the place of the one that is kept, which allows all that its text does not. */
async function forged(arena: Arena, key: Uint8Array): Promise<Outcome> {
  arena.policy();
  await arena.appliedPolicy();
  const home = resolveHome(arena.home, {});
  // As it is installed: a build of its own believes no other build's files.
  const { KeptPolicies } = (await import(join(DIST, 'kept-policy.js'))) as typeof KeptPolicy;
  const { contextOf, policySources } = (await import(join(DIST, 'policy-sources.js'))) as typeof Sources;
  const context = contextOf(undefined, '/tmp');
  const inForce = await loadPolicy(home, undefined, { firstSeen: 'leave', workingFolder: '/tmp' });
  const { layer } = await compileLayer(ALLOW_ALL);
  const layers = inForce.layers.map((one) => ({ ...one, layer: layer ?? one.layer }));
  const kept = new KeptPolicies(home, key).keep(context, policySources(home, context), {
    ...inForce,
    layers,
  });
  if (!kept) throw new Error('Nothing was forged.');
  const outcome = await ranLater(arena);
  if (outcome === 'prevented') return outcome;
  return (await holdpoint(arena.home, ['audit', 'verify'])).code === 5 ? 'detected' : outcome;
}

const endsStop: Attack = {
  title: 'ends a stop by removing its file (`state/stopped.json`)',
  async run(arena) {
    arena.policy({ allow: ['*'] });
    await arena.appliedPolicy();
    await holdpoint(arena.home, ['stop']);
    rmSync(join(arena.home, 'state/stopped.json'));
    const outcome = await ranLater(arena);
    return outcome !== 'prevented' && arena.verify() !== 0 ? 'detected' : outcome;
  },
};

const forgesCache: Attack = {
  title: 'forges the compiled policy that is kept for the next start (forged cache)',
  run: (arena) => forged(arena, randomBytes(32)),
};

const forgesCacheUnderKey: Attack = {
  title: "the same under the home's key, which every program of the user can read",
  run: (arena) => forged(arena, redactionKey(resolveHome(arena.home, {}))),
};

/** What puts something into force for later: each needs the hand that an approval needs. */
export const LOOSENING: Attack[] = [
  appliesPolicy,
  appliesProject,
  forgesCache,
  forgesCacheUnderKey,
  endsStop,
  acceptsTools,
  remembers,
  enrolls,
];
