import { readCheckpoints } from './checkpoint.ts';
import type { Tip } from './entry.ts';
import type { Signatures } from './proof.ts';
import type { ReadRecord } from './record.ts';
import { type AuditFolder, listAuditFolder, type SessionFile } from './session-files.ts';
import { AuthorityTracker } from './verify-authority.ts';
import { CallTracker, type OpenEnds } from './verify-calls.ts';
import { type Claim, checkFile, type FileCheck, type Problem } from './verify-file.ts';
import { PolicyTracker } from './verify-policy.ts';
import { PrunedFiles } from './verify-pruned.ts';

export type VerifyResult = 'ok' | 'incomplete' | 'tampered' | 'unreadable';

/** What verify found. `ok` speaks of what stands in `checked` only; `unchecked` says what nobody may conclude. */
export interface VerifyReport {
  result: VerifyResult;
  /** 0 ok, 1 incomplete, 2 tampered, 3 unreadable; tampered outweighs unreadable. */
  exitCode: 0 | 1 | 2 | 3;
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

export interface VerifyOptions {
  signatures: Signatures;
  /** Sessions whose process still lives: their open calls are not yet unknown outcomes. */
  running?: ReadonlySet<string>;
  /** Files that hold copies of sessions' ends. */
  checkpoints?: readonly string[];
  /** Told now and then how many bytes were read. */
  onProgress?: (bytes: number) => void;
}

const EXIT_CODES = { ok: 0, incomplete: 1, tampered: 2, unreadable: 3 } as const;
const SHOWN_NAMES = 5;

interface Session {
  check: FileCheck;
  /** Of the session, with its last file. */
  authority: AuthorityTracker | undefined;
  ends: OpenEnds | undefined;
}

/** Checks every file of an audit folder. Never throws for what it finds there. */
export function verifyAudit(folder: string, options: VerifyOptions): VerifyReport {
  let listing: AuditFolder;
  try {
    listing = listAuditFolder(folder);
  } catch (error) {
    const what = `The audit folder ${folder} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}.`;
    const problems: Problem[] = [{ kind: 'unreadable', file: '.', what }];
    return report({ sessions: [], problems, claims: [], foreign: [], pruned: 0 });
  }
  const policies = new PolicyTracker();
  const pruned = new PrunedFiles();
  const sessions = readSessions(listing.files, options, (record, file) => {
    policies.add(record, file);
    pruned.add(record);
  });
  const copies = checkpointClaims(options.checkpoints ?? []);
  const claims = [...sessions.flatMap(({ check }) => check.claims), ...copies.claims];
  const problems = [
    ...copies.problems,
    ...sessions.flatMap((session) => session.check.problems),
    ...claimProblems(sessions, claims, pruned),
    ...sessions.flatMap(undecidedProblems),
    ...authorityProblems(sessions, options.signatures),
    ...policies.problems(),
  ];
  return report({ sessions, problems, claims, foreign: listing.foreign, pruned: pruned.size });
}

/** What copies of sessions' ends say; a copy that cannot be read vouches for nothing. */
function checkpointClaims(files: readonly string[]): { claims: Claim[]; problems: Problem[] } {
  const claims: Claim[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      const { tips, bad } = readCheckpoints(file);
      claims.push(...tips.map(({ line, tip }) => ({ by: file, line, tip })));
      for (const line of bad)
        problems.push({ kind: 'incomplete', file, line, what: 'This line is no checkpoint.' });
    } catch (error) {
      const what = `The checkpoint file cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}.`;
      problems.push({ kind: 'incomplete', file, what });
    }
  }
  return { claims, problems };
}

function claimProblems(
  sessions: readonly Session[],
  claims: readonly Claim[],
  pruned: PrunedFiles,
): Problem[] {
  const byName = new Map(sessions.map(({ check }) => [check.file.name, check]));
  const found: Problem[] = [];
  for (const { by, line, tip } of claims) {
    const target = byName.get(tip.file);
    if (target?.problems.some((problem) => problem.kind === 'unreadable')) continue;
    if (target === undefined && pruned.explains(tip)) continue;
    const digest = target?.digests[tip.seq];
    if (digest === tip.digest) continue;
    const what =
      target === undefined
        ? `It names ${tip.file}, which is gone.`
        : digest === undefined
          ? `It names record ${tip.seq} of ${tip.file}, which ends before it: records were cut off.`
          : `It names record ${tip.seq} of ${tip.file} by another digest: that record was changed.`;
    found.push({ kind: 'tampered', file: by, line, what });
  }
  return found;
}

function undecidedProblems({ check, ends }: Session): Problem[] {
  return (ends?.undecided ?? []).map((call) => ({
    kind: 'incomplete',
    file: check.file.name,
    what: `Call ${call} was held and the session ended, but no verdict or end of the hold is recorded.`,
  }));
}

