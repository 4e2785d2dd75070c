import { sha256Hex } from '../../platform/digest.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { SessionCount } from '../log/session-count.ts';
import { countProblems, type SessionStart } from './verify-count.ts';
import type { Problem } from './verify-file.ts';
import type { LimitsCheck } from './verify-limits.ts';

/** What the state folder says of what the log says too. Null: it is not there; undefined: it is damaged. */
export interface BesideLog {
  count: SessionCount | null | undefined;
  /** The texts in force. */
  policies: readonly { file: string; digest: string }[] | null | undefined;
  /** Names the key that masks are made under. */
  maskKey: string | null | undefined;
  /** Whether everything is stopped. */
  stopped: boolean;
  /** What was read of the log for limits; undefined: it does not open under this home's key. */
  limits: LimitsCheck | null | undefined;
}

/** Which session files are here or were removed by retention, and which still run. */
export interface Present {
  has(file: string): boolean;
  running: ReadonlySet<string>;
}

const POLICIES = 'state/policies.json';
const STOPPED = 'state/stopped.json';
const MASK_KEY = 'state/redaction.key';
const EMPTY = sha256Hex('');

/** Holds the log against what lies beside it: who replaces one of them alone is noticed. */
export class BesideTracker {
  private readonly starts: SessionStart[] = [];
  /** By file: what was applied of it, each with its time. */
  private readonly applied = new Map<string, { digest: string; at: number }[]>();
  /** What was last done with the brake. */
  private stop: { event: unknown; at: number } | undefined;
  private readonly keys: { file: string; key: string }[] = [];

  add({ type, fields, session, at, seq }: ReadRecord, file: string): void {
    if (type === 'policy' && fields['event'] === 'applied') {
      const path = String(fields['file']);
      this.applied.set(path, [...(this.applied.get(path) ?? []), { digest: String(fields['digest']), at }]);
    }
    if (type === 'stop' && at >= (this.stop?.at ?? 0)) this.stop = { event: fields['event'], at };
    if (type !== 'session' || fields['event'] !== 'start' || seq !== 0) return;
    const { nth, maskKey } = fields;
    this.starts.push({ file, session, nth: typeof nth === 'number' ? nth : undefined });
    if (typeof maskKey === 'string') this.keys.push({ file, key: maskKey });
  }

  problems(beside: BesideLog, present: Present): Problem[] {
    return [
      ...countProblems({ ...present, starts: this.starts }, beside.count),
      ...this.policyProblems(beside.policies),
      ...this.keyProblems(beside.maskKey),
      ...this.stopProblems(beside.stopped),
    ];
  }

  private policyProblems(policies: BesideLog['policies']): Problem[] {
    const inForce = [...this.applied].filter(([, texts]) => latest(texts) !== EMPTY);
    if (policies === null || policies === undefined) {
      const state = policies === null ? 'gone' : 'damaged';
      const what = `It is ${state}, though policies were put into force (${inForce.map(([file]) => file).join(', ')}): what they allow counts no more until "holdpoint policy apply".`;
      return inForce.length === 0 ? [] : [{ kind: 'incomplete', file: POLICIES, what }];
    }
    return policies.flatMap(({ file, digest }): Problem[] => {
      const texts = this.applied.get(file) ?? [];
      if (latest(texts) === digest) return [];
      const what = texts.some((text) => text.digest === digest)
        ? `An earlier text of ${file} is in force than the one that was applied last: it was put back by hand.`
        : `The text in force of ${file} was applied by no record of this log: it was changed by hand.`;
      return [{ kind: 'tampered', file: POLICIES, what }];
    });
  }

  private stopProblems(stopped: boolean): Problem[] {
    const recorded = this.stop?.event === 'stopped';
    if (recorded === stopped) return [];
    if (stopped) {
      const what = 'Everything is stopped, and no record of this log says by whom.';
      return [{ kind: 'incomplete', file: STOPPED, what }];
    }
    const what = `Everything was stopped on ${new Date(this.stop?.at ?? 0).toISOString()}, and it is gone though nobody resumed: it was taken away by hand.`;
    return [{ kind: 'tampered', file: STOPPED, what }];
  }

  private keyProblems(key: BesideLog['maskKey']): Problem[] {
    const found: Problem[] = [];
    for (const [index, one] of this.keys.entries()) {
      const before = this.keys[index - 1];
      if (before === undefined || before.key === one.key) continue;
      const what = `It masks under another key than ${before.file} did: ${MASK_KEY} was replaced in between, and masks before compare with none after it.`;
      found.push({ kind: 'incomplete', file: one.file, what });
    }
    const last = this.keys.at(-1);
    if (last === undefined || last.key === key) return found;
    const state = key === null ? 'is gone' : key === undefined ? 'is damaged' : 'was replaced';
    const what = `It ${state} since ${last.file}: what was masked there can be compared with nothing any more.`;
    return [...found, { kind: 'incomplete', file: MASK_KEY, what }];
  }
}

function latest(texts: readonly { digest: string; at: number }[]): string | undefined {
  return texts.reduce<{ digest: string; at: number } | undefined>(
    (last, text) => (last === undefined || text.at >= last.at ? text : last),
    undefined,
  )?.digest;
}
