import type { ReadRecord } from '../log/read-record.ts';
import type { ApproverHistory, Grounds, Signatures } from './proof.ts';
import { signatureFault } from './proof.ts';

interface Place {
  file: string;
  line: number;
}

/** A fault in who authorised what. `line` counts from 1. */
export interface AuthorityProblem {
  file: string;
  line: number;
  what: string;
}

type Fields = Record<string, unknown>;

interface HoldState {
  fields: Fields;
  /** Names that approved it, the signed ones apart. */
  approved: string[];
  signed: string[];
  /** How long after the question each of them did, ms. */
  waited: Record<string, number>;
  rejected: boolean;
}

export interface Signed extends Place {
  record: ReadRecord;
  grounds: Grounds;
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** Follows one session's authority: which verdicts were signed, and whether each forwarded call had what its hold asked for. */
export class AuthorityTracker {
  private start: Fields | undefined;
  private readonly decisions = new Map<number, Fields>();
  private readonly holds = new Map<string, HoldState>();
  /** Every signed verdict, with the records that it must agree with. */
  readonly signed: Signed[] = [];
  private readonly found: AuthorityProblem[] = [];
  /** Grants that were given here, by id, and calls that were let through by one. */
  readonly grants = new Map<string, ReadRecord & Place>();
  readonly grantUses: (Place & { call: unknown; grant: string })[] = [];
  /** Signed changes of the approvers that this session recorded. */
  readonly changes: unknown[] = [];
  private list: (Place & { head: unknown; at: number }) | undefined;
  private file = '';

  /** `file`: where it stands; a session may go on in another one. */
  add(record: ReadRecord, file = ''): void {
    this.file = file;
    const { type, fields } = record;
    if (type === 'session') this.session(record);
    else if (type === 'grant') this.grant(record);
    else if (type === 'approver') this.changes.push(fields['change']);
    else if (type === 'decision') {
      if (fields['effect'] === 'escalate') this.decisions.set(numberOf(fields['call'], -1), fields);
    } else if (type === 'hold') this.hold(fields);
    else if (type === 'verdict') this.verdict(record);
    else if (type === 'forward') this.forward(record);
  }

  /** What is wrong, once the whole log was read and its approvers are known. */
  problems(history: ApproverHistory, signatures: Signatures): AuthorityProblem[] {
    const faults = this.signed.flatMap(({ record, grounds, file, line }) => {
      const fault = signatureFault(record, grounds, history, signatures);
      return fault === undefined
        ? []
        : [{ file, line, what: `The signature of this verdict proves nothing: ${fault}.` }];
    });
    return [...this.listProblems(history), ...this.found, ...faults];
  }

  /** Whoever replaces the list of approvers can sign as anybody: the list that a session ran with must be a recorded one. */
  private listProblems({ heads, roots }: ApproverHistory): AuthorityProblem[] {
    if (this.list === undefined) return [];
    const { file, line, head, at } = this.list;
    if (typeof head === 'string') {
      const what = 'It ran with a list of approvers that no change recorded in this log has made.';
      return heads.has(head) ? [] : [{ file, line, what }];
    }
    const root = roots.find(({ since }) => Date.parse(since) < at);
    const what = `It ran as if nobody were enrolled, though ${root?.name} was: the list of approvers was taken away.`;
    return head === null && root !== undefined ? [{ file, line, what }] : [];
  }

  private session({ fields, seq, at }: ReadRecord): void {
    this.start ??= fields;
    if (fields['event'] === 'policy') this.start = { ...this.start, policy: fields['policy'] };
    if ('approvers' in fields)
      this.list ??= { file: this.file, line: seq + 1, head: fields['approvers'], at };
  }

  private grant(record: ReadRecord): void {
    const { fields, seq } = record;
    if (fields['event'] !== 'given') return;
    this.grants.set(String(fields['grant']), { ...record, file: this.file, line: seq + 1 });
  }

  private hold(fields: Fields): void {
    const id = String(fields['hold']);
    const known = this.holds.get(id);
    if (fields['event'] === 'detached') return;
    this.holds.set(id, { approved: [], signed: [], waited: {}, rejected: false, ...known, fields });
  }

  private verdict(record: ReadRecord): void {
    const { fields } = record;
    const hold = this.holds.get(String(fields['hold']));
    const name = String((fields['by'] as Fields | undefined)?.['name']);
    if (fields['signature'] !== undefined) {
      const decision = this.decisions.get(numberOf(fields['call'], -1));
      this.signed.push({
        file: this.file,
        line: record.seq + 1,
        record,
        grounds: { session: this.start, decision, hold: hold?.fields },
      });
      if (fields['verdict'] === 'approve') hold?.signed.push(name);
    }
    if (fields['verdict'] === 'approve' && hold !== undefined) {
      hold.approved.push(name);
      hold.waited[name] = numberOf(fields['waitMs'], 0);
    } else if (hold !== undefined) hold.rejected = true;
  }

  /** A call that a person had to release went to the server: had it what its hold asked for? */
  private forward({ fields, seq }: ReadRecord): void {
    if (typeof fields['grant'] === 'string') {
      const { grant, call } = fields;
      this.grantUses.push({ file: this.file, line: seq + 1, call, grant });
    }
    const id = fields['hold'] ?? fields['pass'];
    if (id === undefined) return;
    const missing = this.missing(this.holds.get(String(id)));
    if (missing !== undefined) {
      this.found.push({
        file: this.file,
        line: seq + 1,
        what: `Call ${fields['call']} was forwarded, but ${missing}.`,
      });
    }
  }

  private missing(hold: HoldState | undefined): string | undefined {
    if (hold === undefined) return 'no record opens the hold that released it';
    if (hold.rejected) return 'its hold was ended without an approval';
    if (hold.approved.length === 0) return 'no approval of it is recorded';
    const asked = (hold.fields['obligations'] ?? {}) as Fields;
    const needed = numberOf(asked['approvals'], 1);
    const by = asked['sign'] === true ? new Set(hold.signed) : new Set(hold.approved);
    if (by.size < needed) return `its hold asked for ${needed} signed and ${by.size} is recorded`;
    const strangers = [...by].filter((name) => !mayApprove(asked, name, hold.waited[name] ?? 0));
    return strangers.length === 0 ? undefined : `${strangers.join(', ')} could not approve it`;
  }
}

/** Whether a hold's obligations name this approver, so long after it was opened. */
function mayApprove({ approvers, next }: Fields, name: string, waitedMs: number): boolean {
  if (!Array.isArray(approvers)) return true;
  const stages = Array.isArray(next) ? (next as Fields[]) : [];
  const now = stages.findLast(({ afterMs }) => numberOf(afterMs, Number.POSITIVE_INFINITY) <= waitedMs);
  const names = now?.['approvers'] ?? approvers;
  return Array.isArray(names) && names.includes(name);
}
