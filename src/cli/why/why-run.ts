import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { isAnybodyEnrolled } from '../../approvals/signing/entitled.ts';
import { objectJson } from '../../audit/log/raw-json.ts';
import type { CallRecord } from '../../audit/reading/call-record.ts';
import { findCall } from '../../audit/reading/find-call.ts';
import { newestCalls } from '../../audit/reading/newest-calls.ts';
import { whatHappened } from '../../audit/telling/record-phrases.ts';
import { MASK } from '../../audit/writing/redact.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { type Explanation, explain } from '../../policy/decide/explain.ts';
import { targetOf } from '../../policy/decide/glob.ts';
import type { Policy } from '../../policy/decide/types.ts';
import { readJson } from '../../protocol/json/json-scan.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { SIGNATURES } from '../../session/signatures.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { lookAround } from '../clients/clients-list.ts';
import { factsHere, pinnedTool, policyFor } from '../policy/policy-source.ts';

export interface WhyOptions {
  args?: string;
  json?: boolean;
  home?: string;
}

/** A client in whose file the server stands. */
interface Guard {
  client: string;
  file: string;
  state: string;
  /** Why what it starts may be no holdpoint; null where it is. */
  doubt: string | null;
}

interface Answer {
  what: string;
  guarded: Guard[];
  /** What the policy in force says of it now; null where no one call is meant, or its arguments are not known. */
  now: Explanation | null;
  calls: CallRecord[];
}

const SHOWN = 5;

/**
 * `holdpoint why`: whether holdpoint stands before a server at all, what the policy says of a tool and by which item,
 * and what was recorded. Throws a PlainError for a call that is not recorded and a name that nobody knows.
 */
export async function why(what: string, options: WhyOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const policy = await policyFor(home, undefined);
  const answer = await answerOf(what, { home, options, policy });
  if (options.json === true) {
    const calls = answer.calls.map((call) => objectJson(call)).join(',');
    const { what: name, guarded, now } = answer;
    const rest = JSON.stringify({ what: name, guarded, now }).slice(0, -1);
    process.stdout.write(`${rest},"calls":[${calls}]}\n`);
    return;
  }
  process.stdout.write(`${inWords(answer, policy).join('\n')}\n`);
}

interface Asked {
  home: Home;
  options: WhyOptions;
  policy: Policy;
}

async function answerOf(what: string, asked: Asked): Promise<Answer> {
  const { home, options } = asked;
  const call = recorded(home, what);
  if (call !== undefined) {
    const args = wholeArguments(call);
    const { server, tool } = call;
    const now = args === undefined ? null : explained({ server, tool }, args, asked);
    return { what: `${server}/${tool}`, guarded: guards(server), now, calls: [call] };
  }
  const { server, tool } = what.includes('/') ? targetOf(what) : { server: what, tool: undefined };
  const guarded = guards(server);
  const filter = tool === undefined ? { server } : { server, tool };
  const { calls } = newestCalls(home.audit, filter, SHOWN);
  if (tool === undefined && guarded.length === 0 && calls.length === 0) {
    throw new PlainError(
      `${visible(what)} is no recorded call, and no server of a client or of the record is called so. "holdpoint audit list" has the calls, "holdpoint clients" the servers.`,
      EXIT.usage,
    );
  }
  const now = tool === undefined ? null : explained({ server, tool }, argumentsOf(options), asked);
  return { what, guarded, now, calls };
}

/** Of a word that could be one; undefined for what is none. */
function recorded(home: Home, what: string): CallRecord | undefined {
  // SESSION/NUMBER is a call, SERVER/TOOL a tool.
  if (what.includes('/') && !/\/\d+$/.test(what)) return undefined;
  try {
    return findCall(home.audit, what, SIGNATURES).call;
  } catch (error) {
    // A hold's id may be a server's name as well; a number is none.
    if (error instanceof PlainError && !/(?:^|\/)\d+$/.test(what)) return undefined;
    throw error;
  }
}

