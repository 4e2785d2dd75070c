import type { LogRelay } from './log-relay.ts';
import { auditSubject } from './names.ts';
import type { Bucket, Relay } from './relay.ts';

const NOTHING = Buffer.from('{}');
/** Behind no message of any subject: what is added there is refused, if it may be added at all. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

/**
 * What a relay does not permit of all that a machine needs there, as sentences. Each is tried, and leaves nothing: a
 * value that is taken away again, a record that fits nowhere.
 */
export async function missingPermissions(
  relay: Relay,
  log: LogRelay,
  { space, machine }: { space: string; machine: string },
): Promise<string[]> {
  const missing: string[] = [];
  const tried = async (what: string, doing: () => Promise<unknown>): Promise<void> => {
    await doing().catch((error: Error) => missing.push(`${what}: ${error.message}`));
  };
  const written = (bucket: Bucket, key: string): Promise<void> =>
    tried(`to write its own ${bucket}`, async () => {
      await relay.put(bucket, key, NOTHING);
      await relay.remove(bucket, key);
    });
  await written('holds', `${machine}.probe.probe`);
  await written('ends', `${machine}.probe.probe`);
  await written('presence', `session.${machine}.probe`);
  for (const bucket of ['answers', 'presence', 'trust', 'policy'] as const)
    await tried(`to read the ${bucket}`, async () =>
      (await relay.watch(bucket, `probe.${machine}`, () => {}))(),
    );
  await tried('to add to the copy of its log', () =>
    log.append(auditSubject(space, machine, 'probe'), NOTHING, NOWHERE),
  );
  return missing;
}
