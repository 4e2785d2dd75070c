import { join } from 'node:path';
import { toolsUsed } from '../../audit/reading/tools-used.ts';
import { findPolicy } from '../../config/find-policy.ts';
import { compileOrExplain } from '../../config/policy-text.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { fileFault } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, type Home, resolveHome } from '../../platform/home.ts';
import { placeNew } from '../../platform/new-file.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Policy } from '../../policy/decide/types.ts';
import { mergeLayers } from '../../policy/source/merge-layers.ts';
import { ownPlaces } from '../../session/own-places.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { changeLines } from './change-lines.ts';
import { startingServers } from './known-servers.ts';
import { loadPack, packNames } from './packs.ts';
import { type PlannedServer, planned } from './planned-server.ts';
import { policyFor } from './policy-source.ts';
import { type ServerInUse, serversInUse } from './servers-in-use.ts';
import { startingPolicy } from './starting-policy.ts';
import { whatChanges } from './what-changes.ts';

export interface InitOptions {
  print?: boolean;
  home?: string;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/**
 * `holdpoint policy init [SERVER...]`: a commented policy to begin with, in the home or on stdout, for these servers or
 * for all that are in use, and what it changes. Never overwrites one. `found`: what clients start, given by tests.
 */
export async function initPolicy(
  servers: readonly string[],
  options: InitOptions,
  found: readonly ServerInUse[] = serversInUse(),
): Promise<void> {
  const odd = servers.find((name) => !NAME.test(name));
  if (odd !== undefined) {
    throw new PlainError(
      `${JSON.stringify(odd)} is no server's name: letters, digits, "-", "_" and ".", as in the client's config.`,
      EXIT.usage,
    );
  }
  const home = resolveHome(options.home, process.env);
  if (options.print !== true) refuseToOverwrite(home);
  const plan = await planFor(home, servers, found);
  const text = startingPolicy(plan);
  const changes = changeLines(await changesBy(home, plan, text));
  if (options.print === true) {
    process.stdout.write(text);
    process.stderr.write(`${changes.join('\n')}\n`);
    return;
  }
  const path = join(home.root, 'policy.jsonc');
  ensurePrivateFolder(home.root);
  if (!placed(path, text)) throw new PlainError(`${path} is there already and stays as it is.`);
  const next = `${path} is written. Read it, change it, then: holdpoint policy check && holdpoint policy apply`;
  process.stdout.write(`${[...changes, '', next].join('\n')}\n`);
}

function refuseToOverwrite(home: Home): void {
  ensurePrivateFolder(home.root);
  const there = findPolicy(home, undefined);
  if (there === null) return;
  throw new PlainError(
    `There is a policy already: ${there.path}. It stays as it is; "holdpoint policy init --print" shows what would be written.`,
  );
}

function placed(path: string, text: string): boolean {
  try {
    return placeNew(path, text);
  } catch (error) {
    throw fileFault(error, path, 'written');
  }
}

async function planFor(
  home: Home,
  asked: readonly string[],
  found: readonly ServerInUse[],
): Promise<PlannedServer[]> {
  const packs = await Promise.all(packNames().map(loadPack));
  const pins = new PinsFile(home).all();
  return planned(startingServers({ asked, pins, used: toolsUsed(home.audit), found }), packs);
}

/** Against what is in force now, which is the built-in default where nobody wrote a policy. */
async function changesBy(home: Home, plan: readonly PlannedServer[], text: string) {
  const layer = await compileOrExplain(text, 'the policy to begin with');
  const after = mergeLayers([{ name: 'user', layer, counts: 'all' }]);
  const before: Policy = await policyFor(home, undefined);
  return whatChanges(plan, { before, after }, ownPlaces(home));
}