/** What was masked or cut cannot be judged again. */
function wholeArguments(call: CallRecord): string | undefined {
  const text = objectJson({ arguments: call.arguments });
  const source = text.slice('{"arguments":'.length, -1);
  try {
    const lost = MASK.test(source) || source.includes('"cut":true');
    return readJson(source).root.kind === 'object' && !lost ? source : undefined;
  } catch {
    return undefined;
  }
}

function argumentsOf({ args = '{}' }: WhyOptions): string {
  try {
    if (readJson(args).root.kind === 'object') return args;
  } catch {
    // Said below.
  }
  throw new PlainError(
    '--args must be a JSON object, as a tool\'s arguments are: \'{"path":"/tmp/x"}\'.',
    EXIT.usage,
  );
}

function explained(
  target: { server: string; tool: string },
  args: string,
  { home, policy }: Asked,
): Explanation {
  const enrolled = (): boolean => isAnybodyEnrolled(() => enrolmentOf(home));
  const facts = { ...factsHere(home, Date.now()), tool: pinnedTool(home, target, policy), enrolled };
  const call = { ...target, arguments: JsonSource.of(args), caller: undefined, client: undefined };
  return explain(call, policy, facts);
}

function guards(server: string): Guard[] {
  return lookAround().flatMap(({ file, servers, names }) =>
    servers
      .filter((entry) => names.get(entry) === server || entry.name === server)
      .map(({ state, doubt = null }) => ({ client: file.client.name, file: file.path, state, doubt })),
  );
}

const GUARD: Record<string, string> = {
  wrapped: 'wrapped: its calls are decided and recorded',
  plain: 'NOT wrapped: its calls run unasked and leave no record (holdpoint wrap)',
  remote: 'remote and NOT guarded: its calls never come by here',
  'built-in': "its client's own: holdpoint cannot stand before it",
  unusable: 'NOT wrapped: its entry is not understood (holdpoint clients)',
};
const EFFECT = {
  allow: 'it runs without a question',
  deny: 'it is refused, and nobody is asked',
  escalate: 'it waits for a person',
};

function inWords({ what, guarded, now, calls }: Answer, policy: Policy): string[] {
  const lines = [visible(what)];
  const row = (label: string, text: string): void => void lines.push(`  ${label.padEnd(10)}${text}`);
  for (const { client, file, state, doubt } of guarded) {
    row('in', `${client} (${visible(file)}) it is ${doubt === null ? GUARD[state] : 'NOT surely wrapped'}`);
    if (doubt !== null) row('', visible(doubt));
  }
  if (guarded.length === 0) row('in', 'no client here has a server of that name in its configuration');
  for (const call of calls) {
    row('recorded', `${localTime(call.time)}  ${visible(call.tool)}  ${visible(whatHappened(call))}`);
    row('', `by ${visible(call.rule)}: ${visible(call.reason)}`);
  }
  if (calls.length === 0) row('recorded', 'nothing: no call of it ever came by here');
  if (now === null) return lines;
  const { decision, trace } = now;
  row('now', `${decision.effect}: ${EFFECT[decision.effect]}`);
  row('', `by ${visible(decision.rule)}: ${visible(decision.reason)}`);
  for (const one of decision.diagnostics) row('', visible(one));
  if (policy.mode === 'observe') row('', 'the policy only observes: it runs whatever is decided');
  for (const { list, id, source, matches } of trace)
    if (matches) row('item', `${list} ${visible(id)}  ${visible(source)}`);
  return [...lines, ...advice(what, decision)];
}

/** How it could be otherwise. */
function advice(what: string, { effect, rule }: Explanation['decision']): string[] {
  const item = JSON.stringify(visible(what));
  const apply = 'then: holdpoint policy apply';
  if (effect === 'allow') return ['', `To be asked: "escalate": [${item}] in the policy, ${apply}`];
  if (effect === 'deny') return ['', `To be asked instead: take ${visible(rule)} out of "deny", ${apply}`];
  if (rule.startsWith('builtin:'))
    return ['', 'holdpoint asks this whatever a policy says; what is asked stands in docs/policy.md.'];
  return ['', `To let it run: "allow": [${item}] in the policy, no "escalate" item that matches, ${apply}`];
}
