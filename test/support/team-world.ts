import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enroll, initApprover, PASSPHRASE } from './approver.ts';
import { newHome, ONE_KEY, type TestPolicy } from './home.ts';
import { Broker } from './nats.ts';
import { Terminal } from './terminal.ts';

export interface TeamPolicy extends TestPolicy {
  team: Record<string, unknown>;
}

/** A policy of a team at this broker. */
export function teamPolicy(broker: Broker, more: TestPolicy = {}, team: object = {}): TeamPolicy {
  return { escalate: [ONE_KEY], ...more, team: { url: broker.url, space: 'acme', ...team } };
}

/** A command in a terminal that asks for ada's passphrase; gives all that it wrote. */
export async function signedBy(name: string, words: string[]): Promise<string> {
  const terminal = new Terminal({ words, columns: 200, rows: 40 });
  await terminal.shows(`Passphrase of ${name}`);
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.exit;
  return terminal.written;
}

export interface TeamWorld {
  broker: Broker;
  /** Where the team began; ada approves there. */
  ada: string;
  invitation: string;
}

/** A home whose approver ada has made a team of it. */
export async function newTeam(more: TestPolicy = {}, team: object = {}): Promise<TeamWorld> {
  const broker = await Broker.start();
  const ada = newHome(teamPolicy(broker, more, team));
  await applied(ada);
  await initApprover(ada, 'ada');
  const text = await signedBy('ada', ['team', 'init', '--machine', 'laptop', '--as', 'ada', '--home', ada]);
  const invitation = /holdpoint-team-1\.[\w-]+/.exec(text)?.[0];
  if (invitation === undefined) throw new Error(`no invitation:\n${text}`);
  return { broker, ada, invitation };
}

/** Another home that joins it. */
export async function joined(
  world: TeamWorld,
  machine: string,
  more: TestPolicy = {},
  team: object = {},
): Promise<string> {
  const home = newHome(teamPolicy(world.broker, more, team));
  await applied(home);
  const words = ['team', 'join', world.invitation, '--machine', machine, '--home', home];
  const terminal = new Terminal({ words, columns: 200, rows: 30 });
  const { exitCode } = await terminal.exit;
  if (exitCode !== 0) throw new Error(terminal.text());
  return home;
}

/** An approver's key made in this home, and enrolled by ada in hers. */
export async function approverIn(world: TeamWorld, home: string, name: string): Promise<void> {
  await initApprover(home, name);
  const pub = join(home, 'keys', `${name}.pub`);
  readFileSync(pub);
  await signedBy('ada', ['approver', 'enroll', pub, '--as', 'ada', '--home', world.ada]);
}

/** The first policy of a home is applied by its first session: here, by a command. */
async function applied(home: string): Promise<void> {
  const terminal = new Terminal({ words: ['policy', 'apply', '--yes', '--home', home], columns: 120 });
  await terminal.exit;
}

export { enroll };
