import { errorLine, keepAliveLine, type Refusal } from '../protocol/answers.ts';
import type { ListRequest } from '../protocol/client-message.ts';
import { withWord } from '../protocol/edited/splice.ts';
import { TOOLS_CALL } from '../protocol/gated/tools-call.ts';
import { faulted } from '../protocol/refusals.ts';
import { numberOfId, type RequestId } from '../protocol/request-id.ts';
import type { InputRequired, ServerAnswer } from '../protocol/server-line.ts';
import { readToolPage } from '../protocol/tool-list.ts';
import { type Governed, ungoverned } from './governed.ts';
import type { Delivery, EnforcerPorts } from './ports.ts';
import type { Repeatable } from './request-states.ts';
import type { LineBytes, ServerLinesPorts } from './server-lines.ts';
import type { Unanswered } from './upstream/upstream.ts';

const INTERNAL_ERROR = -32603;

/** A request of the client that has no answer yet. */
export interface Request {
  id: RequestId;
  /** Of a call; undefined for every other method. */
  call: InFlightCall | undefined;
  /** Of a request for the server's tools. */
  list?: ListRequest | undefined;
  /** While it waited the server wrote what we cannot read and its client may: perhaps this answer. */
  tainted?: true;
}

export interface InFlightCall {
  number: number;
  modern: boolean;
  task: boolean;
  progressToken: string | undefined;
  /** The judged line, until it is forwarded or answered. */
  line: { bytes: Uint8Array; digest: string } | undefined;
  wasHeld: boolean;
  /** It goes as soon as its record is copied. */
  copying?: true;
  forwardedMono: number | undefined;
  /** Set for a call that its server may ask to be repeated. */
  repeatable: Repeatable | undefined;
  /** What its client is told with the server's answer, because a person changed the call. */
  word?: string | undefined;
}

/** Why a server's list of tools could not be read. */
const TOO_LONG = 'is too long to be read';
const UNCLEAR = 'cannot be read in one way only';

/** Requests other than calls are remembered only to notice a repeated id; a server may never answer some. */
const MAX_OTHERS = 4096;

/**
 * The client's unanswered requests, each answered once: by the server, by us, or not at all when cancelled.
 * A Map, so that an id such as "__proto__" is an id.
 */
export class OpenRequests implements Omit<Delivery, 'again' | 'respelled' | 'running'>, ServerLinesPorts {
  private readonly requests = new Map<string, Request>();
  private readonly ports: EnforcerPorts;
  private governed: Pick<Governed, 'recorder' | 'approvals'> = ungoverned('The policy is not known yet.');
  /** Keys of the requests that are no calls, oldest first. */
  private readonly others = new Set<string>();
  /** Calls in flight of which the result will be named in the record. */
  private heldCalls = 0;
  /** Requests for the server's tools that have no answer yet. */
  private lists = 0;
  /** Calls that a person changed and the server has: their clients are told with its answer. */
  private words = 0;
  private inputRequired: (call: Repeatable, input: InputRequired) => void = () => {};

  constructor(ports: EnforcerPorts) {
    this.ports = ports;
  }

  governedBy(governed: Governed): void {
    this.governed = governed;
  }

  has(key: string): boolean {
    return this.requests.has(key);
  }

  /** How many calls have no answer yet. */
  get calls(): number {
    return this.requests.size - this.others.size;
  }

  /** How many calls the server has and did not answer yet. */
  get running(): number {
    let running = 0;
    for (const { call } of this.requests.values())
      if (call !== undefined && call.line === undefined) running += 1;
    return running;
  }

  get(key: string): Request | undefined {
    return this.requests.get(key);
  }

  addCall(id: RequestId, call: InFlightCall): void {
    this.requests.set(id.key, { id, call });
  }

  addOther(id: RequestId, list?: ListRequest): void {
    if (this.requests.has(id.key)) return;
    if (this.others.size >= MAX_OTHERS) {
      const [oldest] = this.others;
      // Its answer would not be known any more.
      if (this.take(oldest ?? '')?.list !== undefined)
        this.ports.tools.unlisted('was asked for among too many requests');
    }
    this.others.add(id.key);
    this.requests.set(id.key, { id, call: undefined, list });
    if (list !== undefined) this.lists += 1;
  }

