import { visible } from '../../text/visible.ts';
import type { Caller, VerdictBy } from '../log/entry.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { CallRecord } from '../reading/call-record.ts';

/** A length of time for people: "340ms", "12s", "2m 05s", "3h 07m". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/** Who asked. */
export function callerWords(caller: Caller | null): string {
  if (caller === null || 'unknown' in caller) return 'unknown';
  return 'as' in caller ? visible(caller.as) : `${visible(caller.client)} (claimed by the client)`;
}

/** Who gave a verdict, with what is known of that: tier 0 proves no more than the OS user. */
export function byWords(by: VerdictBy): string {
  const proof = by.key === undefined ? (by.tier === 0 ? ' (unverified)' : '') : ` (key ${visible(by.key)})`;
  return `${visible(by.name)}${proof}`;
}

/** An escalated call that nobody was asked about. */
const REFUSED: Record<string, string> = {
  'cool-down': 'refused (just rejected)',
  flood: 'refused (too many wait)',
  'no-approver': 'refused (no terminal)',
  stopped: 'refused (everything was stopped)',
  unmet: 'refused (nobody is enrolled who could approve)',
};

/** What became of a call: a person approves or rejects, the machine allows or denies. */
export function whatHappened(call: CallRecord): string {
  const several = call.approvals?.map(({ name }) => visible(name)).join(', ');
  const who = call.verdict === 'approve' ? (several ?? call.by?.name) : call.by?.name;
  const by = who === undefined ? '' : ` by ${visible(who)}`;
  const after = call.waitMs === undefined ? '' : ` after ${duration(call.waitMs)}`;
  if (call.refused === 'stopped') return REFUSED['stopped'] as string;
  if (call.grant !== undefined) return `approved before (grant ${visible(call.grant)})`;
  switch (call.verdict) {
    case 'approve':
      // The person's waiting belongs to the call that was asked about.
      if (call.continues !== undefined) return `approved${by} with call ${call.continues}`;
      return `approved${by}${after}${call.pass === undefined ? '' : ' (pass)'}`;
    case 'reject':
      return `rejected${by}${after}`;
    case 'expired':
    case 'withdrawn':
      return `${call.verdict}${after}`;
    case undefined:
      break;
  }
  if (call.effect === 'allow') return 'allowed';
  // Forwarded without a verdict, a grant or a pass: the policy's mode was observe.
  if (call.forwarded) return call.effect === 'deny' ? 'observed (denied)' : 'observed (held)';
  if (call.effect === 'deny') return 'denied';
  if (call.refused !== undefined) return REFUSED[call.refused] ?? `refused (${visible(call.refused)})`;
  if (call.detached) return `told to repeat (hold ${visible(call.hold ?? '')})`;
  const partly = several === undefined ? '' : `; ${several} approved`;
  return call.hold === undefined ? 'escalated' : `waiting (hold ${visible(call.hold)}${partly})`;
}

/** What the server made of a call. */
export function outcomeWords(call: CallRecord): string {
  if (call.outcome !== undefined) return visible(call.outcome);
  return call.forwarded ? 'unknown' : '-';
}

const text = (value: unknown): string =>
  visible(typeof value === 'string' ? value : (JSON.stringify(value) ?? '-'));

function sessionWords(fields: Record<string, unknown>): string {
  if (fields['event'] === 'continued') return 'goes on in a new file: the one before could not be written';
  if (fields['event'] === 'policy') {
    const { digest, file } = (fields['policy'] ?? {}) as { digest?: unknown; file?: unknown };
    const named = typeof file === 'string' ? ` (${text(file)})` : '';
    return `goes by the policy ${text(digest).slice(0, 12)}${named} from here on`;
  }
  const started = fields['event'] === 'start';
  const server = fields['server'] === undefined ? '' : ` for ${text(fields['server'])}`;
  const exit = fields['exit'] === undefined ? '' : `: ${text(fields['exit'])}`;
  return `${text(fields['kind'])} ${started ? 'started' : 'stopped'}${server}${exit}`;
}

function callWords(record: ReadRecord, call: CallRecord): string {
  const { fields, type } = record;
  switch (type) {
    case 'decision': {
      const word = { allow: 'allowed', deny: 'denied', escalate: 'escalated' }[call.effect];
      return `${word} by ${visible(call.rule)}: ${visible(call.reason)}`;
    }
    case 'hold':
      return fields['event'] === 'opened'
        ? `waits for a person (hold ${text(fields['hold'])})`
        : `hold ${text(fields['hold'])} ${text(fields['event'])}`;
    case 'verdict':
      return whatHappened(call);
    case 'forward':
      return 'sent to the server';
    default: {
      const took = call.durationMs === undefined ? '' : ` after ${duration(call.durationMs)}`;
      return `server's answer: ${outcomeWords(call)}${took}`;
    }
  }
}

/** One record as one line's text for people; `call` is the call it belongs to, if any. */
export function recordWords(record: ReadRecord, call: CallRecord | undefined): string {
  const { fields, type } = record;
  if (call !== undefined) return callWords(record, call);
  switch (type) {
    case 'session':
      return sessionWords(fields);
    case 'refusal':
      return `refused a message: ${text(fields['cause'])}${fields['count'] === undefined ? '' : ` (${text(fields['count'])} times)`}`;
    case 'fault':
      return `fault ${text(fields['cause'])}: ${text(fields['what'])}`;
    case 'policy':
      return `policy ${text(fields['event'])}: ${text(fields['why'] ?? fields['file'])}`;
    case 'approver': {
      const { name } = (fields['change'] ?? {}) as { name?: unknown };
      return `approver ${text(fields['event'])}: ${text(name)}`;
    }
    case 'grant':
      return `grant ${text(fields['grant'])} ${text(fields['event'])}`;
    case 'pin': {
      const { name } = (fields['by'] ?? {}) as { name?: unknown };
      const by = name === undefined ? '' : ` by ${text(name)}`;
      const said =
        fields['class'] === undefined ? '' : `, ${text(fields['tool'])} is ${text(fields['class'])}`;
      return `tools of ${text(fields['server'])} (${text(fields['tools'])}): ${text(fields['event'])}${said}${by}`;
    }
    case 'stop': {
      const { name } = (fields['by'] ?? {}) as { name?: unknown };
      const why = fields['reason'] === undefined ? '' : `: ${text(fields['reason'])}`;
      return `everything ${text(fields['event'])} by ${text(name)}${why}`;
    }
    case 'pruned':
      return `removed ${text(fields['file'])} (${text(fields['records'])} records): older than ${text(fields['keepDays'])} days`;
    case 'notify': {
      const holds = Array.isArray(fields['holds']) ? fields['holds'].map(text).join(', ') : '-';
      return `notifier run (${text(fields['event'])}) for ${holds}: ${text(fields['exit'])}`;
    }
    case 'team': {
      const { name } = (fields['by'] ?? {}) as { name?: unknown };
      return `team ${text(fields['space'])} ${text(fields['event'])} as ${text(fields['machine'])} by ${text(name)}`;
    }
    case 'sign-in': {
      const { name } = (fields['by'] ?? {}) as { name?: unknown };
      const what = fields['event'] === 'login' ? 'signed in to' : 'signed out of';
      return `${what} ${text(fields['server'])} by ${text(name)}`;
    }
    default:
      return fields['event'] === undefined ? `${type} of an unread call` : `${type} ${text(fields['event'])}`;
  }
}
