import { execFileSync } from 'node:child_process';

/** Node has no call that makes one. */
export function fifo(path: string): void {
  execFileSync('mkfifo', [path]);
}
