import { readFileSync } from 'node:fs';
import { compileOrExplain, loadPolicy } from '../config/applied-policy.ts';
import { type Home, resolveHome } from '../config/home.ts';
import { type Explanation, explain } from '../policy/decide/explain.ts';
import { targetOf } from '../policy/decide/glob.ts';
import type { Policy } from '../policy/decide/types.ts';
import { readJson } from '../protocol/json-scan.ts';
import { JsonSource } from '../protocol/json-source.ts';
import { PlainError } from '../protocol/plain-error.ts';
import { visible } from '../protocol/visible.ts';
import { EXIT } from './exit-codes.ts';
import { userHome } from './surroundings.ts';

export interface ExplainOptions {
  args?: string;
  caller?: string;
  client?: string;
  policy?: string;
  json?: boolean;
  home?: string;
}

const EXIT_OF = { allow: EXIT.ok, deny: EXIT.deny, escalate: EXIT.escalate };
const WORDS = {
  allow: 'allow: it runs without a question',
  deny: 'deny: it is refused, no person is asked',
  escalate: 'escalate: it waits for a person',
};

/** `holdpoint policy explain SERVER/TOOL`: the decision, the rule and the trace; exit 0 allow, 10 deny, 11 escalate. */
export function explainPolicy(target: string, options: ExplainOptions): void {
  const home = resolveHome(options.home, process.env);
  const { server, tool } = readTarget(target);
  const args = JsonSource.of(readArguments(options.args ?? '{}'));
  const policy = policyFor(home, options.policy);
  const call = { server, tool, arguments: args, caller: options.caller, client: options.client };
  const places = { holdpointHome: home.root, userHome: userHome(), workingFolder: process.cwd() };
  const explanation = explain(call, policy, { places });
  process.exitCode = EXIT_OF[explanation.decision.effect];
  const text = options.json === true ? JSON.stringify(explanation, null, 2) : inWords(target, explanation);
  process.stdout.write(`${text}\n`);
}

function readTarget(target: string): { server: string; tool: string } {
  if (!target.includes('/'))
    throw new PlainError(`${visible(target)} has no server: write SERVER/TOOL.`, EXIT.usage);
  return targetOf(target);
}

function readArguments(text: string): string {
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

/** A named file is explained as it stands, applied or not; explaining changes nothing. */
function policyFor(home: Home, named: string | undefined): Policy {
  if (named === undefined) return loadPolicy(home, undefined, { firstSeen: 'leave' }).policy;
  try {
    return compileOrExplain(readFileSync(named, 'utf8'), named);
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(
      `The policy ${named} cannot be read: ${(error as Error).message}.`,
      EXIT.policyInvalid,
    );
  }
}

function inWords(target: string, { decision, trace }: Explanation): string {
  const lines = [
    `${visible(target)}  ${WORDS[decision.effect]}`,
    `because  ${visible(decision.reason)} (${decision.rule})`,
  ];
  if (decision.obligations !== undefined) {
    const { timeoutMs, confirm, show, approvals, approvers, sign } = decision.obligations;
    const typed = { key: '', type: ', the tool name must be typed', passphrase: ', with the passphrase' }[
      confirm
    ];
    const by = approvers === null ? '' : ` of ${approvers.join(', ') || 'nobody'}`;
    const signed = sign ? `, ${approvals === 1 ? 'a signature' : `${approvals} signatures`}${by}` : '';
    const first = show.length > 0 ? `, shown first: ${visible(show.join(', '))}` : '';
    lines.push(`held for  at most ${Math.round(timeoutMs / 1000)} s${typed}${signed}${first}`);
  }
  lines.push('', 'every item, in the order in which the lists win:');
  for (const { list, id, source, matches } of trace) {
    lines.push(`  ${matches ? '●' : '○'} ${list.padEnd(8)} ${id.padEnd(24)} ${visible(source)}`);
  }
  if (trace.every((line) => !line.matches)) lines.push('  none matches, so the default decides');
  return lines.join('\n');
}