  private take(key: string): Request | undefined {
    const request = this.requests.get(key);
    if (request === undefined) return undefined;
    this.requests.delete(key);
    if (request.list !== undefined) this.lists -= 1;
    if (request.call === undefined) this.others.delete(key);
    else if (request.call.wasHeld) this.heldCalls -= 1;
    if (request.call?.word !== undefined && request.call.line === undefined) this.words -= 1;
    return request;
  }

  /** The call waits for a person; its result will be named in the record. */
  held(key: string): void {
    const call = this.requests.get(key)?.call;
    if (call === undefined || call.wasHeld) return;
    call.wasHeld = true;
    this.heldCalls += 1;
  }

  /** The client gave up on a call that the server may be running. */
  cancelled(request: Request): void {
    const { call, id } = request;
    if (call === undefined || this.requests.get(id.key) !== request) return;
    this.take(id.key);
    this.outcome(call, 'cancelled', false);
  }

  /** Hands the judged bytes over, once; whoever calls this flushes. */
  forward(key: string, digest: string): boolean {
    const request = this.requests.get(key);
    const call = request?.call;
    if (request === undefined || call?.line === undefined || call.line.digest !== digest) return false;
    if (call.copying === true) return false;
    const copied = this.ports.copied?.();
    if (copied === undefined) return this.send(call, call.line.bytes);
    call.copying = true;
    copied.then(
      () => this.sendLater(request),
      (error: Error) => this.unsent(request, error.message),
    );
    return true;
  }

  /** Its record is copied by now: it goes, unless nobody asks for it any more. */
  private sendLater(request: Request): void {
    const { id, call } = request;
    if (call?.line === undefined || this.requests.get(id.key)?.call !== call) return;
    const why = this.ports.stopped();
    if (why !== undefined) return this.unsent(request, why);
    this.send(call, call.line.bytes);
    this.ports.flush();
  }

  /** Its record could not be copied, and the policy wants that first. */
  private unsent({ id, call }: Request, why: string): void {
    if (call?.line === undefined || this.requests.get(id.key)?.call !== call) return;
    const { digest, bytes } = call.line;
    try {
      this.governed.recorder.refusal('not-copied', digest, bytes.length);
      this.governed.recorder.commit();
    } catch {
      // It did not run either way, and its client is told.
    }
    this.refuse(id.key, faulted(why));
  }

  private send(call: InFlightCall, bytes: Uint8Array): true {
    call.forwardedMono = this.ports.mono();
    this.ports.toServer(bytes);
    call.line = undefined;
    if (call.word !== undefined) this.words += 1;
    return true;
  }

  refuse(key: string, refusal: Refusal): void {
    const request = this.take(key);
    if (request?.call === undefined) return;
    const { modern, task } = request.call;
    this.ports.toClient(TOOLS_CALL.refusal({ id: request.id, modern, task }, refusal));
  }

  forget(key: string): void {
    this.take(key);
  }

  /** The judged line of a call that was not forwarded yet; the call is forgotten with it. */
  takeBack(key: string): Uint8Array | undefined {
    const line = this.requests.get(key)?.call?.line;
    if (line === undefined) return undefined;
    this.take(key);
    return line.bytes;
  }

  keepAlive(key: string, n: number, message: string): void {
    const token = this.requests.get(key)?.call?.progressToken;
    if (token !== undefined) this.ports.toClient(keepAliveLine(token, n, message));
  }

  /** Whoever wants to know of calls that their server asked to be repeated. */
  onInputRequired(listener: (call: Repeatable, input: InputRequired) => void): void {
    this.inputRequired = listener;
  }

  digests(): boolean {
    return this.heldCalls > 0;
  }

  whole(): boolean {
    return this.lists > 0;
  }

  awaitsWord(): boolean {
    return this.words > 0;
  }

  withWord(answer: ServerAnswer, line: Uint8Array): Uint8Array {
    const call = this.answered(answer)?.call;
    return call?.word === undefined || call.line !== undefined ? line : withWord(line, call.word);
  }

  isList(answer: ServerAnswer): boolean {
    return this.answered(answer)?.list !== undefined;
  }

  /** The request that an answer is for: of this very id, or else of one that a client takes for the same. */
  private answered({ id }: ServerAnswer): Request | undefined {
    const exact = this.requests.get(id.key);
    if (exact !== undefined || this.requests.size === 0) return exact;
    const number = numberOfId(id);
    if (number === undefined) return undefined;
    for (const request of this.requests.values()) if (numberOfId(request.id) === number) return request;
    return undefined;
  }

