import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CallRecord } from '../../audit/reading/call-record.ts';
import type { FollowedRecord } from '../../audit/reading/follow.ts';
import type { Filter } from '../../audit/reading/query.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { HOME } from '../terminal/home-option.ts';
import { sinceOf } from '../terminal/since.ts';
import { tableWidth } from '../terminal/table-width.ts';
import type { VerifyWords } from './audit-verify.ts';

interface Options {
  home?: string;
  json?: boolean;
  since?: string;
  server?: string;
  tool?: string;
  effect?: string;
  verdict?: string;
  n?: string;
  follow?: boolean;
  format?: string;
  matches?: string;
  /** Of all machines of the team. */
  team?: boolean;
  as?: string;
}

const POLL_MS = 250;
const TAIL = 10;
const SHOWN_WARNINGS = 5;
const EFFECTS = ['allow', 'deny', 'escalate'] as const;
const VERDICTS = ['approve', 'reject', 'expired', 'withdrawn'] as const;

const homeOf = (options: Options): Home => resolveHome(options.home, process.env);

/** The folder to read: this home's, or the team's for this command alone. */
async function auditOf(options: Options): Promise<string> {
  const home = homeOf(options);
  if (options.team !== true) return home.audit;
  const { teamRecords } = await import('./team-records.ts');
  return teamRecords(home, options.as);
}

