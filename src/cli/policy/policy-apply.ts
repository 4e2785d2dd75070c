import { basename } from 'node:path';
import { gather } from '../../approvals/channel/ask-proxies.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import { redactionKey } from '../../audit/writing/redaction-key.ts';
import { USER_SLOT } from '../../config/applied-state.ts';
import { keepAll } from '../../config/compile-and-keep.ts';
import { applyChange, type PendingChange, pendingChanges } from '../../config/pending-change.ts';
import { PROJECT_PLACES } from '../../config/policy-places.ts';
import { contextOf } from '../../config/policy-sources.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { personOnly } from '../../session/person-only.ts';
import { keptPolicies } from '../../session/policy-in-force.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { lineDiff } from '../../text/line-diff.ts';
import { visible } from '../../text/visible.ts';
import { loosener, sealBy, signedBy } from '../approving/seals.ts';
import { ask } from '../terminal/ask.ts';

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
    await keepCompiled(home, file);
    process.stdout.write('Applied. It counts from the next call of every server on.\n');
  }
  await tellSessions(home);
}

/** Sessions that run look again; what is in force each reads for itself. One that cannot be told reads it at its next start. */
async function tellSessions(home: Home): Promise<void> {
  const { attached, silent } = await gather(home.run);
  const told = await Promise.all(attached.map((proxy) => proxy.reread()));
  for (const proxy of attached) proxy.close();
  for (const [at, { session }] of attached.entries()) {
    const found = told[at] ?? {
      took: 'kept',
      said: `${session.server} does not say whether it goes by it: restart its client.`,
    };
    if (found.took !== 'same') process.stdout.write(`${visible(found.said)}\n`);
  }
  for (const one of silent)
    process.stdout.write(`${visible(one)}. It goes by what it had until its next start.\n`);
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
  commit(home, change, await loosener(home, as));
  return true;
}

/** So that the next start of a server has nothing to compile. Nothing is told of what goes wrong: it compiles then. */
async function keepCompiled(home: Home, file: string | undefined): Promise<void> {
  const kept = keptPolicies(home, redactionKey(home), sealCheckOf(home));
  const named = file === undefined || PROJECT_PLACES.includes(basename(file)) ? undefined : file;
  if (kept !== undefined) await keepAll(home, kept, contextOf(named, process.cwd()));
}

const isSettled = ({ before, after, sealed }: PendingChange): boolean => before === after && sealed;

/** Recorded before it takes effect, so that no policy is ever in force without a record. */
function commit(home: Home, change: PendingChange, signer: Signer | undefined): void {
  const { digest, previousDigest } = change.digests;
  const seal = sealBy(signer, { what: 'policy', of: change.slot, digest });
  const by = { ...commandBy(), ...signedBy(signer) };
  const entry = { type: 'policy' as const, event: 'applied' as const, file: change.file };
  const signature = seal === undefined ? {} : { signature: seal };
  applyChange(home, change, {
    seal,
    record: () => recordCommand(home, { ...entry, digest, previousDigest, by, ...signature }),
  });
}
