import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { isAnybodyEnrolled } from '../../approvals/signing/entitled.ts';
import { objectJson } from '../../audit/log/raw-json.ts';
import type { CallRecord } from '../../audit/reading/call-record.ts';
import { findCall } from '../../audit/reading/find-call.ts';
import { newestCalls } from '../../audit/reading/newest-calls.ts';
import { MASK } from '../../audit/writing/redact.ts';
import type { ServerEntry } from '../../clients/entries.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { type Explanation, explain } from '../../policy/decide/explain.ts';
import { targetOf } from '../../policy/decide/glob.ts';
import { candidates } from '../../policy/decide/item-index.ts';
import type { Call, Policy } from '../../policy/decide/types.ts';
import { readJson } from '../../protocol/json/json-scan.ts';
import { JsonSource } from '../../protocol/json/json-source.ts';
import { SIGNATURES } from '../../session/signatures.ts';
import { visible } from '../../text/visible.ts';
import { lookAround, shownAddressOf } from '../clients/clients-list.ts';
import { ownWays } from '../clients/own-ways.ts';
import { readArguments } from '../policy/policy-explain.ts';
import { factsHere, policyFor } from '../policy/policy-source.ts';
import { stoppedWords } from '../stop/stopped-words.ts';
import { toolNow } from './tool-now.ts';
import { type Answer, type Guard, inWords } from './why-words.ts';

export interface WhyOptions {
  args?: string;
  json?: boolean;
  home?: string;
}

const SHOWN = 5;

/**
 * `holdpoint why`: whether holdpoint stands before a server at all, what the policy says of a tool and by which item,
 * and what was recorded. Throws a PlainError for a call that is not recorded and a name that nobody knows.
 */
export async function why(what: string, options: WhyOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  const policy = await policyFor(home, undefined);
  const stopped = stoppedWords(home);
  if (stopped !== undefined) process.stderr.write(`holdpoint: ${stopped}\n`);
  const answer = await answerOf(what, { home, options, policy });
  if (options.json === true) {
    const calls = answer.calls.map((call) => objectJson(call)).join(',');
    const { what: name, guarded, now, unless } = answer;
    const rest = JSON.stringify({ what: name, guarded, now, unless }).slice(0, -1);
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
    const now = args === undefined ? null : explained({ server, tool, ...askerOf(call) }, args, asked);
    return { what: `${server}/${tool}`, guarded: guards(server, home), now, unless: null, calls: [call] };
  }
  const { server, tool } = what.includes('/') ? targetOf(what) : { server: what, tool: undefined };
  const guarded = guards(server, home);
  const filter = tool === undefined ? { server } : { server, tool };
  const { calls } = newestCalls(home.audit, filter, SHOWN);
  if (tool === undefined && guarded.length === 0 && calls.length === 0) {
    throw new PlainError(
      `${visible(what)} is no recorded call, and no server of a client or of the record is called so. "holdpoint audit list" has the calls, "holdpoint clients" the servers.`,
      EXIT.usage,
    );
  }
  const target = { server, tool: tool ?? '', caller: undefined, client: undefined };
  const now = tool === undefined ? null : explained(target, readArguments(options.args ?? '{}'), asked);
  const unless = tool === undefined ? null : unlessOf({ server, tool }, asked);
  return { what, guarded, now, unless, calls };
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

function askerOf({ caller }: CallRecord): Asker {
  return {
    caller: caller !== null && 'as' in caller ? caller.as : undefined,
    client: caller !== null && 'client' in caller ? caller.client : undefined,
  };
}

type Asker = Pick<Call, 'caller' | 'client'>;
type Target = Pick<Call, 'server' | 'tool'> & Asker;

function explained(target: Target, args: string, { home, policy }: Asked): Explanation {
  const enrolled = (): boolean => isAnybodyEnrolled(() => enrolmentOf(home));
  const facts = { ...factsHere(home, Date.now()), tool: toolNow(home, target, policy), enrolled };
  return explain({ ...target, arguments: JsonSource.of(args) }, policy, facts);
}

function guards(server: string, home: Home): Guard[] {
  return lookAround().flatMap(({ file, servers, names }) =>
    servers
      .filter((entry) => names.get(entry) === server || entry.name === server)
      .map((entry) => ({
        client: file.client.name,
        file: file.path,
        state: entry.state,
        address: shownAddressOf(entry),
        doubt: entry.doubt ?? otherwise(entry, home),
      })),
  );
}

/** What of an entry makes this home's policy and record none of it. */
function otherwise(entry: ServerEntry, home: Home): string | null {
  if (entry.state !== 'wrapped') return null;
  const { home: other, policy, refused } = ownWays(entry, home);
  if (refused !== undefined) return `holdpoint does not take its words: ${refused}`;
  if (other !== undefined) return `its policy and its record are in ${other.root} (${other.by}), not here`;
  return policy === undefined ? null : `it decides by ${policy}, not by the policy of this home`;
}

/** Items of the tool that go by what is not known here. */
function unlessOf(target: Pick<Call, 'server' | 'tool'>, { policy, options }: Asked): string | null {
  const items = [policy.deny, policy.escalate, policy.allow].flatMap((list) =>
    candidates(list, target.server, target.tool),
  );
  const byArguments = items.some(({ when, unless, over }) => (when ?? unless ?? over) !== undefined);
  const byWho = items.some(({ caller, client }) => caller.length + client.length > 0);
  const unknown = [
    ...(byArguments && options.args === undefined ? ["its arguments (--args '{…}')"] : []),
    ...(byWho ? ['who asks'] : []),
  ];
  return unknown.length === 0
    ? null
    : `Items of this tool go by ${unknown.join(' and ')}, which may make it otherwise.`;
}
