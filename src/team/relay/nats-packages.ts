import { PlainError } from '../../platform/plain-error.ts';

/** The NATS clients: optional, and loaded only where a team is configured. */
export interface NatsPackages {
  transport: typeof import('@nats-io/transport-node');
  jetstream: typeof import('@nats-io/jetstream');
  kv: typeof import('@nats-io/kv');
}

/** Rejects with a PlainError where they are not installed. */
export async function natsPackages(): Promise<NatsPackages> {
  try {
    const [transport, jetstream, kv] = await Promise.all([
      import('@nats-io/transport-node'),
      import('@nats-io/jetstream'),
      import('@nats-io/kv'),
    ]);
    return { transport, jetstream, kv };
  } catch (error) {
    throw new PlainError(
      'A team needs the NATS client, which is not installed beside holdpoint: npm install -g @nats-io/transport-node@3 @nats-io/jetstream@3 @nats-io/kv@3 (or without -g where holdpoint is a dependency).',
      1,
      { cause: error },
    );
  }
}
