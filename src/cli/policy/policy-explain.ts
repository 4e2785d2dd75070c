import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { isAnybodyEnrolled } from '../../approvals/signing/entitled.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { assumedTool } from '../../policy/decide/assumed-tool.ts';
import { type Explanation, explain, type TraceLine } from '../../policy/decide/explain.ts';
import { targetOf } from '../../policy/decide/glob.ts';
import type { Policy, ToolFacts } from '../../policy/decide/types.ts';
import { readJson } from '../../protocol/json/json-scan.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { ALL_CLASSES } from '../../risk/classes/risk-class.ts';
import { visible } from '../../text/visible.ts';
import { stoppedWords } from '../stop/stopped-words.ts';
import { factsHere, pinnedTool, policyFor } from './policy-source.ts';

export interface ExplainOptions {
  args?: string;
  caller?: string;
  client?: string;
  now?: string;
  risk?: string;
  policy?: string;
  json?: boolean;
  home?: string;
}

const EXIT_OF = { allow: EXIT.ok, deny: EXIT.deny, escalate: EXIT.escalate };
const WHY: Record<NonNullable<TraceLine['because']>, string> = {
  tool: 'another tool',
  caller: 'another caller',
  client: 'another client',
  risk: 'of another class, or not surely a read',
  when: '"when" is false',
  unless: '"unless" is true',
  over: 'within the limit',
  unevaluated: 'cannot be evaluated',
};
const WORDS = {
  allow: 'allow: it runs without a question',
  deny: 'deny: it is refused, no person is asked',
  escalate: 'escalate: it waits for a person',
};

/** `holdpoint policy explain SERVER/TOOL`: the decision, the rule and the trace; exit 0 allow, 10 deny, 11 escalate. */
export async function explainPolicy(target: string, options: ExplainOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const { server, tool } = readTarget(target);
  const args = JsonSource.of(readArguments(options.args ?? '{}'));
  const policy = await policyFor(home, options.policy);
  const known =
    options.risk === undefined ? pinnedTool(home, { server, tool }, policy) : assumed(options.risk);
  const enrolled = (): boolean => isAnybodyEnrolled(() => enrolmentOf(home));
  const facts = { ...factsHere(home, readNow(options.now)), tool: known, enrolled };
  const call = { server, tool, arguments: args, caller: options.caller, client: options.client };
  const explanation = explain(call, policy, facts);
  process.exitCode = EXIT_OF[explanation.decision.effect];
  const stopped = stoppedWords(home);
  if (stopped !== undefined) process.stderr.write(`holdpoint: ${stopped}\n`);
  const text =
    options.json === true ? JSON.stringify(explanation, null, 2) : inWords(target, explanation, policy);
  process.stdout.write(`${text}\n`);
}

/** `SERVER/TOOL`. Throws a PlainError (exit 2) for a word without a server. */
export function readTarget(target: string): { server: string; tool: string } {
  if (!target.includes('/'))
    throw new PlainError(`${visible(target)} has no server: write SERVER/TOOL.`, EXIT.usage);
  return targetOf(target);
}

/** `--args` as source text. Throws a PlainError (exit 2) for what is no JSON object. */
export function readArguments(text: string): string {
  try {
    if (readJson(text).root.kind === 'object') return text;
  } catch (error) {
    throw new PlainError(`--args is not JSON: ${visible((error as Error).message)}.`, EXIT.usage);
  }
  throw new PlainError(
    '--args must be a JSON object, as a tool\'s arguments are: \'{"path":"/tmp/x"}\'.',
    EXIT.usage,
  );
}

/** `--risk`: as if the tool were of this class, and its server said nothing of it. */
function assumed(risk: string): ToolFacts {
  const known = ALL_CLASSES.find((one) => one === risk);
  if (known === undefined)
    throw new PlainError(`--risk ${visible(risk)} is none of ${ALL_CLASSES.join(', ')}.`, EXIT.usage);
  return assumedTool(known);
}

/** `--now`: a time such as 2026-01-31T08:00:00Z, to see what a policy does then. */
function readNow(text: string | undefined): number {
  const time = text === undefined ? Date.now() : Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new PlainError(`--now ${visible(text ?? '')} is no time such as 2026-01-31T08:00:00Z.`, EXIT.usage);
}

function inWords(target: string, { decision, trace }: Explanation, { mode }: Policy): string {
  const lines = [
    `${visible(target)}  ${WORDS[decision.effect]}`,
    `because  ${visible(decision.reason)} (${decision.rule})`,
    ...decision.diagnostics.map((one) => `note  ${visible(one)}`),
    ...(mode === 'observe' ? ['observed only: it is recorded so, and runs whatever was decided'] : []),
  ];
  if (decision.obligations !== undefined) {
    const {
      timeoutMs,
      confirm,
      expected,
      show,
      approvals,
      approvers,
      next = [],
      sign,
      seen,
      large,
    } = decision.obligations;
    const text = `, ${JSON.stringify(visible(expected))} must be typed`;
    const passphrase = ', with the passphrase';
    const typed = { key: '', type: text, passphrase, both: `${text}${passphrase}` }[confirm];
    const whole = seen === 'all' ? ', all of it shown before' : '';
    const long = large ? ', however long it is' : '';
    const later = next.map(
      (one) => `, after ${Math.round(one.afterMs / 1000)} s of ${one.approvers.join(', ')}`,
    );
    const by = approvers === null ? '' : ` of ${approvers.join(', ') || 'nobody'}${later.join('')}`;
    const signed = sign ? `, ${approvals === 1 ? 'a signature' : `${approvals} signatures`}${by}` : '';
    const first = show.length > 0 ? `, shown first: ${visible(show.join(', '))}` : '';
    lines.push(`held for  at most ${Math.round(timeoutMs / 1000)} s${typed}${signed}${whole}${long}${first}`);
  }
  lines.push('', 'every item, in the order in which the lists win:');
  for (const { list, id, source, matches, because } of trace) {
    const why = because === undefined ? '' : `  ← ${WHY[because]}`;
    lines.push(`  ${matches ? '●' : '○'} ${list.padEnd(8)} ${id.padEnd(24)} ${visible(source)}${why}`);
  }
  if (trace.every((line) => !line.matches)) lines.push('  none matches, so the default decides');
  return lines.join('\n');
}
