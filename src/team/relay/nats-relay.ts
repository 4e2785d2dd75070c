import { readFileSync } from 'node:fs';
import type { KV } from '@nats-io/kv';
import type { NatsConnection, NodeConnectionOptions, TlsOptions } from '@nats-io/transport-node';
import { causeOf } from '../../platform/file-fault.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { TeamSettings } from '../../policy/decide/types.ts';
import { authenticatorOf } from './credentials.ts';
import { bucketName } from './names.ts';
import { type NatsPackages, natsPackages } from './nats-packages.ts';
import { NatsWatch } from './nats-watch.ts';
import { inboxOf } from './permissions.ts';
import type { Bucket, Entry, Relay } from './relay.ts';
import { isTaken, relayFault } from './relay-faults.ts';
import { identityOf } from './server-identity.ts';

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 20_000;
const FIRST_TRY_MS = 5_000;
const RETRY_JITTER_MS = 1_000;
const PING_MS = 15_000;
/** Of a message that is no value: subject, headers. */
const AROUND_BYTES = 4_096;

export interface ConnectOptions {
  machine: string;
  /** What this connection of it is called at the relay: one word. */
  name: string;
  /** `patient`: the relay may be away for now; else the first try decides. */
  patient: boolean;
  /** Of a patient one: why it is not reached yet. */
  say?(sentence: string): void;
}

/** Connects to a team's NATS servers. Rejects with a PlainError. */
export async function connectRelay(team: TeamSettings, options: ConnectOptions): Promise<NatsRelay> {
  const packages = await natsPackages();
  let told: string | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const given = connectionOptions(team, options, packages);
      return new NatsRelay(team, await packages.transport.connect(given), packages);
    } catch (error) {
      const fault = relayFault(error, team, 'reached');
      // What is wrong with the files of this machine is no matter of patience.
      if (!options.patient || (tries === 1 && error === fault)) throw fault;
      if (fault.message !== told) options.say?.(`${fault.message} It is tried again.`);
      told = fault.message;
      await again(tries);
    }
  }
}

/** Longer from time to time, and not all at once that lost the same relay. */
function again(tries: number): Promise<void> {
  const ms = Math.min(LONGEST_RETRY_MS, RETRY_MS * tries) + (process.pid % RETRY_JITTER_MS);
  return new Promise((next) => {
    setTimeout(next, ms).unref();
  });
}

function connectionOptions(
  { url, credentials, ca }: TeamSettings,
  { machine, name }: ConnectOptions,
  { transport }: NatsPackages,
): NodeConnectionOptions {
  const secure = url.some((one) => /^tls:/i.test(one));
  const servers = url.map((one) => one.replace(/^\w+:\/\//, '').replace(/\/$/, ''));
  const checkServerIdentity = identityOf(servers);
  return {
    servers,
    name: `holdpoint ${machine} ${name}`,
    inboxPrefix: `${inboxOf(machine)}.${name}`,
    ...(credentials === undefined ? {} : { authenticator: authenticatorOf(credentials, transport) }),
    ...(secure
      ? { tls: { checkServerIdentity, ...(ca === undefined ? {} : { ca: certificate(ca) }) } as TlsOptions }
      : {}),
    timeout: FIRST_TRY_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: RETRY_JITTER_MS,
    reconnectJitterTLS: RETRY_JITTER_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  };
}

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlainError(`The team's certificate ${file} cannot be read: ${causeOf(error)}.`);
  }
}

/** A space's buckets at a NATS server. */
export class NatsRelay implements Relay {
  readonly connection: NatsConnection;
  readonly packages: NatsPackages;
  readonly team: TeamSettings;
  private readonly buckets = new Map<Bucket, Promise<KV>>();
  private readonly listeners = new Set<(reached: boolean) => void>();
  private readonly watches = new Set<NatsWatch>();
  private isReached = true;

  constructor(team: TeamSettings, connection: NatsConnection, packages: NatsPackages) {
    this.team = team;
    this.connection = connection;
    this.packages = packages;
    void this.follow();
  }

  get longest(): number {
    return (this.connection.info?.max_payload ?? 1_048_576) - AROUND_BYTES;
  }

  get reached(): boolean {
    return this.isReached;
  }

  onReached(changed: (reached: boolean) => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  private async follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') this.turn(false);
      if (type === 'reconnect') this.turn(true);
    }
    this.turn(false);
  }

  private turn(reached: boolean): void {
    if (this.isReached === reached) return;
    this.isReached = reached;
    if (reached) for (const watch of this.watches) watch.again();
    for (const changed of this.listeners) changed(reached);
  }

  private bucket(bucket: Bucket): Promise<KV> {
    const known = this.buckets.get(bucket);
    if (known !== undefined) return known;
    const { Kvm } = this.packages.kv;
    const kv = new Kvm(this.connection).open(bucketName(this.team.space, bucket), { allow_direct: true });
    this.buckets.set(bucket, kv);
    kv.catch(() => this.buckets.delete(bucket));
    return kv;
  }

  async put(bucket: Bucket, key: string, value: Uint8Array): Promise<void> {
    await this.asked(async () => (await this.bucket(bucket)).put(key, value));
  }

  async create(bucket: Bucket, key: string, value: Uint8Array): Promise<boolean> {
    try {
      await (await this.bucket(bucket)).create(key, value);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw relayFault(error, this.team, 'written to');
    }
  }

  async get(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
    const entry = await this.asked(async () => (await this.bucket(bucket)).get(key), 'read');
    return entry?.operation === 'PUT' ? entry.value : undefined;
  }

  async remove(bucket: Bucket, key: string): Promise<void> {
    await this.asked(async () => (await this.bucket(bucket)).delete(key));
  }

  async watch(
    bucket: Bucket,
    pattern: string,
    seen: (entry: Entry) => void,
    caughtUp: () => void = () => {},
  ): Promise<() => void> {
    const { connection, packages, team } = this;
    const at = bucketName(team.space, bucket);
    const watch = new NatsWatch({ connection, packages, bucket: at, pattern, seen, caughtUp });
    await this.asked(() => watch.start(), 'read');
    this.watches.add(watch);
    return () => {
      this.watches.delete(watch);
      watch.stop();
    };
  }

  private async asked<T>(ask: () => Promise<T>, done = 'written to'): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw relayFault(error, this.team, done);
    }
  }

  async close(): Promise<void> {
    for (const watch of this.watches) watch.stop();
    await this.connection.close().catch(() => {});
  }
}
