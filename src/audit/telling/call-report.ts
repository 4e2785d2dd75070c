import { readJson } from '../../protocol/json/json-scan.ts';
import { zonedTime } from '../../text/time.ts';
import { visible } from '../../text/visible.ts';
import type { VerdictBy } from '../log/entry.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from '../reading/call-record.ts';
import type { CallDetail, Proof } from '../reading/find-call.ts';
import { addressOf } from '../reading/seek-call.ts';
import { byWords, callerWords, duration, outcomeWords, whatHappened } from './record-phrases.ts';

const LABEL = 16;
const shown = (value: unknown): string =>
  visible(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const row = (label: string, value: string): string => `${label.padEnd(LABEL)}${value}`;
const when = (value: unknown): string => (typeof value === 'string' ? zonedTime(value) : shown(value));

/** One line a member, values as their source text, so that what ran is read as it was judged. */
function argumentLines(text: string): string[] {
  try {
    const { source, root } = readJson(text);
    if (root.members === undefined) return [visible(text)];
    if (root.members.length === 0) return ['{}'];
    return root.members.map(
      ({ key, value }) => `${visible(key)}: ${visible(source.slice(value.start, value.end))}`,
    );
  } catch {
    return [visible(text)];
  }
}

function verdictLines({ records }: CallDetail): string[] {
  const lines: string[] = [];
  for (const { fields, time, type } of records) {
    if (type !== 'verdict') continue;
    lines.push(row('Verdict', `${shown(fields['verdict'])} at ${when(time)}, hold ${shown(fields['hold'])}`));
    for (const key of ['reason', 'edited'] as const) {
      if (fields[key] !== undefined) lines.push(row('', `${key}: ${shown(fields[key])}`));
    }
    const { name } = (fields['by'] ?? {}) as { name?: unknown };
    const { count, of } = (fields['tally'] ?? {}) as { count?: unknown; of?: unknown };
    if (of !== undefined) lines.push(row('', `by ${shown(name)}, ${shown(count)} of ${shown(of)}`));
    const { digest, masked, revealed } = (fields['rendered'] ?? {}) as Record<string, unknown>;
    const secrets =
      Number(masked) > 0 ? `, ${shown(masked)} masked${revealed === true ? ' and shown' : ''}` : '';
    if (digest !== undefined) lines.push(row('', `what was shown: ${shown(digest)}${secrets}`));
    if (fields['brake'] === true)
      lines.push(row('', 'took a step more: the approvals before it came faster than they can be read'));
    for (const [key, label] of [
      ['waitMs', 'waited'],
      ['dwellMs', 'looked at for'],
    ] as const) {
      const value = fields[key];
      if (typeof value === 'number') lines.push(row('', `${label} ${duration(value)}`));
    }
  }
  return lines;
}

/** Who authorised it, and whether that is proven. */
function authorLines(detail: CallDetail): string[] {
  const { call, proofs } = detail;
  if (call.grant !== undefined) return grantLines(call.grant, detail);
  if (call.verdict !== 'approve') {
    if (!call.forwarded) return [row('Authorised by', 'nobody: it was not sent to the server')];
    const why = call.effect === 'allow' ? 'the policy allowed it' : 'the policy only observed';
    return [row('Authorised by', `no person: ${why}`)];
  }
  if (call.by === undefined) return [row('Authorised by', 'somebody whom the log does not name')];
  const { by } = call;
  const lines = (call.approvals ?? [by]).map((one, index) =>
    row(index === 0 ? 'Authorised by' : '', `${byWords(one)}, by ${visible(one.method)}`),
  );
  if (by.chain !== undefined)
    lines.push(row('', `process chain (claimed): ${visible(by.chain.join(' < '))}`));
  return [...lines, ...proofLines(by, proofs)];
}

/** A standing permission: who gave it, when, for what, and until when. */
function grantLines(id: string, { grant, proofs }: CallDetail): string[] {
  if (grant === undefined) return [row('Authorised by', `grant ${visible(id)}, which the log does not hold`)];
  const { by, scope, until, tool } = grant.fields;
  const what = scope === 'tool' ? `every call of ${shown(tool)}` : 'calls like this one';
  const key = proofs[0]?.key;
  return [
    row('Authorised by', `${shown(by)}${key === undefined ? ' (unverified)' : ''}, by grant ${visible(id)}`),
    row(
      '',
      `given ${when(grant.time)} for ${what}, until ${until === 'session' ? 'the session ends' : when(until)}`,
    ),
    ...proofLines({ name: String(by), method: '', tier: 0 }, proofs, 'this grant'),
  ];
}

/** Every signature was checked for this report: against the key that the log enrolled, and against the records. */
function proofLines(by: VerdictBy, proofs: readonly Proof[], what = 'exactly this call'): string[] {
  if (proofs.length === 0) {
    const why =
      by.key === undefined
        ? 'any program of the same OS user could have done it'
        : 'no signature is recorded';
    return [row('Proven', `no: tier ${by.tier}, ${why}`)];
  }
  return proofs.map(({ name, key, fault }, index) =>
    row(
      index === 0 ? 'Proven' : '',
      fault === undefined
        ? `yes: ${visible(name)} signed ${what} with the key ${visible(key.slice(0, 8))} (checked)`
        : `no: the signature of ${visible(name)} proves nothing: ${visible(fault)}`,
    ),
  );
}

/** A call that a person made of another one. */
function editedLines({ call, records }: CallDetail): string[] {
  const decided = records.find(({ type, fields }) => type === 'decision' && fields['call'] === call.call);
  const { call: before, by } = (decided?.fields['edited'] ?? {}) as Record<string, unknown>;
  if (before === undefined) return [];
  return [
    row(
      'Changed',
      `by ${shown(by)} from call ${shown(before)}, which waited: its record has what was asked for`,
    ),
  ];
}

function digestLines(call: CallRecord, start: ReadRecord | undefined): string[] {
  const lines = [row('Line digest', visible(call.digest)), row('Call digest', visible(call.callDigest))];
  if (call.definition !== undefined) lines.push(row('Definition', visible(call.definition)));
  const policy = start?.fields['policy'] as { file?: unknown; digest?: unknown; mode?: unknown } | undefined;
  if (typeof policy === 'object' && policy !== null) {
    const file = policy.file === null ? 'built in' : shown(policy.file);
    lines.push(
      row('Policy', `${file}, mode ${shown(policy.mode)}, digest ${shown(policy.digest)} (at the start)`),
    );
  }
  return lines;
}

/** A readable report on one call: who authorised it, when, by which rule, what exactly ran, and what proves it. */
export function callReport(detail: CallDetail): string[] {
  const { call, records } = detail;
  const forward = records.find(({ type, fields }) => type === 'forward' && fields['call'] === call.call);
  const sent = forward?.time ?? call.time;
  const took = call.durationMs === undefined ? '' : ` after ${duration(call.durationMs)}`;
  const lines = [
    row('Call', visible(addressOf(call))),
    row('Tool', `${visible(call.server)}/${visible(call.tool)}`),
    row('What happened', whatHappened(call)),
    ...authorLines(detail),
    row('Asked by', callerWords(call.caller)),
    ...editedLines(detail),
    row('Decided', when(call.time)),
    row('Effect', `${call.effect} by ${visible(call.rule)}`),
    row('Reason', visible(call.reason)),
  ];
  for (const diagnostic of call.diagnostics ?? []) lines.push(row('Diagnostic', visible(diagnostic)));
  for (const { item, amount } of call.counted ?? [])
    lines.push(row('Counted', visible(`${amount} of the limit ${item}`)));
  if (call.risk !== undefined) {
    const { reversibility } = call;
    const back =
      reversibility === undefined || reversibility === 'unknown' ? '' : `, ${shown(reversibility)}`;
    lines.push(row('Risk', `${shown(call.risk)}${back}`));
  }
  if (call.unlisted === true)
    lines.push(row('Risk', 'unknown: its client asked for no list of tools, and none was ever accepted'));
  if (call.absent === true) lines.push(row('Tool', 'not in the list of tools that its server gave'));
  lines.push(...verdictLines(detail));
  if (call.pass !== undefined) lines.push(row('Pass', `of hold ${visible(call.pass)}, spent by this call`));
  if (call.continues !== undefined)
    lines.push(row('Goes on with', `call ${call.continues}, which its server asked to be repeated`));
  lines.push(row('Sent to server', call.forwarded ? when(sent) : 'no'));
  lines.push(row('Outcome', `${outcomeWords(call)}${took}`));
  const [first = '', ...others] = argumentLines(call.arguments.text);
  lines.push(row('Arguments', first), ...others.map((line) => row('', line)));
  if (call.input !== undefined) {
    const [answer = '', ...more] = argumentLines(call.input.text);
    lines.push(row('Answers', answer), ...more.map((line) => row('', line)));
  }
  lines.push(...digestLines(call, detail.sessionStart));
  return lines;
}
