import { basename } from 'node:path';
import { USER_SLOT } from '../../config/applied-state.ts';
import { type PendingChange, pendingChanges } from '../../config/pending-change.ts';
import { PROJECT_PLACES } from '../../config/policy-places.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { personOnly } from '../../session/person-only.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { lineDiff } from '../../text/line-diff.ts';
import { visible } from '../../text/visible.ts';
import { loosener } from '../approving/seals.ts';
import { ask } from '../terminal/ask.ts';
import { keepCompiled, putIntoForce, tellSessions } from './put-into-force.ts';

export interface ApplyOptions {
  yes?: boolean;
  home?: string;
  /** Whose key signs, where there are several. */
  as?: string;
}

/** `holdpoint policy apply [FILE]`: shows each difference, asks, records, and puts the file's text into force. */
export async function applyPolicy(file: string | undefined, options: ApplyOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const changes = await pendingChanges(home, file, sealCheckOf(home));
  const differing = changes.filter((change) => !isSettled(change));
  for (const change of changes) {
    if (change.leftAside !== undefined) {
      process.exitCode = 1;
      process.stdout.write(`${visible(change.leftAside)} It is left aside.\n`);
    } else if (isSettled(change)) process.stdout.write(`${visible(change.file)} is in force as it stands.\n`);
  }
  let applied = 0;
  for (const change of differing) applied += (await applyOne(home, file, change, options)) ? 1 : 0;
  if (applied > 0) {
    const named = file === undefined || PROJECT_PLACES.includes(basename(file)) ? undefined : file;
    await keepCompiled(home, named);
    process.stdout.write('Applied. It counts from the next call of every server on.\n');
  }
  for (const { said } of await tellSessions(home)) process.stdout.write(`${said}\n`);
}

async function applyOne(
  home: Home,
  named: string | undefined,
  change: PendingChange,
  { yes = false, as }: ApplyOptions,
): Promise<boolean> {
  await personOnly(home, { cause: 'apply-refused', what: `policy apply ${change.file}`, policy: named });
  const nothing = change.slot === USER_SLOT ? 'the built-in default' : 'nothing of this file';
  const title = change.before === null ? `nothing (${nothing})` : 'in force now';
  process.stdout.write(`--- ${title}\n+++ ${change.after === null ? nothing : visible(change.file)}\n`);
  process.stdout.write(`${lineDiff(change.before ?? '', change.after ?? '')}\n`);
  if (!yes && !(await ask('Put this policy into force?'))) {
    process.stdout.write('Nothing was changed.\n');
    return false;
  }
  putIntoForce(home, change, { signer: await loosener(home, as) });
  return true;
}

const isSettled = ({ before, after, sealed }: PendingChange): boolean => before === after && sealed;
