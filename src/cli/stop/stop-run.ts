import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { StopFile, stopWords } from '../../platform/stop-file.ts';
import { visible } from '../../text/visible.ts';
import { pullBrake, pulledWords } from './pull-brake.ts';

/** `holdpoint stop`: may be done by anybody, an agent too, for it only tightens. */
export async function stopAll({ reason, home: flag }: { reason?: string; home?: string }): Promise<void> {
  const home = resolveHome(flag, process.env);
  const pulled = await pullBrake(home, reason);
  const { before, unrecorded } = pulled;
  const words = pulledWords(pulled);
  if (before !== undefined) words.splice(1, 0, stopWords(before, new StopFile(home).path));
  process.stdout.write(`${words.map(visible).join('\n')}\n`);
  if (unrecorded !== undefined) process.exitCode = EXIT.error;
}
