import { AppliedState, USER_SLOT } from '../../config/applied-state.ts';
import { isSigned } from '../../config/signed-less.ts';
import type { Home } from '../../platform/home.ts';
import type { AddedRule } from '../../policy/source/added-rules.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { visible } from '../../text/visible.ts';
import { type Used, wordsOfUse } from './uses.ts';

/** A rule of the policy in force that answers made. */
export interface AnswersRule extends AddedRule {
  /** What is in force stands under an approver's signature, or needs none. */
  counts: boolean;
}

/** Those of the user's policy; none where nothing was applied, or what was is lost. */
export async function rulesFromAnswers(home: Home): Promise<AnswersRule[]> {
  const applied = new Map(new AppliedState(home).all()).get(USER_SLOT);
  if (applied === undefined) return [];
  const { addedRules } = await import('../../policy/source/added-rules.ts');
  const { formatOf } = await import('../../policy/source/compile.ts');
  const check = sealCheckOf(home);
  const counts = check === undefined || (await isSigned(applied, USER_SLOT, check));
  const rules = await addedRules(applied.text, formatOf(applied.file, applied.text));
  return rules.map((rule) => ({ ...rule, counts }));
}

/** Like a grant, as `grants list --json` gives it. */
export function ruleAsJson({ id, since, item, counts }: AnswersRule): object {
  const [server = '', ...tool] = item.tool.split('/');
  const scope = { server, tool: tool.join('/'), scope: 'always', rule: JSON.stringify({ allow: item }) };
  return { id, ...scope, until: null, at: since, kept: counts, session: null };
}

/** As lines for people. */
export function ruleLines(rules: readonly AnswersRule[], used: ReadonlyMap<string, Used>): string[] {
  return [
    'Rules added from answers, in your policy:',
    ...rules.flatMap(({ id, since, item: { tool, when }, counts }) => [
      `${id}  ${visible(tool)}  since ${since}${counts ? wordsOfUse(used.get(id)) : '  not in force: nobody signed the policy'}`,
      `  ${visible(when ?? 'whatever the arguments')}`,
    ]),
  ];
}

/** Takes it out of the policy, at once: it only makes holdpoint ask again. Rejects with a PlainError. */
export async function revokeRule(home: Home, id: string): Promise<void> {
  const { differenceOf, ruleToTakeOut, takeOut } = await import('../policy/rule-edit.ts');
  const edit = await ruleToTakeOut(home, id);
  process.stdout.write(`--- in force now\n+++ without ${visible(id)}\n${differenceOf(edit).join('\n')}\n`);
  const said = await takeOut(home, edit);
  const kept = edit.after.includes(`"${id}-limit"`)
    ? [`Its limit stays in escalate (${visible(id)}-limit): it only asks.`]
    : [];
  const end = `The rule ${visible(id)} is taken out: such calls are asked about again, from now on.`;
  process.stdout.write([end, ...kept, ...said.map((one) => one.said), ''].join('\n'));
}
