import type { Decision } from '../policy/decide/types.ts';
import { errorLine, type Refusal, refusalLine } from '../protocol/answers.ts';
import type { CallMessage, ClientInfo } from '../protocol/call-message.ts';
import { type ClientMessage, type RefusedLine, readClientLine } from '../protocol/client-message.ts';
import { type Line, withoutEnd } from '../protocol/line-splitter.ts';
import * as refusals from '../protocol/refusals.ts';
import { callDigest, sha256 } from './digests.ts';
import { OpenRequests } from './open-requests.ts';
import type { Decide, EnforcerPorts, Escalation } from './ports.ts';
import { answerable, refusedLine, undecided } from './undecided.ts';

const INVALID_REQUEST = -32600;
const PARSE_ERROR = -32700;
const INTERNAL_ERROR = -32603;

export interface Identity {
  server: string;
  commandDigest: string;
  caller: string | undefined;
}

/** What follows from a line, once the records of its whole chunk are written. */
interface Action {
  run(): void;
  /** Instead of `run`, when the records could not be written: only for what needs one. */
  unrecorded?(cause: string): void;
}

/**
 * The policy enforcement point. Every line of the client goes through `take`; a call's bytes reach the server only
 * after its decision is on disk, and after a person's approval where the decision asks for one.
 */
export class Enforcer {
  private readonly ports: EnforcerPorts;
  private readonly identity: Identity;
  readonly open: OpenRequests;
  private decide: Decide | undefined;
  /** Why no call can be decided, when the policy cannot be used. */
  private broken: string | undefined;
  private waiting: { line: Uint8Array | undefined; message: CallMessage | RefusedLine }[] = [];
  private calls = 0;
  private client: string | undefined;

  constructor(identity: Identity, ports: EnforcerPorts) {
    this.identity = identity;
    this.ports = ports;
    this.open = new OpenRequests(ports);
  }

  /** The policy is there: calls that came before it are decided now, in their order. */
  ready(decide: Decide): void {
    this.decide = decide;
    this.settleWaiting();
  }

  /** There is no usable policy: every call is refused, with this cause. */
  unusable(cause: string): void {
    this.broken = cause;
    this.settleWaiting();
  }

  /** Lines of the client, in order, each with its line end. */
  take(lines: readonly Line[]): void {
    this.carryOut(lines.map((line) => this.read(line)));
  }

  /** The client's last bytes had no line end: no server would have read them, and none shall. */
  unfinished(bytes: number): void {
    const message = refusedLine('unfinished-line', 'The last line has no end.', INVALID_REQUEST);
    this.carryOut([this.refused({ ...message, answered: false }, sha256(''), bytes)]);
  }

