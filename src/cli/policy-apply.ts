import { notAPerson } from '../approvals/person.ts';
import { processChain } from '../approvals/process-chain.ts';
import { loadPolicy } from '../config/applied-policy.ts';
import { type Home, resolveHome } from '../config/home.ts';
import { applyChange, type PendingChange, pendingChange } from '../config/pending-change.ts';
import type { ApprovalSettings } from '../policy/decide/types.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { ask } from './ask.ts';
import { commandBy, recordCommand } from './cli-session.ts';
import { lineDiff } from './line-diff.ts';

/** `holdpoint policy apply [FILE]`: shows the difference, asks, records, and puts the file's text into force. */
export async function applyPolicy(
  file: string | undefined,
  options: { yes?: boolean; home?: string },
): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const change = pendingChange(home, file);
  if (change.before === change.after) {
    process.stdout.write(`${change.file} is in force as it stands.\n`);
    return;
  }
  refuseAgents(home, file, change);
  const title = change.before === null ? 'nothing (the built-in default)' : 'in force now';
  process.stdout.write(`--- ${title}\n+++ ${change.after === null ? 'the built-in default' : change.file}\n`);
  process.stdout.write(`${lineDiff(change.before ?? '', change.after ?? '')}\n`);
  if (options.yes !== true && !(await ask('Put this policy into force?'))) {
    process.stdout.write('Nothing was changed.\n');
    return;
  }
  commit(home, change);
  process.stdout.write(
    'Applied. It counts from the next start of each server; restart the client to use it now.\n',
  );
}

/** Recorded before it takes effect, so that no policy is ever in force without a record. */
function commit(home: Home, change: PendingChange): void {
  const { digest, previousDigest } = change.digests;
  recordCommand(home, {
    type: 'policy',
    event: 'applied',
    file: change.file,
    digest,
    previousDigest,
    by: commandBy(),
  });
  applyChange(home, change);
}

function refuseAgents(home: Home, file: string | undefined, change: PendingChange): void {
  const here = { env: process.env, chain: processChain(), isTerminal: process.stdin.isTTY === true };
  const refusal = notAPerson(here, modeInForce(home, file), []);
  if (refusal === undefined) return;
  const what = `policy apply ${change.file}: ${refusal}`;
  recordCommand(home, { type: 'fault', cause: 'apply-refused', what, by: commandBy() });
  throw new PlainError(refusal);
}

/** A policy of ours that cannot be read must not lock its owner out, nor open the door: then a person is asked for. */
function modeInForce(home: Home, file: string | undefined): ApprovalSettings['cli'] {
  try {
    const { cli } = loadPolicy(home, file, { firstSeen: 'leave' }).policy.approvals;
    return cli === 'off' ? 'person' : cli;
  } catch {
    return 'person';
  }
}