  /** The server answered, on the answer's way to the client. */
  answer(answer: ServerAnswer, line: LineBytes): void {
    const request = this.answered(answer);
    if (request === undefined) return;
    const { call, list, id } = request;
    const exact = id.key === answer.id.key;
    if (!exact) this.governed.recorder.serverLine('other-id', line.digest, line.bytes);
    if (call?.line !== undefined) {
      this.tooEarly(request, line);
      return;
    }
    // Not every client takes the other spelling for an answer: then another list will follow, and be read too.
    if (exact || list === undefined) this.take(id.key);
    if (list !== undefined && answer.outcome === 'ok') this.listed(request, line);
    if (call === undefined) return;
    const result = call.wasHeld ? { digest: line.digest, bytes: line.bytes } : undefined;
    this.outcome(call, answer.outcome, answer.isError, result);
    const { repeatable: again } = call;
    if (again === undefined || answer.inputRequired === undefined) return;
    this.inputRequired(again, answer.inputRequired);
    if (again.approved !== undefined) this.governed.approvals.askedAgain(again.number, again.approved);
  }

  /** The server never got this call, and its client now has an answer: nobody asks for it any more. */
  private tooEarly({ id }: Request, line: LineBytes): void {
    this.governed.recorder.serverLine('answer-before-call', line.digest, line.bytes);
    if (!this.governed.approvals.answered(id.key)) this.forget(id.key);
  }

  private listed({ list = 'first', tainted }: Request, line: LineBytes): void {
    const { tools } = this.ports;
    const page = line.whole === undefined ? undefined : readToolPage(line.whole);
    if (page === undefined) tools.unlisted(line.whole === undefined ? TOO_LONG : UNCLEAR);
    else tools.listed(list, page, tainted !== true);
  }

  /** A line that is not one clean message may all the same be an answer to a client that reads it. */
  odd(cause: string, line: LineBytes): void {
    this.governed.recorder.serverLine(cause, line.digest, line.bytes);
    if (this.lists === 0 || !line.mayBeMessage) return;
    for (const key of this.others) {
      const request = this.requests.get(key);
      if (request?.list !== undefined) request.tainted = true;
    }
    this.ports.tools.unlisted(UNCLEAR);
  }

  /** One request alone gets no answer of its server any more: its client is told so, and what that means for it. */
  unanswered({ request: key, outcome, said }: Unanswered): void {
    const request = this.requests.get(key);
    if (request === undefined || request.call?.line !== undefined) return;
    this.take(key);
    const { id, call } = request;
    if (call === undefined) {
      this.ports.toClient(errorLine(id, { code: INTERNAL_ERROR, message: `holdpoint: ${said}` }));
      return;
    }
    const { modern, task } = call;
    this.ports.toClient(TOOLS_CALL.refusal({ id, modern, task }, unansweredCall(outcome, said)));
    this.outcome(call, outcome === 'unknown' ? 'unknown' : 'error', false);
  }

  /** Nobody else will answer: every open request gets an error, every call an unknown outcome. */
  abandon(message: string): void {
    for (const { id, call } of [...this.requests.values()]) {
      this.take(id.key);
      this.ports.toClient(errorLine(id, { code: INTERNAL_ERROR, message: `holdpoint: ${message}` }));
      if (call !== undefined) this.outcome(call, 'unknown', false);
    }
  }

  private outcome(
    call: InFlightCall,
    outcome: 'ok' | 'error' | 'cancelled' | 'unknown',
    isError: boolean,
    result?: { digest: string | undefined; bytes: number },
  ): void {
    const durationMs =
      call.forwardedMono === undefined ? 0 : Math.round(this.ports.mono() - call.forwardedMono);
    this.governed.recorder.outcome({ call: call.number, outcome, durationMs, result, isError });
  }
}

/** What the agent is told of a call that got no answer. */
function unansweredCall(outcome: Unanswered['outcome'], said: string): Refusal {
  if (outcome === 'unknown') {
    const text = `Outcome unknown. ${said} The call may have run; it was not sent again. Look at what it should have changed before you make it again.`;
    return { text, detail: { executed: 'unknown', why: 'no-answer' } };
  }
  const why = outcome === 'unsent' ? 'unreached' : 'refused-by-server';
  return { text: `Not executed. ${said}`, detail: { executed: false, why } };
}
