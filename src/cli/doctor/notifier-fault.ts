import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { ownPath } from '../../approvals/notifying/own-environment.ts';
import type { NotifySettings } from '../../policy/decide/types.ts';
import { visible } from '../../text/visible.ts';

const OTHERS_WRITE = 0o022;

/** Why the program of `approvals.notify` cannot be run, or should not be, as a sentence; undefined: it can. */
export function notifierFault(settings: NotifySettings | undefined): string | undefined {
  const program = settings?.command[0];
  if (program === undefined) return undefined;
  const said = `The notifier ${visible(program)} (approvals.notify)`;
  const places = isAbsolute(program)
    ? [program]
    : ownPath(process.env['PATH'] ?? '', process.cwd(), process.env['HOME'])
        .split(delimiter)
        .map((folder) => join(folder, program));
  const there = places.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  const path = there.find(mayExecute);
  if (path === undefined) {
    if (there.length > 0) return `${said} may not be executed: chmod 755 ${visible(there[0] ?? '')}.`;
    return isAbsolute(program) ? `${said} does not exist.` : `${said} is not on this PATH.`;
  }
  if ((statSync(path).mode & OTHERS_WRITE) === 0) return undefined;
  return `${said} can be changed by others than you, who so choose what is run as you: chmod go-w ${visible(path)}.`;
}

function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
