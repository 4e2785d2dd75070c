import { userInfo } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Broker, type BrokerPorts } from '../approvals/broker.ts';
import type { ClientLimits } from '../approvals/client-limits.ts';
import type { HeldCall } from '../approvals/hold.ts';
import { holdIds } from '../approvals/hold-ids.ts';
import { holdView } from '../approvals/hold-view.ts';
import type { HoldRecord } from '../approvals/records.ts';
import { SocketServer } from '../approvals/socket-server.ts';
import type { SessionView, VerdictMessage } from '../approvals/wire.ts';
import type { ApprovalSettings } from '../policy/decide/types.ts';
import { faulted } from '../protocol/refusals.ts';
import type { Approvals, Delivery, Escalation } from '../proxy/ports.ts';

/** A call repeated after its rejection is not asked again for so long (DESIGN 5). */
const COOL_DOWN_MS = 60_000;

export interface RunApprovalsPorts {
  socket: string;
  idFolder: string;
  server: string;
  caller: string | undefined;
  settings: ApprovalSettings;
  limits: ClientLimits;
  delivery: Delivery;
  record(records: readonly HoldRecord[], durable: boolean): void;
  /** What a terminal is told of this session when it attaches. */
  session(): SessionView;
  say(sentence: string): void;
}

/** The waiting room of one `run`: the broker, and the socket at which people answer. */
export class RunApprovals implements Approvals {
  private readonly ports: RunApprovalsPorts;
  private readonly broker: Broker;
  private readonly socket: SocketServer;
  private readonly replies = new Map<number, (ok: boolean, message: string) => void>();
  private refs = 0;
  private listening: Promise<void> | undefined;
  private fault: string | undefined;

  constructor(ports: RunApprovalsPorts) {
    this.ports = ports;
    this.socket = new SocketServer(ports.socket, {
      greeting: () => [
        { type: 'hello', v: 1, ...ports.session() },
        ...this.broker.holds.map((hold) => ({ type: 'hold' as const, hold: holdView(hold) })),
      ],
      verdict: (message, reply) => this.verdict(message, reply),
    });
    const { settings } = ports;
    this.broker = new Broker(this.brokerPorts(), {
      maxLive: settings.maxLive,
      passForMs: settings.passForMs,
      headless: settings.headless,
      coolDownMs: COOL_DOWN_MS,
      answerWithinMs: (client, hasToken) =>
        ports.limits.answerWithinMs(client, hasToken, settings.answerWithinMs),
      timedOut: (client, afterMs) => ports.limits.timedOut(client, afterMs),
    });
  }

  /** Opens the socket, once. Without it nobody could answer, so every escalation is then refused. */
  listen(): void {
    this.listening ??= this.socket.listen().catch((error: Error) => {
      this.fault = `The approval socket cannot be opened: ${error.message}`;
      this.ports.say(this.fault);
      this.broker.end('session ended');
    });
  }

  escalated(escalation: Escalation, request: string, hasProgressToken: boolean): void {
    this.listen();
    if (this.fault !== undefined) return this.ports.delivery.refuse(request, faulted(this.fault));
    const { server, caller } = this.ports;
    this.broker.escalated(heldCall(escalation, server, caller), request, hasProgressToken);
  }

  cancelled(request: string, reason: string): boolean {
    return this.broker.cancelled(request, reason);
  }

  end(why: 'client gone' | 'server gone' | 'session ended'): void {
    this.broker.end(why);
  }

  close(): void {
    if (this.listening !== undefined) this.socket.close();
  }

  private brokerPorts(): BrokerPorts {
    const { delivery, record, idFolder } = this.ports;
    return {
      now: () => ({ wall: Date.now(), mono: performance.now() }),
      newId: holdIds(idFolder, Date.now),
      record,
      forward: (request, digest) => delivery.forward(request, digest),
      refuse: (request, refusal) => delivery.refuse(request, refusal),
      forget: (request) => delivery.forget(request),
      keepAlive: (request, n, message) => delivery.keepAlive(request, n, message),
      approvers: () => this.socket.attending,
      show: (hold) => this.socket.broadcast({ type: 'hold', hold: holdView(hold) }),
      closed: (hold, how, by) => this.socket.broadcast({ type: 'closed', hold, how, by: by ?? null }),
      reply: (ref, ok, message) => {
        this.replies.get(ref)?.(ok, message);
        this.replies.delete(ref);
      },
    };
  }

  private verdict(message: VerdictMessage, reply: (ok: boolean, message: string) => void): void {
    const { cli } = this.ports.settings;
    if (message.verdict === 'approve' && message.method !== 'watch' && cli === 'off') {
      return reply(false, 'The policy turns approvals by command off (approvals.cli); use holdpoint watch.');
    }
    if (message.verdict === 'approve' && message.method === 'cli' && cli === 'tty') {
      return reply(false, 'The policy takes approvals by command from a terminal only (approvals.cli).');
    }
    const ref = ++this.refs;
    this.replies.set(ref, reply);
    const { hold, verdict, digest, callDigest, confirmation, reason, dwellMs, method, chain } = message;
    const by = { name: userInfo().username, method, tier: 0 as const, chain };
    this.broker.verdict({ hold, verdict, digest, callDigest, confirmation, reason, by, dwellMs }, ref);
  }
}

/** The call as a person will judge it: its texts decoded, for now somebody reads them. */
function heldCall(escalation: Escalation, server: string, caller: string | undefined): HeldCall {
  const { arguments: args, task, inputResponses, continues, ...rest } = escalation;
  const held = { ...rest, argumentsText: args.text, task: task?.text, server, caller };
  if (inputResponses === undefined) return held;
  const input = {
    answers: inputResponses.text,
    questions: continues?.questions ?? null,
    continues: continues?.call ?? null,
  };
  return { ...held, input };
}