/** Every file with what its session left open; of a session in several files the last one says it. */
function readSessions(
  files: readonly SessionFile[],
  options: VerifyOptions,
  onRecord: (record: ReadRecord, file: string) => void,
): Session[] {
  let calls = new CallTracker();
  let authority = new AuthorityTracker();
  return files.map((file, index): Session => {
    const check = checkFile(file, (record) => {
      calls.add(record);
      authority.add(record, file.name);
      onRecord(record, file.name);
      options.onProgress?.(record.text.length + 1);
    });
    if (files[index + 1]?.session === file.session) return { check, authority: undefined, ends: undefined };
    const session = { check, authority, ends: calls.end(options.running?.has(file.session) ?? false) };
    calls = new CallTracker();
    authority = new AuthorityTracker();
    return session;
  });
}

function authorityProblems(sessions: readonly Session[], signatures: Signatures): Problem[] {
  const log = sessions.flatMap(({ check, authority }) =>
    (authority?.changes ?? []).map((change) => ({ file: check.file.name, change })),
  );
  const history = signatures.history(log.map(({ change }) => change));
  const file = log[0]?.file ?? '.';
  const [first, ...later] = history.roots;
  return [
    ...history.faults.map(
      (fault): Problem => ({
        kind: 'tampered',
        file,
        what: `A change of the approvers counts for nothing: ${fault}.`,
      }),
    ),
    ...later.map(
      (root): Problem => ({
        kind: 'incomplete',
        file,
        what: `${root.name} (key ${root.key.slice(0, 8)}) began the list of approvers anew on ${root.since}, without the signature of ${first?.name} (key ${first?.key.slice(0, 8)}): until you know why, what keys enrolled from there on have signed proves nothing.`,
      }),
    ),
    ...sessions.flatMap(({ authority }) =>
      (authority?.problems(history, signatures) ?? []).map(
        (fault): Problem => ({ kind: 'tampered', ...fault }),
      ),
    ),
  ];
}

interface Found {
  sessions: readonly Session[];
  problems: Problem[];
  claims: readonly Claim[];
  foreign: readonly string[];
  /** How many files retention has removed. */
  pruned: number;
}

function report({ sessions, problems, claims, foreign, pruned }: Found): VerifyReport {
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
    checked: checkedSentences(sessions, claims),
    unchecked:
      sessions.length === 0 && foreign.length === 0
        ? []
        : [...uncheckedSentences(sessions, claims, foreign), ...prunedSentences(pruned)],
  };
}

function checkedSentences(sessions: readonly Session[], claims: readonly Claim[]): string[] {
  const total = (of: (session: Session) => number): number =>
    sessions.reduce((sum, session) => sum + of(session), 0);
  return [
    `Every line (files: ${sessions.length}, records: ${total(({ check }) => check.records)}): valid JSON of a known type, numbered without a gap, naming the digest of the line before and the session of its file.`,
    `Every record that a later session or a checkpoint names (${claims.length}): it was looked for in the file that they name.`,
    'Every session: the policy that it ran under was put into force by a record of this log, or is the built-in one.',
    `Every verdict that was signed (${total(({ authority }) => authority?.signed.length ?? 0)}): by a key enrolled at that time, over the digests, tool, rule, policy and answer that stand in the records.`,
    `Every call that a hold, pass or approver released: what its hold asked for is recorded before.`,
    `Every forwarded call: ${total(({ ends }) => ends?.outcomes ?? 0)} have an outcome; all others are listed.`,
  ];
}

function prunedSentences(pruned: number): string[] {
  return pruned === 0
    ? []
    : [`What stood in ${pruned} files that were removed because they were older than audit.keepDays.`];
}

function names(files: readonly string[]): string {
  const more = files.length > SHOWN_NAMES ? ` and ${files.length - SHOWN_NAMES} more` : '';
  return files.slice(0, SHOWN_NAMES).join(', ') + more;
}

function uncheckedSentences(
  sessions: readonly Session[],
  claims: readonly Claim[],
  foreign: readonly string[],
): string[] {
  const vouched = new Set(claims.map(({ tip }) => `${tip.file}:${tip.seq}`));
  const open = sessions.filter(({ check }) => !vouched.has(`${check.file.name}:${check.digests.length - 1}`));
  const endless = sessions.filter(({ ends }) => ends !== undefined && !ends.stopped);
  const total = sessions.reduce((sum, { authority }) => sum + (authority?.signed.length ?? 0), 0);
  const found = [
    'Whether somebody rewrote whole files: the chain has no key, so whoever may write this folder can compute it anew. Only a copy, or a digest, kept elsewhere shows that.',
    'Whether files were deleted that no later session names, the newest ones above all.',
  ];
  if (open.length > 0) {
    found.push(
      `Whether the last record was changed, or records were cut from the end or added there, where no later session and no checkpoint names the last record: ${names(open.map(({ check }) => check.file.name))}.`,
    );
  }
  if (endless.length > 0) {
    found.push(
      `How these sessions ended, for they record no stop (still running, killed, or cut): ${names(endless.map(({ check }) => check.file.name))}.`,
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
