import { join } from 'node:path';
import { EXIT } from '../../platform/exit-codes.ts';
import { ensurePrivateFolder, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { uninterrupted } from '../../platform/uninterrupted.ts';
import { visible } from '../../text/visible.ts';
import { ask } from '../terminal/ask.ts';
import { forReader } from '../terminal/for-reader.ts';
import type { Planned } from './change-file.ts';
import { difference } from './difference.ts';
import type { WrapOptions } from './wrap.ts';

export type How = 'wrap' | 'unwrap';

export const say = (text: string): void => void process.stdout.write(`${forReader(text)}\n`);

interface Writing {
  options: WrapOptions;
  /** One question for all files. */
  together: boolean;
}

/** Shows, asks and writes; returns what was written. */
export async function write(
  how: How,
  planned: readonly Planned[],
  { options, together }: Writing,
): Promise<Planned[]> {
  const written: Planned[] = [];
  const many = planned.length > 1;
  if (together) for (const one of planned) show(one);
  const files = planned.length === 1 ? 'this file' : `these ${planned.length} files`;
  const question = together ? `Write these changes to ${files}?` : 'Write these changes?';
  let agreed = options.yes === true;
  if (together && planned.length > 0) agreed = await ask(question);
  if (together && !agreed) {
    say('Nothing was changed.');
    return [];
  }
  for (const one of planned) {
    if (!together) show(one);
    if (options.dryRun === true) continue;
    if (!agreed && !(await ask(question))) {
      say('Nothing was changed.');
      continue;
    }
    const backup = await uninterrupted(() => put(one, options));
    if (backup === undefined) continue;
    written.push(one);
    const names = one.entries.map((entry) => visible(entry.name)).join(', ');
    const before = many ? '' : ` What was there before: ${visible(backup)}`;
    say(`${how === 'wrap' ? 'Wrapped' : 'Unwrapped'} ${names} (${one.file.client.name}).${before}`);
    if (one.file.place.note !== undefined) say(one.file.place.note);
  }
  if (many && written.length > 0)
    say(`What was there before: ${visible(join(resolveHome(options.home, process.env).root, 'backups'))}`);
  return written;
}

function show({ file, config, after }: Planned): void {
  say(`${file.client.name}: ${visible(file.path)}`);
  process.stdout.write(`${difference(config, after)}\n`);
}

/** Returns the backup's path. Another file that cannot be written does not keep the rest from it. */
function put({ file, config, after }: Planned, options: WrapOptions): string | undefined {
  try {
    return replaceFile(file.path, config.text, after, backupFolder(options));
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    process.stderr.write(`holdpoint: ${error.message}\n`);
    process.exitCode = EXIT.error;
    return undefined;
  }
}

/** Private, and not beside the file: that may be a repository. */
function backupFolder(options: WrapOptions): string {
  const home = resolveHome(options.home, process.env);
  const folder = join(home.root, 'backups');
  ensurePrivateFolder(home.root);
  ensurePrivateFolder(folder);
  return folder;
}
