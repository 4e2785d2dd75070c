import type { CallRecord } from '../../audit/reading/call-record.ts';
import { whatHappened } from '../../audit/telling/record-phrases.ts';
import { shellWord } from '../../doctor/finding.ts';
import { CHANGED_TOOL, FIRST_USE, NEW_TOOL } from '../../policy/decide/decide.ts';
import type { Explanation } from '../../policy/decide/explain.ts';
import type { Policy } from '../../policy/decide/types.ts';
import { localTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import { forReader } from '../terminal/for-reader.ts';

/** A client in whose file the server stands. */
export interface Guard {
  client: string;
  file: string;
  state: string;
  /** Of a remote server, as it may be shown; null: it is local. */
  address: string | null;
  /** Why what stands here may not be so for it: another program, home or policy; null: nothing. */
  doubt: string | null;
}

export interface Answer {
  what: string;
  guarded: Guard[];
  /** What the policy in force says of it now; null where no one call is meant, or its arguments are not known. */
  now: Explanation | null;
  /** What the arguments or whoever asks might make of it, where they are not known; null: nothing. */
  unless: string | null;
  calls: CallRecord[];
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

const COLUMN = 12;

/** For a person, a line each. */
export function inWords({ what, guarded, now, unless, calls }: Answer, policy: Policy): string[] {
  const lines = [visible(what)];
  const row = (label: string, text: string): void =>
    void lines.push(`  ${label.padEnd(COLUMN - 2)}${forReader(text, ' '.repeat(COLUMN)).trimStart()}`);
  for (const { client, file, state, address, doubt } of guarded) {
    row(
      'in',
      `${client} (${visible(file)}) it is ${doubt === null ? GUARD[state] : 'not surely decided as below'}`,
    );
    if (address !== null) row('', `it is remote: ${visible(address)}`);
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
  const passes = guarded.length === 0 || guarded.some(({ state }) => state === 'wrapped');
  row(
    'now',
    `${decision.effect}: ${EFFECT[decision.effect]}${passes ? '' : ', if it came by here: it does not'}`,
  );
  row('', `by ${visible(decision.rule)}: ${visible(decision.reason)}`);
  if (unless !== null) row('', unless);
  for (const one of decision.diagnostics) row('', visible(one));
  if (policy.mode === 'observe') row('', 'the policy only observes: it runs whatever is decided');
  for (const { list, id, source, matches } of trace)
    if (matches) row('item', `${list} ${visible(id)}  ${visible(source)}`);
  return [...lines, ...advice(what, decision)];
}

/** How it could be otherwise. */
function advice(what: string, { effect, rule }: Explanation['decision']): string[] {
  const [server = ''] = what.split('/');
  const item = JSON.stringify(visible(what));
  const apply = 'then: holdpoint policy apply';
  if (effect === 'allow') return ['', `To be asked: "escalate": [${item}] in the policy, ${apply}`];
  if (effect === 'deny' && rule === 'default')
    return ['', `To be asked instead: "default": "escalate" in the policy, ${apply}`];
  if (effect === 'deny' && !rule.startsWith('builtin:'))
    return ['', `To be asked instead: take ${visible(rule)} out of "deny", ${apply}`];
  if (rule === FIRST_USE)
    return ['', 'Its first call is asked about once; approving that accepts the server.'];
  if (rule === NEW_TOOL || rule === CHANGED_TOOL)
    return ['', `Once you have looked at it: holdpoint tools accept ${shellWord(visible(server))}`];
  if (rule.startsWith('builtin:'))
    return ['', 'holdpoint does so whatever a policy says; what and when stands in docs/policy.md.'];
  return ['', `To let it run: "allow": [${item}] in the policy, no "escalate" item that matches, ${apply}`];
}
