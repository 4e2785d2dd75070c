import { isUtf8 } from 'node:buffer';
import { sha256Hex } from '../platform/digest.ts';
import type { Edit } from '../policy/decide/edit.ts';
import { errorLine } from '../protocol/answers.ts';
import type { ClientInfo } from '../protocol/client-info.ts';
import {
  type Cancellation,
  type ClientMessage,
  type RefusedLine,
  readClientLine,
} from '../protocol/client-message.ts';
import { withArguments } from '../protocol/edited/splice.ts';
import { TOOLS_CALL } from '../protocol/gated/tools-call.ts';
import { INVALID_PARAMS } from '../protocol/line-refusal.ts';
import { type Line, withoutEnd } from '../protocol/line-splitter.ts';
import * as refusals from '../protocol/refusals.ts';
import { CallDecider } from './decide-call.ts';
import { type Governed, ungoverned } from './governed.ts';
import { OpenRequests, type Request } from './open-requests.ts';
import type { Action, EnforcerPorts, Identity } from './ports.ts';
import { answerable, refusedLine } from './undecided.ts';

const INVALID_REQUEST = -32600;
const PARSE_ERROR = -32700;
/** A server that reads and never answers must not fill the memory. No client asks so much at once. */
const MAX_CALLS = 16_384;

/** A line of the client and what it is; one that was too long has no bytes any more. */
interface ReadLine {
  line: Uint8Array | undefined;
  message: ClientMessage;
}

/**
 * The policy enforcement point. Every line of the client goes through `take`; a call's bytes reach the server only
 * after its decision is on disk, and after a person's approval where the decision asks for one.
 */
export class Enforcer {
  private readonly ports: EnforcerPorts;
  private readonly gate: CallDecider;
  readonly open: OpenRequests;
  private governed = ungoverned('The policy is not known yet.');
  /** Whether the policy, or why there is none, is known: until then calls wait. */
  private settled = false;
  /** What came before the policy was there: the first call, and all that followed it, in order. */
  private waiting = new Set<ReadLine>();
  /** By id; more than one where a client uses an id twice. */
  private readonly waitingCalls = new Map<string, ReadLine[]>();
  private client: string | undefined;
  private whenSettled: (() => void) | undefined;

  constructor(identity: Identity, ports: EnforcerPorts) {
    this.ports = ports;
    this.open = new OpenRequests(ports);
    this.gate = new CallDecider(identity, this.open, ports.stopped);
  }

  /** The policy is there: calls that came before it are decided now, in their order. */
  ready(governed: Governed): void {
    this.governed = governed;
    this.settleWaiting();
  }

  /** There is no usable policy: every call is refused, with this cause. */
  unusable(cause: string): void {
    this.governed = ungoverned(cause);
    this.settleWaiting();
  }

  /** Lines of the client, in order, each with its line end. */
  take(lines: readonly Line[]): void {
    this.carryOut(lines.map((line) => this.read(line)));
  }

  /** The client's last bytes had no line end: no server would have read them, and none shall. */
  unfinished(bytes: number): void {
    const message = refusedLine('unfinished-line', 'The last line has no end.', INVALID_REQUEST);
    this.carryOut([this.refused({ ...message, answered: false }, sha256Hex(''), bytes)]);
  }

  private settleWaiting(): void {
    const waiting = [...this.waiting];
    if (waiting.some(({ message }) => this.mustLoad(message))) return;
    this.settled = true;
    this.open.governedBy(this.governed);
    this.forget();
    this.carryOut(waiting.map((one) => this.judge(one)));
    this.ports.settled();
    this.whenSettled?.();
  }

  private carryOut(actions: readonly Action[]): void {
    let fault: string | undefined;
    try {
      this.governed.recorder.commit();
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
      const said = `The line is ${line.overlong} bytes long, which is more than holdpoint reads.`;
      return this.inOrder({ line: undefined, message: refusedLine('overlong-line', said, PARSE_ERROR) });
    }
    return this.inOrder({ line, message: readClientLine(withoutEnd(line), isUtf8) });
  }

  private inOrder(one: ReadLine): Action {
    const { message } = one;
    // At once, so that a call behind it in the same chunk cannot share its id.
    if (message.kind === 'request') this.open.addOther(message.id, message.list);
    if (this.settled && !this.mustLoad(message)) return this.judge(one);
    const judged = message.kind === 'call' || message.kind === 'refused';
    if (!judged && this.waiting.size === 0) return this.passing(one);
    this.wait(one);
    this.ports.policyWanted();
    return { run: () => {} };
  }

  /** Whether a call needs what the policy has not loaded yet: then it waits, and all that follows it, as at the start. */
  private mustLoad(message: ClientMessage): boolean {
    const loading = message.kind === 'call' ? this.governed.awaits?.(message.tool) : undefined;
    if (loading === undefined) return false;
    this.settled = false;
    // Once it is there, all that waits is decided, or goes on waiting for another part.
    void loading.then(() => this.settleWaiting());
    return true;
  }

  /** Whether calls wait for the policy, or for a part of it. */
  get waits(): boolean {
    return !this.settled;
  }

  /** A call that is cancelled while it waits is never decided at all. */
  private wait(one: ReadLine): void {
    const { message } = one;
    const cancels = cancelledBy(message);
    const cancelled = cancels && this.waitingCalls.get(cancels.id.key);
    if (cancels !== undefined && cancelled !== undefined) {
      this.waitingCalls.delete(cancels.id.key);
      for (const call of cancelled) this.waiting.delete(call);
      return;
    }
    if (message.kind === 'call') {
      const same = this.waitingCalls.get(message.id.key);
      if (same === undefined) this.waitingCalls.set(message.id.key, [one]);
      else same.push(one);
    }
    this.waiting.add(one);
  }