  private settleWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.carryOut(waiting.map(({ line, message }) => this.judge(line, message)));
  }

  private carryOut(actions: readonly Action[]): void {
    let fault: string | undefined;
    try {
      this.ports.recorder.commit();
    } catch (error) {
      fault = (error as Error).message;
    }
    for (const action of actions) {
      if (fault !== undefined && action.unrecorded !== undefined) action.unrecorded(fault);
      else action.run();
    }
    this.ports.flush();
  }

  private read(line: Line): Action {
    if ('overlong' in line) {
      const message = `The line is ${line.overlong} bytes long, which is more than holdpoint reads.`;
      return this.judge(undefined, refusedLine('overlong-line', message, PARSE_ERROR));
    }
    const message = readClientLine(withoutEnd(line));
    if (message.kind === 'call' || message.kind === 'refused') return this.judge(line, message);
    // At once, so that a call behind it in the same chunk cannot share its id.
    if (message.kind === 'request') this.open.addOther(message.id);
    return { run: () => this.pass(line, message) };
  }

  /** Everything but calls and refused lines goes on as it came. */
  private pass(line: Uint8Array, message: ClientMessage): void {
    if (message.kind === 'request' && message.client !== undefined) this.named(message.client);
    if (
      message.kind === 'notification' &&
      message.cancels !== undefined &&
      this.cancel(message.cancels.id.key)
    )
      return;
    this.ports.toServer(line);
  }

  private named(client: ClientInfo): void {
    this.client = client.name;
    this.ports.client(client);
  }

  /** True when the cancelled call never reached the server, which then must not hear of it. */
  private cancel(key: string): boolean {
    const waited = this.waiting.findIndex(({ message }) => message.kind === 'call' && message.id.key === key);
    if (waited !== -1) {
      this.waiting.splice(waited, 1);
      return true;
    }
    if (this.ports.approvals.cancelled(key)) return true;
    this.open.cancelled(key);
    return false;
  }

  private judge(line: Uint8Array | undefined, message: CallMessage | RefusedLine): Action {
    if (this.decide === undefined && this.broken === undefined) {
      this.ports.policyWanted();
      return { run: () => void this.waiting.push({ line, message }) };
    }
    if (message.kind === 'refused' || line === undefined) {
      const refusal =
        message.kind === 'refused' ? message : refusedLine('fault', 'The line was lost.', INTERNAL_ERROR);
      return this.refused(refusal, line === undefined ? '' : sha256(withoutEnd(line)), line?.length ?? 0);
    }
    if (this.open.has(message.id.key)) {
      const said =
        'A request with this id is still unanswered; an id may be used again only after its answer.';
      const repeated = { ...refusedLine('duplicate-id', said, INVALID_REQUEST), id: message.id };
      return this.refused(repeated, sha256(withoutEnd(line)), line.length);
    }
    return this.call(line, message);
  }

  private refused(message: RefusedLine, digest: string, bytes: number): Action {
    this.ports.recorder.refusal(message.cause, digest, bytes);
    return {
      run: () => {
        if (!message.answered) return;
        this.ports.toClient(
          errorLine(message.id, { code: message.code, message: `holdpoint: ${message.message}` }),
        );
      },
    };
  }

  private call(bytes: Uint8Array, message: CallMessage): Action {
    const judged = withoutEnd(bytes);
    const digest = sha256(judged);
    const { server, commandDigest } = this.identity;
    if (message.client !== undefined) this.named(message.client);
    const number = ++this.calls;
    const { id, tool, modern, progressToken } = message;
    const task = message.taskText !== undefined;
    this.open.addCall(id, {
      number,
      modern,
      task,
      progressToken,
      line: { bytes, digest },
      wasHeld: false,
      forwardedMono: undefined,
    });
    const about = {
      call: number,
      tool,
      argumentsText: message.argumentsText ?? '{}',
      digest,
      callDigest: callDigest(message, server, commandDigest),
      bytes: judged.length,
    };
    const { decision, refusal } = this.decisionFor(message);
    this.ports.recorder.decision({ ...about, decision });
    return {
      unrecorded: (cause) => this.open.refuse(id.key, refusals.auditUnwritable(cause)),
      run: () => {
        if (refusal !== undefined) this.open.refuse(id.key, refusal);
        else if (decision.effect === 'allow') this.open.forward(id.key, digest);
        else if (decision.effect === 'escalate' && decision.obligations !== undefined) {
          const { rule, reason, matched, obligations } = decision;
          const escalation = { ...about, client: this.client, rule, reason, matched, obligations };
          this.escalate(id.key, escalation, progressToken !== undefined);
        } else this.open.refuse(id.key, refusals.denied(decision.rule, decision.reason));
      },
    };
  }

  private escalate(key: string, escalation: Escalation, token: boolean): void {
    this.open.held(key);
    try {
      this.ports.approvals.escalated(escalation, key, token);
    } catch (error) {
      this.open.refuse(key, refusals.faulted(`${(error as Error).message}.`));
    }
  }

  /** The decision, or a denial that names why there is none. */
  private decisionFor(message: CallMessage): { decision: Decision; refusal: Refusal | undefined } {
    const { server, caller } = this.identity;
    const argumentsText = message.argumentsText ?? '{}';
    if (this.decide === undefined) {
      return undecided('policy-invalid', refusals.policyInvalid(this.broken ?? ''), this.broken ?? '');
    }
    try {
      const decision = this.decide({
        server,
        tool: message.tool,
        argumentsText,
        caller,
        client: this.client,
      });
      return { decision, refusal: undefined };
    } catch (error) {
      const cause = `${(error as Error).message}.`;
      return undecided('fault', refusals.faulted(cause), cause);
    }
  }

  /** The client's stream has ended: nothing waits any more, and nothing more will run. */
  clientGone(): void {
    this.waiting = [];
    this.ports.approvals.end('client gone');
  }

  /** The server has ended: whoever still waits for an answer gets one that says what is known. */
  serverGone(how: string): void {
    this.ports.approvals.end('server gone');
    for (const { message } of this.waiting) {
      if (message.kind === 'call')
        this.ports.toClient(refusalLine(answerable(message), refusals.serverGone()));
    }
    this.waiting = [];
    this.open.abandon(`The MCP server ended (${how}) before it answered; the outcome is unknown.`);
  }
}
