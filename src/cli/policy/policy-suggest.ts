import { queryCalls } from '../../audit/reading/query.ts';
import {
  ruleTried,
  type Suggested,
  type Suggestions,
  suggested,
  TRIED_ON,
} from '../../audit/reading/suggested.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Offer } from '../../policy/offers/offers.ts';
import { ALIKE } from '../../policy/offers/suggester.ts';
import { ownPlaces } from '../../session/own-places.ts';
import { visible } from '../../text/visible.ts';
import { sinceOf } from '../terminal/since.ts';
import { policyFor } from './policy-source.ts';
import { ruleCovers } from './rule-covers.ts';

export interface SuggestOptions {
  json?: boolean;
  home?: string;
  since?: string;
  server?: string;
  /** A rule, as `--json` and the approval terminal show one. */
  try?: string;
  /** The number of a rule that is written into the policy and applied. */
  add?: string;
  /** Apply it without asking. */
  yes?: boolean;
}

/** `holdpoint policy suggest`: rules that would spare questions which always got a yes. Changes nothing. */
export async function suggestPolicy(options: SuggestOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const policy = await policyFor(home, undefined);
  const since = options.since === undefined ? {} : { since: sinceOf(options.since) };
  const server = options.server === undefined ? {} : { server: options.server };
  const { calls, warnings } = queryCalls(home.audit, { ...since, ...server });
  for (const warning of warnings.slice(0, 5)) process.stderr.write(`holdpoint: ${warning}\n`);
  const places = ownPlaces(home);
  if (options.try !== undefined) {
    const offer = givenRule(options.try);
    const tried = await ruleTried(calls, { policy, places, offer }, ruleCovers(places));
    process.stdout.write(`${verdictOn(tried, tried.of)}\n`);
    return;
  }
  const found = await suggested(calls, { policy, places }, ruleCovers(places));
  if (options.add !== undefined) {
    const { addRule } = await import('./add-rule.ts');
    return addRule(home, numbered(found, options.add), options);
  }
  const text = options.json === true ? JSON.stringify(asJson(found), null, 2) : inWords(found).join('\n');
  process.stdout.write(`${text}\n`);
}

/** The rule of that number, from 1. Throws a PlainError where there is none. */
function numbered({ rules }: Suggestions, number: string): Offer {
  const rule = /^[1-9]\d{0,5}$/.test(number) ? rules[Number(number) - 1] : undefined;
  if (rule !== undefined) return rule.offer;
  const all = rules.length === 0 ? 'none is offered' : `there are ${rules.length}`;
  throw new PlainError(`There is no rule ${visible(number)}: ${all}.`, EXIT.usage);
}

function asJson({ rules, byItem, ...rest }: Suggestions): unknown {
  const all = rules.map(({ offer: { item, limit, words }, spared, rejected }) => ({
    words: `${item.tool} ${words}`,
    allow: item,
    ...(limit === undefined ? {} : { escalate: limit }),
    spared,
    rejected,
  }));
  return { rules: all, ...rest, byItem: Object.fromEntries(byItem) };
}

function inWords(found: Suggestions): string[] {
  const { rules, questions, of, masked, byItem } = found;
  if (questions === 0) return ['Nobody was asked anything yet, as far as the record goes.'];
  const lines: string[] = [];
  if (rules.length === 0)
    lines.push(
      `Of ${count(questions, 'question')} none speaks for a rule: one is offered after ${ALIKE} alike approvals and no rejection that it would cover.`,
    );
  for (const [at, rule] of rules.entries()) lines.push(...ruleLines(rule, at + 1, of), '');
  if (rules.length > 0)
    lines.push(
      '"holdpoint policy suggest --add 1" writes the first into your policy, shows the difference and applies it.',
    );
  for (const [id, n] of byItem)
    lines.push(
      `${count(n, 'question')} came from ${visible(id)}, which an allow item cannot take back: change that item (its "unless", or its tools) if it asks in vain.`,
    );
  if (masked > 0)
    lines.push(`${count(masked, 'question')} had something masked or cut, so no rule was made of them.`);
  return lines;
}

function verdictOn({ spared, rejected }: Suggested, of: number): string {
  if (of === 0) return 'the record has no question to try it on';
  const shown = of < TRIED_ON ? `the ${count(of, 'question')}` : `the last ${of} questions`;
  return `would have let through ${spared} of ${shown}, ${rejected} of which you rejected`;
}

/** `{"allow": {"tool": …, "when": …}}`. Throws a PlainError for anything else. */
export function givenRule(text: string): Offer {
  try {
    const { allow: item, escalate: limit } = JSON.parse(text) as {
      allow: Offer['item'];
      escalate: Offer['limit'];
    };
    if (typeof item.tool === 'string')
      return { scope: 'bounded', item, words: '', ...(limit === undefined ? {} : { limit }) };
  } catch {
    // Said below.
  }
  throw new PlainError('--try takes a rule as {"allow": {"tool": "server/tool", "when": "…"}}.', EXIT.usage);
}

function ruleLines(rule: Suggested, number: number, of: number): string[] {
  const { item, limit, words } = rule.offer;
  return [
    `${number}  ${visible(item.tool)} ${visible(words)}`,
    `  ${verdictOn(rule, of)}`,
    `  allow     ${visible(JSON.stringify(item))}`,
    ...(limit === undefined ? [] : [`  escalate  ${visible(JSON.stringify(limit))}`]),
  ];
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
