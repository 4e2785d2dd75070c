import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { isAnybodyEnrolled } from '../../approvals/signing/entitled.ts';
import type { Home } from '../../platform/home.ts';
import { explain } from '../../policy/decide/explain.ts';
import type { Facts, Policy, ToolFacts } from '../../policy/decide/types.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { factsOf, type ToolKnowledge } from '../../tools/tool-knowledge.ts';
import { factsHere, policyFor } from '../policy/policy-source.ts';

/** Whether a call of a tool, with empty arguments, would run without a question, and why. */
export interface Unasked {
  unasked: boolean;
  unaskedWhy: string;
}

/** What is asked about. */
export interface Asked {
  server: string;
  tool: string;
  /** Undefined: nothing is known of it. */
  known: ToolKnowledge | undefined;
  pin: 'accepted' | 'changed' | 'new' | 'unaccepted';
}

const NOT_ACCEPTED = 'once somebody has accepted its server: ';

/** By what `run` would do here and now, under the policy in force: docs/policy.md. */
export class Unquestioned {
  readonly policy: Policy | undefined;
  private readonly facts: Facts;
  private readonly failed: string | undefined;

  private constructor(home: Home, policy: Policy | undefined, failed: string | undefined) {
    this.policy = policy;
    this.failed = failed;
    const enrolled = (): boolean => isAnybodyEnrolled(() => enrolmentOf(home));
    this.facts = { ...factsHere(home, Date.now()), enrolled };
  }

  static async in(home: Home): Promise<Unquestioned> {
    try {
      return new Unquestioned(home, await policyFor(home, undefined), undefined);
    } catch (error) {
      return new Unquestioned(home, undefined, (error as Error).message);
    }
  }

  of({ server, tool, known, pin }: Asked): Unasked {
    const { policy } = this;
    if (policy === undefined)
      return { unasked: false, unaskedWhy: `the policy cannot be loaded: ${this.failed ?? ''}` };
    const call = { server, tool, arguments: JsonSource.of('{}'), caller: undefined, client: undefined };
    const facts = known === undefined ? undefined : factsNow(known, pin);
    const { decision } = explain(call, policy, { ...this.facts, tool: facts });
    const observed = policy.mode === 'observe' && decision.effect !== 'allow';
    const reason = decision.rule === 'default' && policy.builtIn ? notPlain(known) : decision.reason;
    const said = observed ? `the policy only observes: ${reason}` : `${reason} (${decision.rule})`;
    const unasked = observed || decision.effect === 'allow';
    const first = unasked && pin === 'unaccepted' && policy.builtIn ? NOT_ACCEPTED : '';
    return { unasked, unaskedWhy: `${first}${said}` };
  }
}

function factsNow(known: ToolKnowledge, pin: Asked['pin']): ToolFacts {
  return {
    ...factsOf(known),
    change: pin === 'changed' ? 'It changed since it was accepted' : undefined,
    newTool: pin === 'new' ? 'Its server did not have it when it was accepted' : undefined,
  };
}

/** Why a tool is no plain read, in the words that decided. */
function notPlain(known: ToolKnowledge | undefined): string {
  if (known === undefined) return 'nothing is known of it';
  const { class: kind, sure, why } = known.risk;
  if (kind !== 'read') return `it is of class ${kind}: ${why.join(', ')}`;
  if (!sure) return `it is not surely a read: ${why[0] ?? ''}`;
  return 'it reads, but by an argument in a language of its own, or what it names may be a secret';
}
