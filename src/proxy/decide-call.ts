import { shownFacts } from '../policy/decide/call-facts.ts';
import type { Edit } from '../policy/decide/edit.ts';
import type { Decision } from '../policy/decide/types.ts';
import type { Refusal } from '../protocol/answers.ts';
import type { CallMessage } from '../protocol/gated/tools-call.ts';
import { JsonSource } from '../protocol/json/json-source.ts';
import { withoutEnd } from '../protocol/line-splitter.ts';
import * as refusals from '../protocol/refusals.ts';
import { CallDigester, lineDigest } from './call-digest.ts';
import type { Governed } from './governed.ts';
import type { OpenRequests } from './open-requests.ts';
import type { Action, Decide, DigestedCall, EnforcerPorts, Identity } from './ports.ts';
import { type Continued, type Repeatable, RequestStates } from './request-states.ts';
import { undecided } from './undecided.ts';

const NO_ARGUMENTS = JsonSource.of('{}');

/** A call on its way through the gate. */
interface Judged {
  message: CallMessage;
  about: DigestedCall;
  client: string | undefined;
  repeatable: Repeatable | undefined;
}

/** A call to be judged: its line, and what that was read as. */
export interface Incoming {
  line: Uint8Array;
  message: CallMessage;
  client: string | undefined;
  /** Set when a person changed it: then it is decided already. */
  edit?: Edit | undefined;
}

/** Decides one call after the other: allow, deny, or hand over to the waiting room. */
export class CallDecider {
  private readonly identity: Identity;
  private readonly digester: CallDigester;
  private readonly open: OpenRequests;
  private readonly stopped: EnforcerPorts['stopped'];
  private readonly states = new RequestStates();
  private calls = 0;

  constructor(identity: Identity, open: OpenRequests, stopped: EnforcerPorts['stopped']) {
    this.stopped = stopped;
    this.identity = identity;
    this.digester = new CallDigester(identity.server, identity.commandDigest);
    this.open = open;
    open.onInputRequired((call, input) => this.states.note(call, input));
  }

  /**
   * Decides a call and stages the record; the action carries it out. Where there is no policy to decide by the call is
   * denied with the cause.
   */
  judge({ line, message, client, edit }: Incoming, by: Governed): Action {
    const judged = this.about(line, message, client);
    if (edit !== undefined) judged.about.edited = edit.from;
    const { about, repeatable } = judged;
    const { id, modern, progressToken } = message;
    this.open.addCall(id, {
      number: about.call,
      modern,
      task: message.task !== undefined,
      progressToken,
      line: { bytes: line, digest: about.digest },
      wasHeld: false,
      forwardedMono: undefined,
      repeatable,
      word: edit?.word,
    });
    const { decision, refusal } = this.decide(judged, edit === undefined ? by.decide : () => edit.decision);
    by.recorder.decision(about, decision);
    const { key } = id;
    const unrecorded = (cause: string): void => this.open.refuse(key, refusals.auditUnwritable(cause));
    if (refusal !== undefined) return { unrecorded, run: () => this.open.refuse(key, refusal) };
    if (decision.effect === 'allow' || decision.observed === true)
      return { unrecorded, run: () => void this.open.forward(key, about.digest) };
    if (decision.effect === 'escalate') return { unrecorded, run: this.escalated(judged, decision, by) };
    const denied = refusals.denied(decision.rule, decision.reason);
    return { unrecorded, run: () => this.open.refuse(key, denied) };
  }

  /** Whether its server gave the state that a call carries, for this call and to this client. */
  knowsState(message: CallMessage, client: string | undefined): boolean {
    const { requestState, modern } = message;
    if (requestState === undefined) return true;
    return modern && this.states.of({ same: this.sameOf(message), client }, requestState) !== undefined;
  }

  private sameOf(message: CallMessage): string {
    return this.digester.of({ ...message, inputResponses: undefined });
  }

  private about(line: Uint8Array, message: CallMessage, client: string | undefined): Judged {
    const bytes = withoutEnd(line);
    const about: DigestedCall = {
      call: ++this.calls,
      tool: message.tool,
      arguments: message.arguments ?? NO_ARGUMENTS,
      task: message.task,
      inputResponses: message.inputResponses,
      digest: lineDigest(bytes, message.arguments?.all),
      callDigest: this.digester.of(message),
      bytes: bytes.length,
    };
    if (!message.modern) return { message, about, client, repeatable: undefined };
    const same = message.inputResponses === undefined ? about.callDigest : this.sameOf(message);
    return { message, about, client, repeatable: { number: about.call, same, client, approved: undefined } };
  }

  /** The decision, or a denial that names why there is none. */
  private decide(
    { about, client }: Judged,
    decide: Decide | string,
  ): { decision: Decision; refusal: Refusal | undefined } {
    // Before all else: also where there is no policy, or one that only observes.
    const stopped = this.stopped();
    if (stopped !== undefined) return undecided('stopped', refusals.stopped(stopped), stopped);
    if (typeof decide === 'string')
      return undecided('policy-invalid', refusals.policyInvalid(decide), decide);
    const { server, caller } = this.identity;
    const { tool, inputResponses } = about;
    try {
      const decision = decide({ server, tool, arguments: about.arguments, inputResponses, caller, client });
      return { decision, refusal: undefined };
    } catch (error) {
      const cause = `${(error as Error).message}.`;
      return undecided('fault', refusals.faulted(cause), cause);
    }
  }

  /** An escalated call goes to the waiting room. */
  private escalated(judged: Judged, decision: Decision, by: Governed): () => void {
    const { message, about, client, repeatable } = judged;
    const { rule, matched, obligations, about: known = {} } = decision;
    const facts = shownFacts(known);
    const { digest: accepts = null, offered: offers = null } = decision.offers ?? {};
    const reason = reasonForPeople(decision);
    const { key } = message.id;
    if (obligations === undefined) {
      return () => this.open.refuse(key, refusals.faulted('The escalation names no obligations.'));
    }
    const terms = { matched, definition: facts.definition, obligations };
    if (repeatable !== undefined) repeatable.approved = terms;
    this.open.held(key);
    const question = { ...terms, ...facts, rule, reason, accepts, offers };
    const escalation = { ...about, ...question, client, continues: this.continued(judged) };
    return () => {
      try {
        by.approvals.escalated(escalation, key, message.progressToken !== undefined);
      } catch (error) {
        this.open.refuse(key, refusals.faulted(`${(error as Error).message}.`));
      }
    };
  }

  private continued({ message, repeatable }: Judged): Continued | undefined {
    return message.requestState === undefined || repeatable === undefined
      ? undefined
      : this.states.of(repeatable, message.requestState);
  }
}

/** Why a person is asked, with what the policy could not evaluate: they judge what it could not. */
function reasonForPeople({ reason, diagnostics }: Decision): string {
  const more = diagnostics.filter((one) => one !== reason);
  return more.length === 0 ? reason : `${reason} (${more.join('; ')})`;
}
