import { keyId, type Signer } from '../../approvals/signing/approver-key.ts';
import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { unsafeToSign } from '../../approvals/signing/signing-place.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { personOnly } from '../../session/person-only.ts';
import { visible } from '../../text/visible.ts';
import type { Draft, Rules, Written } from '../../watch/state/drafts.ts';
import type { RuleEdit } from '../policy/rule-edit.ts';
import { ownKey } from './own-key.ts';

/** The user's policy, as the approval terminal writes rules into it: what the compiler needs is loaded for the first. */
export class DeskRules implements Rules {
  private readonly home: Home;
  private readonly as: string | undefined;
  /** By rule: what was shown of it. */
  private readonly shown = new Map<string, RuleEdit>();

  constructor(home: Home, as: string | undefined) {
    this.home = home;
    this.as = as;
  }

  barred(): string | undefined {
    try {
      const key = ownKey(this.home, this.as);
      if (key === undefined) return 'there is no approver key here.';
      return (
        this.unentitled({ name: key.name, key: keyId(key.publicKey) }) ??
        unsafeToSign(process.env, process.execArgv)
      );
    } catch (error) {
      return (error as Error).message;
    }
  }

  private unentitled({ name, key }: Pick<Signer, 'name' | 'key'>): string | undefined {
    return enrolmentOf(this.home).approvers.has(key) ? undefined : `${name} is not enrolled here.`;
  }

  async draft(rule: string): Promise<Draft> {
    const { differenceOf, ruleToAdd } = await import('../policy/rule-edit.ts');
    const { givenRule } = await import('../policy/policy-suggest.ts');
    const edit = await ruleToAdd(this.home, givenRule(rule), Date.now());
    const { path } = edit;
    // Beside a rule nobody looks for what somebody else wrote.
    if (edit.differs)
      throw new PlainError(
        `${visible(path)} has changes that nobody applied, so no rule was put beside them. Look at them with "holdpoint policy apply"; "holdpoint policy suggest" offers the rule again.`,
      );
    await personOnly(this.home, { cause: 'apply-refused', what: `watch: a rule for ${path}` });
    this.shown.set(rule, edit);
    return { rule, title: `always: what would be in force, ${path}`, lines: differenceOf(edit) };
  }

  async write(rule: string, signer: Signer): Promise<Written> {
    const edit = this.shown.get(rule);
    const barred = this.barred() ?? this.unentitled(signer);
    if (edit === undefined || barred !== undefined)
      throw new PlainError(
        barred === undefined ? 'This rule was not shown.' : `No rule was written: ${barred}`,
      );
    this.shown.delete(rule);
    const { carryOut } = await import('../policy/rule-edit.ts');
    const said = await carryOut(this.home, edit, { signer, method: 'watch' });
    const but = said.flatMap((one) => (one.took ? [] : [one.said]));
    return { done: `${edit.id} is a rule of your policy now (l, then p).`, but };
  }
}