  /** Everything but calls and refused lines goes on as it came. */
  private passing({ line, message }: ReadLine): Action {
    const cancels = cancelledBy(message);
    // Whose cancellation this is, is settled now: a call behind it in the same chunk may use the id again.
    const target = cancels && this.open.get(cancels.id.key);
    return {
      run: () => {
        if (line === undefined) return;
        if (message.kind === 'request' && message.client !== undefined) this.named(message.client);
        if (cancels === undefined || !this.cancel(cancels, target)) this.ports.toServer(line);
      },
    };
  }

  private named(client: ClientInfo): void {
    this.client = client.name;
    this.ports.client(client);
  }

  /** True when the cancelled call never reached the server, which then must not hear of it. */
  private cancel({ id: { key }, reason }: Cancellation, target: Request | undefined): boolean {
    if (this.governed.approvals.cancelled(key, reason)) return true;
    if (target !== undefined) this.open.cancelled(target);
    return false;
  }

  private judge(one: ReadLine): Action {
    const { line, message } = one;
    if (message.kind === 'refused') {
      return this.refused(message, line && sha256Hex(withoutEnd(line)), line?.length ?? 0);
    }
    if (message.kind !== 'call' || line === undefined) return this.passing(one);
    if (this.open.has(message.id.key)) {
      const said =
        'A request with this id is still unanswered; an id may be used again only after its answer.';
      const repeated = { ...refusedLine('duplicate-id', said, INVALID_REQUEST), id: message.id };
      return this.refused(repeated, sha256Hex(withoutEnd(line)), line.length);
    }
    if (this.open.calls >= MAX_CALLS) {
      const said = `${MAX_CALLS} calls are still unanswered, which is more than holdpoint keeps.`;
      const many = { ...refusedLine('too-many-calls', said, INVALID_REQUEST), id: message.id };
      return this.refused(many, sha256Hex(withoutEnd(line)), line.length);
    }
    if (message.client !== undefined) this.named(message.client);
    if (!this.gate.knowsState(message, this.client)) {
      const said =
        'The requestState is not one that the server gave for this very call in this session. Call without it.';
      const strange = { ...refusedLine('unknown-state', said, INVALID_PARAMS), id: message.id };
      return this.refused(strange, sha256Hex(withoutEnd(line)), line.length);
    }
    return this.gate.judge({ line, message, client: this.client }, this.governed);
  }

  /**
   * A call that waits for a person is decided anew, under another number: what was known of its tool has changed, or a
   * person gave it other arguments.
   */
  again(key: string, edit?: Edit): void {
    const taken = this.open.takeBack(key);
    const line = edit?.line ?? taken;
    if (taken === undefined || line === undefined) return;
    const message = readClientLine(withoutEnd(line), isUtf8);
    if (message.kind !== 'call') return;
    this.carryOut([this.gate.judge({ line, message, client: this.client, edit }, this.governed)]);
  }

  /** What the line of a call that waits would be with other arguments: read as strictly as any, and the same call else. */
  respelled(key: string, argumentsText: string): { line: Uint8Array } | { fault: string } {
    const before = this.open.get(key)?.call?.line?.bytes;
    if (before === undefined) return { fault: 'The call waits no more.' };
    try {
      const line = withArguments(before, argumentsText);
      const [was, is] = [before, line].map((one) => readClientLine(withoutEnd(one), isUtf8));
      if (is?.kind === 'refused') return { fault: is.message };
      const same =
        was?.kind === 'call' && is?.kind === 'call' && was.id.key === is.id.key && was.tool === is.tool;
      return same ? { line } : { fault: 'It would be another call.' };
    } catch (error) {
      return { fault: `They are not one clean JSON object: ${(error as Error).message}.` };
    }
  }

  private refused(message: RefusedLine, digest: string | undefined, bytes: number): Action {
    const { cause, code, answered } = message;
    this.governed.recorder.refusal(cause, digest, bytes);
    // A spoilt line must not look like the answer to a clean one that shares its id.
    const shared = cause !== 'duplicate-id' && message.id !== undefined && this.open.has(message.id.key);
    const id = shared ? undefined : message.id;
    return {
      run: () => {
        if (answered) this.ports.toClient(errorLine(id, { code, message: `holdpoint: ${message.message}` }));
      },
    };
  }

  private forget(): void {
    this.waiting.clear();
    this.waitingCalls.clear();
  }

  /**
   * The client's stream has ended: nothing waits any more, and nothing more will run. What came before the policy
   * was there is decided first, as it would have been with the policy at hand, unless nobody reads the answers.
   * Then `done` is called.
   */
  clientGone(reads: boolean, done: () => void): void {
    if (!reads) this.forget();
    if (this.waiting.size > 0 && !this.settled) {
      this.whenSettled = () => this.clientGone(true, done);
      this.ports.policyWanted();
      return;
    }
    this.whenSettled = undefined;
    this.governed.approvals.end('client gone');
    done();
  }

  /** The server has ended: whoever still waits for an answer gets one that says what is known. */
  serverGone(how: string): void {
    this.governed.approvals.end('server gone');
    for (const { message } of this.waiting) {
      if (message.kind === 'call')
        this.ports.toClient(TOOLS_CALL.refusal(answerable(message), refusals.serverGone()));
    }
    this.forget();
    this.open.abandon(`The MCP server ended (${how}) before it answered; the outcome is unknown.`);
  }
}

function cancelledBy(message: ClientMessage): Cancellation | undefined {
  return message.kind === 'notification' ? message.cancels : undefined;
}