/** Writes to stdout at its reader's pace. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function warn(warnings: readonly string[]): void {
  const more = warnings.length - SHOWN_WARNINGS;
  for (const warning of warnings.slice(0, SHOWN_WARNINGS)) process.stderr.write(`holdpoint: ${warning}\n`);
  if (more > 0) process.stderr.write(`holdpoint: ${more} more like these; see "holdpoint audit verify".\n`);
}

function oneOf<T extends string>(flag: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new PlainError(`${flag} is ${JSON.stringify(text)}. Give one of ${words.join(', ')}.`, EXIT.usage);
}

function filterOf(options: Options): Filter {
  const filter: Filter = {};
  if (options.since !== undefined) filter.since = sinceOf(options.since);
  if (options.server !== undefined) filter.server = options.server;
  if (options.tool !== undefined) filter.tool = options.tool;
  if (options.effect !== undefined) filter.effect = oneOf('--effect', options.effect, EFFECTS);
  if (options.verdict !== undefined) filter.verdict = oneOf('--verdict', options.verdict, VERDICTS);
  return filter;
}

function countOf(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new PlainError(`-n is ${JSON.stringify(text)}. Give a whole number from 1.`, EXIT.usage);
}

async function list(options: Options): Promise<void> {
  const count = countOf(options.n ?? '50');
  const filter = filterOf(options);
  const audit = await auditOf(options);
  const { newestCalls } = await import('../../audit/reading/newest-calls.ts');
  const { calls: newest, total, warnings } = newestCalls(audit, filter, count);
  warn(warnings);
  if (options.json) {
    const { objectJson } = await import('../../audit/log/raw-json.ts');
    await print(`[${newest.map((call) => `\n${objectJson(call)}`).join(',')}\n]\n`);
  } else if (newest.length === 0) {
    await print(`No ${Object.keys(filter).length > 0 ? 'such call' : 'call'} is recorded in ${audit} yet.\n`);
  } else {
    await print(`${(await listLines(newest)).join('\n')}\n`);
    if (total === undefined)
      await print(`(the newest ${count}; more with -n. Older records were not read)\n`);
    else if (total > count) await print(`(the newest ${count} of ${total}; more with -n)\n`);
  }
}

async function stats(options: Options): Promise<void> {
  const filter = filterOf(options);
  const audit = await auditOf(options);
  const [{ countCalls }, { statsLines }] = await Promise.all([
    import('../../audit/reading/count-calls.ts'),
    import('../../audit/telling/stats-lines.ts'),
  ]);
  const { stats: found, warnings } = countCalls(audit, filter);
  warn(warnings);
  if (options.json) await print(`${(await import('../../audit/log/raw-json.ts')).objectJson(found)}\n`);
  else if (found.calls === 0) await print(`No call to count is recorded in ${audit}.\n`);
  else await print(`${statsLines(found, tableWidth()).join('\n')}\n`);
}

async function listLines(calls: readonly CallRecord[]): Promise<string[]> {
  const { callTable } = await import('../../audit/telling/call-table.ts');
  return callTable(calls, tableWidth());
}

async function tail(options: Options): Promise<void> {
  const filter = filterOf(options);
  const { audit } = homeOf(options);
  const [{ Follower }, { eventLine, eventWanted }] = await Promise.all([
    import('../../audit/reading/follow.ts'),
    import('../../audit/telling/event-line.ts'),
  ]);
  const follower = new Follower(audit, (warning) => warn([warning]));
  const read = (keep: number): string[] => {
    const lines: string[] = [];
    follower.poll((followed: FollowedRecord) => {
      if (!eventWanted(followed, filter)) return;
      lines.push(options.json ? followed.record.text : eventLine(followed));
      if (lines.length > keep * 2) lines.splice(0, lines.length - keep);
    });
    return lines.slice(-keep).map((line) => `${line}\n`);
  };
  const first = read(TAIL);
  await print(first.join(''));
  if (options.follow === false) {
    if (first.length === 0 && !options.json) await print(`Nothing is recorded in ${audit} yet.\n`);
    return;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  while (!interrupted.signal.aborted) {
    await sleep(POLL_MS, undefined, { signal: interrupted.signal }).catch(() => {});
    await print(read(Number.POSITIVE_INFINITY).join(''));
  }
}

async function show(address: string, options: Options): Promise<void> {
  const [{ findCall }, { SIGNATURES }] = await Promise.all([
    import('../../audit/reading/find-call.ts'),
    import('../../session/signatures.ts'),
  ]);
  const detail = findCall(await auditOf(options), address, SIGNATURES);
  warn(detail.warnings);
  if (options.matches !== undefined) return matches(detail.call, options.matches, homeOf(options));
  if (options.json) {
    const { objectJson, rawJson } = await import('../../audit/log/raw-json.ts');
    const records = rawJson(`[${detail.records.map((record) => record.text).join(',')}]`);
    const { call, proofs } = detail;
    await print(`${objectJson({ call: rawJson(objectJson(call)), proofs, records })}\n`);
  } else {
    const { callReport } = await import('../../audit/telling/call-report.ts');
    await print(`${callReport(detail).join('\n')}\n`);
  }
}

/** Whether a file holds what was masked in a call or cut from it; exit code 1 when it does not. */
async function matches(call: CallRecord, file: string, home: Home): Promise<void> {
  const [{ readFileSync }, { matchesIn }, { Redactor }, { knownRedactionKey }] = await Promise.all([
    import('node:fs'),
    import('../../audit/reading/matches.ts'),
    import('../../audit/writing/redact.ts'),
    import('../../audit/writing/redaction-key.ts'),
  ]);
  const key = knownRedactionKey(home);
  if (key === undefined) {
    throw new PlainError(
      `The key under which ${home.root} masks secrets is gone (state/redaction.key), so nothing can be compared with its masks.`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new PlainError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  const found = matchesIn(call, bytes, new Redactor(key, []));
  if (found.length === 0) process.exitCode = EXIT.error;
  await print(
    `${found.length === 0 ? 'It is nothing that was masked in this call or cut from it.' : found.join('\n')}\n`,
  );
}

async function exportAll(options: Options): Promise<void> {
  oneOf('--format', options.format ?? 'json', ['json']);
  const { exportJson } = await import('../../audit/reading/export.ts');
  const warnings: string[] = [];
  for (const piece of exportJson(homeOf(options).audit, (warning) => warnings.push(warning)))
    await print(piece);
  warn(warnings);
  if (warnings.length > 0) process.exitCode = EXIT.error;
}

const again = (file: string, files: string[]): string[] => [...files, file];

function ofTeam(command: Command): Command {
  return command
    .option('--team', 'of every machine of the team; asks for the passphrase of an auditor')
    .option('--as <name>', 'whose approver key reads it, where there are several');
}

function filtered(command: Command): Command {
  return command
    .option('--since <time>', 'only calls from this time on: ISO 8601, or 15m, 2h, 7d')
    .option('--server <name>', "only this server's calls")
    .option('--tool <pattern>', 'only tools like this; * and ? are wild')
    .option('--effect <effect>', 'only calls with this effect: allow, deny, escalate')
    .option('--verdict <verdict>', 'only calls with this verdict: approve, reject, expired, withdrawn')
    .option(...HOME)
    .option('--json', 'print JSON');
}

/**
 * `holdpoint audit list | tail | show | stats | verify | export`. What `--json` prints, stable, texts as recorded with
 * hidden characters as \uXXXX, numbers in arguments as their source text:
 * list: an array of calls, one a line: `{session, call, time, server, tool, arguments, caller, effect, rule, reason,
 * digest, callDigest, forwarded, ...}` and, when they apply, `risk, definition, diagnostics, hold, verdict, by,
 * verdictReason, waitMs, pass, input, continues, grant, outcome, durationMs` (src/audit/reading/call-record.ts); oldest first.
 * show: `{call: <as in list>, proofs: [{name, key, fault}], records: [<the log's own records>]}`; no `fault`: the signature holds. tail: the log's own records, one a line.
 * stats: an AuditStats (src/audit/reading/stats.ts). verify: a VerifyReport (src/audit/verify/verify.ts); the exit code is 0 ok, 1 incomplete, 3 unreadable, 5 tampered.
 * export: an array of all records; exit code 1 when some could not be read.
 */
export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('read and verify what was decided, by whom, and what ran');
  ofTeam(filtered(audit.command('list').description('the newest calls, newest last')))
    .option('-n <count>', 'how many', '50')
    .action(list);
  filtered(audit.command('tail').description('the last events, then new ones until interrupted'))
    .option('--no-follow', 'print the last events and end')
    .action(tail);
  const counts = audit.command('stats').description('how much was asked, by whom, and how it was answered');
  ofTeam(filtered(counts)).action(stats);
  const shown = audit
    .command('show <call>')
    .description(
      "everything about one call: SESSION/NUMBER, a hold's id, or a number that only one session has",
    )
    .option('--matches <file>', 'whether this file holds what was masked in the call (exit code 1: no)')
    .option(...HOME)
    .option('--json', 'print JSON');
  ofTeam(shown).action(show);
  audit
    .command('verify')
    .description('check the chain of every session, and say what could not be checked')
    .option(
      '--checkpoint <file>',
      "a file of checkpoints besides the policy's; may be given again",
      again,
      [],
    )
    .option('--team', "compare it with the team's copy, and check every machine's")
    .option(...HOME)
    .option('--json', 'print JSON')
    .action(async (options: VerifyWords) => {
      const { verifyLog } = await import('./audit-verify.ts');
      await print(await verifyLog(options));
    });
  audit
    .command('export')
    .description('every record as one JSON array')
    .option('--format <format>', 'json', 'json')
    .option(...HOME)
    .action(exportAll);
}
