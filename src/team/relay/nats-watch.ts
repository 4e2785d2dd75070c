import type { ConsumerMessages, JsMsg, PushConsumer } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NatsPackages } from './nats-packages.ts';
import type { Entry } from './relay.ts';

export interface WatchPorts {
  connection: NatsConnection;
  packages: NatsPackages;
  /** The bucket as NATS knows it. */
  bucket: string;
  /** Of its keys. */
  pattern: string;
  seen(entry: Entry): void;
  /** Called once: all that lay there at first was given. */
  caughtUp(): void;
}

/**
 * How often it is asked whether the server still knows of this watch. The client itself notices after one minute at
 * the least, and a server of a cluster may die without a connection's breaking off.
 */
const LOOK_MS = 5_000;

/** What lies at some keys of a bucket and what changes: read again whenever the server may have forgotten the watch. */
export class NatsWatch {
  private readonly ports: WatchPorts;
  /** By key: which message was given last. */
  private readonly given = new Map<string, string>();
  private consumer: PushConsumer | undefined;
  private messages: ConsumerMessages | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beginning = false;
  private isCaughtUp = false;
  private stopped = false;

  constructor(ports: WatchPorts) {
    this.ports = ports;
  }

  /** Rejects where the server does not allow it, or does not answer. */
  async start(): Promise<void> {
    await this.begin();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.end(this.consumer, this.messages);
  }

  /** The connection is back: whatever watched before may be gone. */
  again(): void {
    this.begin().catch(() => {});
  }

  private async look(): Promise<void> {
    const { consumer } = this;
    const name = (await consumer?.info().catch(() => undefined))?.name;
    if (name === undefined && consumer === this.consumer) this.again();
  }

  /** The one before is let go once there is another. */
  private async begin(): Promise<void> {
    if (this.beginning || this.stopped) return;
    this.beginning = true;
    try {
      const { connection, packages, bucket, pattern } = this.ports;
      const { jetstream, DeliverPolicy } = packages.jetstream;
      const consumer = await jetstream(connection).consumers.getPushConsumer(`KV_${bucket}`, {
        filter_subjects: `$KV.${bucket}.${pattern}`,
        deliver_policy: DeliverPolicy.LastPerSubject,
      });
      const [{ num_pending: waiting }, before] = [await consumer.info(true), this.messages];
      this.end(this.consumer, before);
      this.consumer = consumer;
      if (this.stopped) return this.end(consumer, undefined);
      this.messages = await consumer.consume({ callback: (message) => this.take(consumer, message) });
      if (waiting === 0) this.caughtUp();
    } finally {
      this.beginning = false;
    }
  }

  private end(consumer: PushConsumer | undefined, messages: ConsumerMessages | undefined): void {
    messages?.stop();
    // The server forgets it by itself where this does not arrive.
    consumer?.delete().catch(() => {});
  }

  private take(from: PushConsumer, message: JsMsg): void {
    if (from !== this.consumer || this.stopped) return;
    const key = message.subject.slice(`$KV.${this.ports.bucket}.`.length);
    const which = `${message.seq} ${message.timestampNanos}`;
    if (this.given.get(key) !== which) {
      const value = message.headers?.has('KV-Operation') ? undefined : message.data;
      if (value === undefined) this.given.delete(key);
      else this.given.set(key, which);
      this.give({ key, value });
    }
    if (message.info.pending === 0) this.caughtUp();
  }

  /** A message that its reader cannot take ends no watch. */
  private give(entry: Entry): void {
    try {
      this.ports.seen(entry);
    } catch {
      this.given.delete(entry.key);
    }
  }

  private caughtUp(): void {
    if (this.isCaughtUp) return;
    this.isCaughtUp = true;
    this.ports.caughtUp();
  }
}
