import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ } from '../support/defined-server.ts';
import { newFolder } from '../support/home.ts';
import { acceptedServer } from './accepted-server.ts';
import type { Arena, Attack, Outcome } from './arena.ts';

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
    const { id } = await (await arena.socket()).hold();
    await arena.orphan(['approve', id, '--for', '30d', '--any-arguments']);
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

/** What puts something into force for later: each needs the hand that an approval needs. */
export const LOOSENING: Attack[] = [appliesPolicy, appliesProject, acceptsTools, remembers, enrolls];
