import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openerOf } from '../../approvals/signing/approver-key.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { isCopyBy, linesOf, readCopy } from '../../team/log/copy-message.ts';
import { auditSubject } from '../../team/relay/names.ts';
import { NatsLog } from '../../team/relay/nats-log.ts';
import { neededKey, unlock } from '../approving/own-key.ts';
import { atRelay } from '../team/at-relay.ts';

/** A session's file, below the month that it began in. */
const FILE = /^\d{4}-\d{2}\/[\w-]+(?:\.\d+)?\.jsonl$/;

/**
 * The logs of all machines of the team as an audit folder, opened with an auditor's key: for this command alone, gone
 * when it ends. Asks for the passphrase. Rejects with a PlainError, for a key too that opens none of it.
 */
export async function teamRecords(home: Home, as: string | undefined): Promise<string> {
  return atRelay(home, { command: 'records' }, async ({ policy: { team }, relay, trust }) => {
    const signer = await unlock(neededKey(home, as));
    const folder = mkdtempSync(join(tmpdir(), 'hp-team-audit-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const found = { opened: 0, closed: 0, strange: 0 };
    await new NatsLog(relay, team).read(auditSubject(team.space, '*', '*'), 'all', ({ subject, value }) => {
      const copy = readCopy(value);
      const known = trust.machine(subject.split('.')[3] ?? '');
      if (
        copy === undefined ||
        known === undefined ||
        !isCopyBy(known, subject, copy) ||
        !FILE.test(copy.file)
      ) {
        found.strange += 1;
        return;
      }
      const lines = linesOf(subject, copy, openerOf(signer));
      if (lines === undefined) {
        found.closed += copy.records.length;
        return;
      }
      found.opened += copy.records.length;
      const path = join(folder, copy.file);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, lines, { mode: 0o600 });
    });
    told(found, signer.name);
    return folder;
  });
}

function told(
  { opened, closed, strange }: { opened: number; closed: number; strange: number },
  name: string,
): void {
  if (opened === 0 && closed > 0)
    throw new PlainError(
      `${closed} records are copied, and ${name}'s key opens none of them: the policy under which they were made names other "auditors", or none.`,
    );
  if (closed > 0)
    process.stderr.write(`holdpoint: ${closed} more records are sealed to other auditors, or to none.\n`);
  if (strange > 0)
    process.stderr.write(
      `holdpoint: ${strange} messages of the copy are of no machine that is known here: holdpoint audit verify --team\n`,
    );
}
