import type { TeamSettings } from '../../policy/decide/types.ts';
import type { CopyMessage, LogRelay, StreamFacts } from './log-relay.ts';
import { auditStream } from './names.ts';
import type { NatsRelay } from './nats-relay.ts';
import { isTaken, relayFault } from './relay-faults.ts';

type Stream = Pick<typeof import('@nats-io/jetstream'), 'jetstream' | 'jetstreamManager' | 'DeliverPolicy'>;

const NO_MESSAGE = 10037;
/** Messages that are asked for at once. */
const AT_ONCE = 500;

/** A space's copies of logs at a NATS server. */
export class NatsLog implements LogRelay {
  private readonly relay: NatsRelay;
  private readonly team: TeamSettings;
  private readonly stream: string;
  private readonly packages: Stream;

  constructor(relay: NatsRelay, team: TeamSettings) {
    this.relay = relay;
    this.team = team;
    this.stream = auditStream(team.space);
    this.packages = relay.packages.jetstream;
  }

  get longest(): number {
    return this.relay.longest;
  }

  async last(subject: string): Promise<CopyMessage | undefined> {
    try {
      const manager = await this.manager();
      const found = await manager.streams.getMessage(this.stream, { last_by_subj: subject });
      return found === null ? undefined : { subject, sequence: found.seq, value: found.data };
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_MESSAGE) return undefined;
      throw relayFault(error, this.team, 'read');
    }
  }

  async append(subject: string, value: Uint8Array, after: number): Promise<number | 'moved'> {
    try {
      const client = this.packages.jetstream(this.relay.connection);
      const expect = { lastSubjectSequence: after, streamName: this.stream };
      return (await client.publish(subject, value, { expect })).seq;
    } catch (error) {
      if (isTaken(error)) return 'moved';
      throw relayFault(error, this.team, 'written to');
    }
  }

  async read(subjects: string, which: 'all' | 'last', each: (message: CopyMessage) => void): Promise<void> {
    try {
      const client = this.packages.jetstream(this.relay.connection);
      const { DeliverPolicy } = this.packages;
      const consumer = await client.consumers.get(this.stream, {
        filter_subjects: subjects,
        deliver_policy: which === 'all' ? DeliverPolicy.All : DeliverPolicy.LastPerSubject,
      });
      let left = (await consumer.info(true)).num_pending;
      if (left === 0) return;
      for await (const message of await consumer.consume({ max_messages: AT_ONCE })) {
        each({ subject: message.subject, sequence: message.seq, value: message.data });
        left -= 1;
        if (left <= 0) break;
      }
    } catch (error) {
      throw relayFault(error, this.team, 'read');
    }
  }

  async facts(): Promise<StreamFacts> {
    try {
      const { config, state, created } = await (await this.manager()).streams.info(this.stream);
      return {
        made: new Date(created).toISOString(),
        added: state.last_seq,
        there: state.messages,
        guarded: config.deny_delete === true && config.deny_purge === true,
      };
    } catch (error) {
      throw relayFault(error, this.team, 'read');
    }
  }

  private manager(): Promise<Awaited<ReturnType<Stream['jetstreamManager']>>> {
    return this.packages.jetstreamManager(this.relay.connection, { checkAPI: false });
  }
}
