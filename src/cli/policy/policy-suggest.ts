import { queryCalls } from '../../audit/reading/query.ts';
import { type Suggested, type Suggestions, suggested, TRIED_ON } from '../../audit/reading/suggested.ts';
import { resolveHome } from '../../platform/home.ts';
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
  const found = await suggested(calls, { policy, places }, ruleCovers(places));
  const text = options.json === true ? JSON.stringify(asJson(found), null, 2) : inWords(found).join('\n');
  process.stdout.write(`${text}\n`);
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
  for (const rule of rules) lines.push(...ruleLines(rule, of), '');
  if (rules.length > 0)
    lines.push(
      'Put what you want of these into the lists of your policy, then "holdpoint policy check" and "holdpoint policy apply".',
    );
  for (const [id, n] of byItem)
    lines.push(
      `${count(n, 'question')} came from ${visible(id)}, which an allow item cannot take back: change that item (its "unless", or its tools) if it asks in vain.`,
    );
  if (masked > 0)
    lines.push(`${count(masked, 'question')} had something masked or cut, so no rule was made of them.`);
  return lines;
}

function ruleLines({ offer: { item, limit, words }, spared, rejected }: Suggested, of: number): string[] {
  const shown = of < TRIED_ON ? `the ${count(of, 'question')}` : `the last ${of} questions`;
  return [
    `${visible(item.tool)} ${visible(words)}`,
    `  would have let through ${spared} of ${shown}, ${rejected} of which you rejected`,
    `  allow     ${visible(JSON.stringify(item))}`,
    ...(limit === undefined ? [] : [`  escalate  ${visible(JSON.stringify(limit))}`]),
  ];
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
