import { PlainError } from '../../platform/plain-error.ts';
import { auditStream, auditSubject, BUCKETS, bucketName } from './names.ts';
import type { NatsRelay } from './nats-relay.ts';
import type { Bucket } from './relay.ts';
import { relayFault } from './relay-faults.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** How long what lies there stays; 0: as long as nobody takes it away. */
const STAYS_MS: Record<Bucket, number> = {
  holds: 8 * DAY_MS,
  answers: 8 * DAY_MS,
  ends: 8 * DAY_MS,
  presence: 90 * SECOND_MS,
  trust: 0,
  policy: 0,
};

const ABOUT = 'holdpoint';

/**
 * Makes a space's buckets and its stream. What is there already must be ours: a bucket that somebody else made under
 * such a name is not taken. Rejects with a PlainError.
 */
export async function makeSpace(relay: NatsRelay, space: string, replicas: number): Promise<void> {
  try {
    await make(relay, space, replicas);
  } catch (error) {
    throw relayFault(error, relay.team, 'made');
  }
}

async function make({ connection, packages }: NatsRelay, space: string, replicas: number): Promise<void> {
  const { Kvm } = packages.kv;
  const manager = await packages.jetstream.jetstreamManager(connection);
  const kvm = new Kvm(connection);
  for (const bucket of BUCKETS) {
    const name = bucketName(space, bucket);
    const there = await manager.streams.info(`KV_${name}`).catch(() => undefined);
    if (there !== undefined && there.config.description !== ABOUT)
      throw new PlainError(
        `The relay has a bucket "${name}" that holdpoint did not make. Take another name for the team's "space", or remove that bucket.`,
      );
    const given = { description: ABOUT, replicas, history: 1, ttl: STAYS_MS[bucket] };
    if (there === undefined) await kvm.create(name, given);
  }
  const { RetentionPolicy, StorageType, DiscardPolicy } = packages.jetstream;
  const name = auditStream(space);
  if ((await manager.streams.info(name).catch(() => undefined)) !== undefined) return;
  await manager.streams.add({
    name,
    description: ABOUT,
    subjects: [auditSubject(space, '*', '*')],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
  });
}
