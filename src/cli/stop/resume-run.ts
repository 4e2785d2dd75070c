import { resolveHome } from '../../platform/home.ts';
import { StopFile, stopWords } from '../../platform/stop-file.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { personOnly } from '../../session/person-only.ts';
import { loosener, signedBy } from '../approving/seals.ts';

/** `holdpoint resume`: by the hand that may loosen, with its key where there is one. Recorded before it counts. */
export async function resume({ as, home: flag }: { as?: string; home?: string }): Promise<void> {
  const home = resolveHome(flag, process.env);
  const file = new StopFile(home);
  const stop = file.read();
  if (stop === undefined) {
    process.stdout.write('Nothing is stopped: calls are decided by the policy.\n');
    return;
  }
  await personOnly(home, { cause: 'resume-refused', what: 'resume' });
  process.stdout.write(`${stopWords(stop, file.path)}\n`);
  const signer = await loosener(home, as);
  recordCommand(home, { type: 'stop', event: 'resumed', by: { ...commandBy(), ...signedBy(signer) } });
  file.remove();
  process.stdout.write(
    'Resumed: calls are decided by the policy again. What was refused is lost; agents must ask for it anew.\n',
  );
}
