import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../platform/names-in.ts';

/** What came of an editor: its text, that it left the text as it was, or why there is none, as a sentence. */
export type Edited = { text: string } | { unchanged: true } | { fault: string };

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Has a text edited in the person's own editor ($VISUAL, $EDITOR, else vi), which has the terminal meanwhile. The file
 * stands in a folder of its own in `folder`, 0600 in 0700, and goes with it, whatever else the editor put there. Never
 * throws.
 */
export function editText(text: string, folder: string, env: NodeJS.ProcessEnv): Edited {
  let own: string | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    own = mkdtempSync(join(folder, `${process.pid}-`));
    const file = join(own, 'arguments.json');
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    const fault = runEditor(file, env);
    if (fault !== undefined) return { fault };
    if (statSync(file).size > MOST_BYTES)
      return { fault: 'Nothing was changed: what the editor left is longer than 4 MiB.' };
    const now = readFileSync(file, 'utf8');
    return now === text ? { unchanged: true } : { text: now };
  } catch (error) {
    return { fault: `Nothing was changed: ${(error as Error).message}.` };
  } finally {
    remove(own);
  }
}

/** What cannot be removed now is swept by the next terminal. */
function remove(own: string | undefined): void {
  try {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  } catch {
    // Another program may hold it.
  }
}

/** Removes what terminals left there that were killed while an editor ran. Never throws. */
export function sweepEdits(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || lives(pid)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Another terminal's sweep may have been there first.
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Why its text does not count, as a sentence. */
function runEditor(file: string, env: NodeJS.ProcessEnv): string | undefined {
  const editor = [env['VISUAL'], env['EDITOR']].find((one) => one !== undefined && one.trim() !== '') ?? 'vi';
  // By a shell, for it may carry words of its own: "code --wait".
  const ran = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'holdpoint', file], { stdio: 'inherit', env });
  const said = JSON.stringify(editor);
  if (ran.error !== undefined) return `Nothing was changed: ${said} could not be run (${ran.error.message}).`;
  if (ran.signal !== null) return `Nothing was changed: the editor was ended by ${ran.signal} (${said}).`;
  if (ran.status === 127) return `There is no editor ${said}: set VISUAL or EDITOR.`;
  if (ran.status !== 0) return `Nothing was changed: the editor failed, exit code ${ran.status} (${said}).`;
  return undefined;
}
