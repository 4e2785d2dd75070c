import type { Tip } from '../log/entry.ts';
import type { AuthorityTracker } from './verify-authority.ts';
import type { OpenEnds } from './verify-calls.ts';
import type { Claim, FileCheck, Problem } from './verify-file.ts';
import { type LimitsCheck, limitsSentences } from './verify-limits.ts';

export type VerifyResult = 'ok' | 'incomplete' | 'tampered' | 'unreadable';

/** What verify found. `ok` speaks of what stands in `checked` only; `unchecked` says what nobody may conclude. */
export interface VerifyReport {
  result: VerifyResult;
  /** 0 ok, 1 incomplete, 3 unreadable, 5 tampered (2 is a wrong command line); tampered outweighs unreadable. */
  exitCode: 0 | 1 | 3 | 5;
  files: number;
  records: number;
  problems: Problem[];
  /** `<session>/<call>`: forwarded, and no outcome is recorded. */
  unknownOutcomes: string[];
  /** `<session>/<call>`: still waiting, or its session still runs. */
  unfinished: string[];
  /** The last record of the newest file: kept elsewhere, it shows later whether this log was cut or rewritten. */
  tip: Tip | null;
  checked: string[];
  unchecked: string[];
}

/** One file as it was checked. */
export interface CheckedFile {
  check: FileCheck;
  /** Of the session, with its last file. */
  authority: AuthorityTracker | undefined;
  ends: OpenEnds | undefined;
}

const EXIT_CODES = { ok: 0, incomplete: 1, tampered: 5, unreadable: 3 } as const;
const SHOWN_NAMES = 5;

/** All that was found, to be put into words. */
export interface Found {
  sessions: readonly CheckedFile[];
  problems: Problem[];
  claims: readonly Claim[];
  foreign: readonly string[];
  /** How many files retention has removed. */
  pruned: number;
  /** Sessions that ran by a policy compiled earlier: compared with its text, and not, by file. */
  compiled: { compared: number; unknown: readonly string[] };
  /** What was read of the log for limits: null where there is none, undefined for one that does not open. */
  limits: LimitsCheck | null | undefined;
}

export function report(found: Found): VerifyReport {
  const { sessions, problems, claims, foreign, pruned, compiled, limits } = found;
  const calls = (pick: (ends: OpenEnds) => number[]): string[] =>
    sessions.flatMap(({ check, ends }) =>
      ends === undefined ? [] : pick(ends).map((call) => `${check.file.session}/${call}`),
    );
  const unknownOutcomes = calls((ends) => ends.unknown);
  const kinds = new Set(problems.map((problem) => problem.kind));
  const incomplete = kinds.has('incomplete') || unknownOutcomes.length > 0;
  const result: VerifyResult = kinds.has('tampered')
    ? 'tampered'
    : kinds.has('unreadable')
      ? 'unreadable'
      : incomplete
        ? 'incomplete'
        : 'ok';
  const newest = sessions.at(-1)?.check;
  const digest = newest?.digests.at(-1);
  const ofLimits = limitsSentences(limits);
  return {
    result,
    exitCode: EXIT_CODES[result],
    files: sessions.length,
    records: sessions.reduce((sum, { check }) => sum + check.records, 0),
    problems,
    unknownOutcomes,
    unfinished: calls((ends) => ends.unfinished),
    tip:
      newest === undefined || digest === undefined
        ? null
        : { file: newest.file.name, seq: newest.digests.length - 1, digest },
    checked: [
      ...checkedSentences(sessions, claims),
      ...comparedSentences(compiled.compared),
      ...ofLimits.checked,
    ],
    unchecked:
      sessions.length === 0 && foreign.length === 0
        ? []
        : [
            ...uncheckedSentences(sessions, claims, foreign),
            ...prunedSentences(pruned),
            ...unknownSentences(compiled.unknown),
            ...ofLimits.unchecked,
          ],
  };
}

function checkedSentences(sessions: readonly CheckedFile[], claims: readonly Claim[]): string[] {
  const total = (of: (session: CheckedFile) => number): number =>
    sessions.reduce((sum, session) => sum + of(session), 0);
  return [
    `Every line (files: ${sessions.length}, records: ${total(({ check }) => check.records)}): valid JSON of a known type, numbered without a gap, naming the digest of the line before and the session of its file.`,
    `Every record that a later session, a checkpoint or the count of sessions names (${claims.length}): it was looked for in the file that they name.`,
    'Every session: the policy that it ran under was put into force by a record of this log, or is the built-in one; the tools that it took as accepted were accepted by a record of this log.',
    `Every verdict that was signed (${total(({ authority }) => authority?.signed.length ?? 0)}): by a key enrolled at that time, over the digests, tool, rule, policy and answer that stand in the records.`,
    'Every call that a hold, a pass or a grant released: what its hold asked for, and who gave the grant, is recorded before.',
    `Every forwarded call: ${total(({ ends }) => ends?.outcomes ?? 0)} have an outcome; all others are listed.`,
  ];
}

function prunedSentences(pruned: number): string[] {
  return pruned === 0
    ? []
    : [`What stood in ${pruned} files that were removed because they were older than audit.keepDays.`];
}

function comparedSentences(compared: number): string[] {
  return compared === 0
    ? []
    : [
        `Every session that ran by a policy compiled at an earlier start, and whose texts are here (${compared}): it was what these texts, compiled again, say.`,
      ];
}

function unknownSentences(unknown: readonly string[]): string[] {
  return unknown.length === 0
    ? []
    : [
        `Whether the compiled policy that these sessions ran by says what its text said, for the text is not here any more or another version of holdpoint compiled it: ${names(unknown)}.`,
      ];
}

function names(files: readonly string[]): string {
  const more = files.length > SHOWN_NAMES ? ` and ${files.length - SHOWN_NAMES} more` : '';
  return files.slice(0, SHOWN_NAMES).join(', ') + more;
}

function uncheckedSentences(
  sessions: readonly CheckedFile[],
  claims: readonly Claim[],
  foreign: readonly string[],
): string[] {
  const vouched = new Set(claims.map(({ tip }) => `${tip.file}:${tip.seq}`));
  const open = sessions.filter(({ check }) => !vouched.has(`${check.file.name}:${check.digests.length - 1}`));
  const running = sessions.filter(({ ends }) => ends?.alive === true);
  const total = sessions.reduce((sum, { authority }) => sum + (authority?.signed.length ?? 0), 0);
  const found = [
    'Whether somebody rewrote whole files: the chain has no key, so whoever may write this folder can compute it anew. Only a copy, or a digest, kept elsewhere shows that.',
    'Whether files were deleted that neither a later session nor the count beside the log names: whoever may write both can change both.',
  ];
  if (open.length > 0) {
    found.push(
      `Whether the last record was changed, or records were cut from the end or added there, where no later session and no checkpoint names the last record: ${names(open.map(({ check }) => check.file.name))}.`,
    );
  }
  if (running.length > 0) {
    found.push(
      `How these sessions end, for they still run: ${names(running.map(({ check }) => check.file.name))}.`,
    );
  }
  if (total > 0) {
    found.push(
      'Whether a key is in the hands of the person whose name it carries: compare "holdpoint approver list" with what each of them was shown.',
    );
  }
  if (foreign.length > 0) found.push(`What is not a session's file was not read: ${names(foreign)}.`);
  return found;
}
