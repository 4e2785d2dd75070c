import { readCheckpoints } from '../log/checkpoint.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { CountedSession } from '../log/session-count.ts';
import { type AuditFolder, listAuditFolder, type SessionFile } from '../log/session-files.ts';
import type { Signatures } from './proof.ts';
import { AuthorityTracker } from './verify-authority.ts';
import { type BesideLog, BesideTracker } from './verify-beside.ts';
import { CallTracker } from './verify-calls.ts';
import { CompiledTracker, type KnownForms } from './verify-compiled.ts';
import { COUNT_FILE } from './verify-count.ts';
import { type Claim, checkFile, type Problem } from './verify-file.ts';
import { grantProblems } from './verify-grants.ts';
import { limitsProblems } from './verify-limits.ts';
import { PinTracker } from './verify-pins.ts';
import { PolicyTracker } from './verify-policy.ts';
import { PrunedFiles } from './verify-pruned.ts';
import { type CheckedFile, report, type VerifyReport } from './verify-report.ts';

export interface VerifyOptions {
  signatures: Signatures;
  /** Sessions whose process still lives: their open calls are not yet unknown outcomes. */
  running?: ReadonlySet<string>;
  /** Files that hold copies of sessions' ends. */
  checkpoints?: readonly string[];
  /** What the home's state folder holds; without it nothing is compared with it. */
  beside?: BesideLog;
  /** What the policy texts that are known here compile to; without it no compiled policy is compared. */
  compiled?: KnownForms;
  /** Told now and then how many bytes were read. */
  onProgress?: (bytes: number) => void;
}

/** Checks every file of an audit folder. Never throws for what it finds there. */
export function verifyAudit(folder: string, options: VerifyOptions): VerifyReport {
  let listing: AuditFolder;
  try {
    listing = listAuditFolder(folder);
  } catch (error) {
    const what = `The audit folder ${folder} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}.`;
    const problems: Problem[] = [{ kind: 'unreadable', file: '.', what }];
    const compiled = { compared: 0, unknown: [] };
    return report({ sessions: [], problems, claims: [], foreign: [], pruned: 0, compiled, limits: null });
  }
  const { beside, running = new Set<string>() } = options;
  const limits = beside === undefined ? null : beside.limits;
  const policies = new PolicyTracker();
  const compiled = new CompiledTracker();
  const pins = new PinTracker();
  const pruned = new PrunedFiles();
  const state = new BesideTracker();
  const sessions = readSessions(listing.files, options, (record, file) => {
    policies.add(record, file);
    compiled.add(record, file);
    pins.add(record, file);
    pruned.add(record);
    state.add(record, file);
    limits?.add(record, file);
  });
  const names = new Set(listing.files.map(({ name }) => name));
  const has = (file: string): boolean => names.has(file) || pruned.has(file);
  const copies = checkpointClaims(options.checkpoints ?? []);
  const counted = (beside?.count?.sessions ?? []).flatMap(countClaim);
  const checks = sessions.map(({ check }) => check);
  const claims = [...checks.flatMap((check) => check.claims), ...copies.claims, ...counted];
  const kept = compiled.compare(options.compiled ?? new Map());
  const problems = [
    ...copies.problems,
    ...checks.flatMap((check) => check.problems),
    ...claimProblems(sessions, claims, pruned),
    ...sessions.flatMap(endlessProblems),
    ...sessions.flatMap(undecidedProblems),
    ...authorityProblems(sessions, options.signatures),
    ...policies.problems(),
    ...kept.problems,
    ...pins.problems(),
    ...copyProblems(listing.files),
    ...(beside === undefined ? [] : state.problems(beside, { has, running })),
    ...(limits ? limitsProblems(limits, checks, pruned) : []),
  ];
  const { foreign } = listing;
  return report({ sessions, problems, claims, foreign, pruned: pruned.size, compiled: kept, limits });
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

/** The end of a session as it was counted. */
function countClaim({ file, tip }: CountedSession): Claim[] {
  return tip === undefined ? [] : [{ by: COUNT_FILE, tip: { file, ...tip } }];
}

/** A session has one file of each part: its copy in another month would show its calls twice. */
function copyProblems(files: readonly SessionFile[]): Problem[] {
  const first = new Map<string, string>();
  return files.flatMap(({ name, session, part }): Problem[] => {
    const key = `${session} ${part}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, name);
    const what = `It is of the same session as ${known}: one of the two is a copy, or was put there.`;
    return known === undefined ? [] : [{ kind: 'tampered', file: name, what }];
  });
}

function claimProblems(
  sessions: readonly CheckedFile[],
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
    found.push({ kind: 'tampered', file: by, ...(line === undefined ? {} : { line }), what });
  }
  return found;
}

/** A cut end looks like a killed process: neither is called fine. */
function endlessProblems({ check, ends }: CheckedFile): Problem[] {
  if (ends === undefined || ends.stopped || ends.alive || check.records === 0) return [];
  // Its stop may stand in what could not be read.
  if (check.problems.some(({ kind }) => kind === 'unreadable')) return [];
  const what =
    'It records no stop and does not run: it was killed, or its end was cut off. Which of the two cannot be told.';
  return [{ kind: 'incomplete', file: check.file.name, what }];
}

function undecidedProblems({ check, ends }: CheckedFile): Problem[] {
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
): CheckedFile[] {
  let calls = new CallTracker();
  let authority = new AuthorityTracker();
  return files.map((file, index): CheckedFile => {
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

function authorityProblems(sessions: readonly CheckedFile[], signatures: Signatures): Problem[] {
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
    ...grantProblems(
      sessions.flatMap(({ authority }) => authority ?? []),
      history,
      signatures,
    ).map((fault): Problem => ({ kind: 'tampered', ...fault })),
    ...sessions.flatMap(({ authority }) =>
      (authority?.problems(history, signatures) ?? []).map(
        (fault): Problem => ({ kind: 'tampered', ...fault }),
      ),
    ),
  ];
}
