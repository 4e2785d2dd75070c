import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SUFFIX = '.sock';

/**
 * The sessions whose proxy still lives, by the sockets in `<home>/run`. It does not connect: that would count as
 * an approver who attaches. Linux lists bound sockets; elsewhere the socket's file must do, which a killed proxy
 * leaves behind, so that its open calls are called unfinished.
 */
export function runningSessions(runFolder: string): Set<string> {
  let names: string[];
  try {
    names = readdirSync(runFolder).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return new Set();
  }
  let bound: string | undefined;
  try {
    bound = `${readFileSync('/proc/net/unix', 'utf8')}\n`;
  } catch {
    // Not Linux.
  }
  const alive = names.filter((name) => bound?.includes(` ${join(runFolder, name)}\n`) ?? true);
  return new Set(alive.map((name) => name.slice(0, -SUFFIX.length)));
}
