import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { keyNames } from '../../approvals/signing/key-files.ts';
import { resolveHome } from '../../platform/home.ts';
import { localTime } from '../../text/time.ts';
import { spelledKey } from './approver-changes.ts';

/** `holdpoint approver list [--json]`: `[{name, key, publicKey, since, here}]`; `here`: its locked key lies in this home. */
export function listApprovers(options: { home?: string; json?: boolean }): void {
  const home = resolveHome(options.home, process.env);
  const here = new Set(keyNames(home));
  const found = [...enrolmentOf(home).approvers.values()].map((one) => ({
    ...one,
    here: here.has(one.name),
  }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  if (found.length === 0) {
    process.stdout.write(
      'Nobody is enrolled: approvals are not signed. "holdpoint approver init" makes a key.\n',
    );
  }
  for (const { name, key, since, here: own } of found) {
    process.stdout.write(
      `${name.padEnd(16)} ${spelledKey(key)}  since ${localTime(since)}${own ? '  (key in this home)' : ''}\n`,
    );
  }
}
