import { chmodSync } from 'node:fs';
import type { Finding } from '../../doctor/finding.ts';
import { homeFindings, sessionFindings, unreadFindings } from '../../doctor/home-findings.ts';
import { proofFindings, terminalFindings, toolsFindings } from '../../doctor/people-findings.ts';
import { policyFindings } from '../../doctor/policy-findings.ts';
import { projectFindings, serverFindings } from '../../doctor/server-findings.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { causeOf } from '../../platform/file-fault.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { DEFAULT_APPROVALS } from '../../policy/decide/default-policy.ts';
import { visible } from '../../text/visible.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { serversInUse } from '../policy/servers-in-use.ts';
import { forReader } from '../terminal/for-reader.ts';
import { clientFacts } from './client-facts.ts';
import { homeFacts, openPlaces, peopleFacts, sessionFacts, terminalFacts, toolsFacts } from './home-facts.ts';
import { policyFacts } from './policy-facts.ts';

export interface DoctorOptions {
  json?: boolean;
  fix?: boolean;
  home?: string;
}

/** `holdpoint doctor`: what is not right, why it matters, what mends it; exit 1 when one of them is a trouble. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  if (options.fix === true) mend(home);
  const { findings, checked } = await examine(home);
  if (findings.some(({ level }) => level === 'trouble')) process.exitCode = EXIT.error;
  if (options.json === true) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
  else process.stdout.write(`${inWords(findings, checked).join('\n')}\n`);
}

interface Examined {
  findings: Finding[];
  /** What was looked at, in words. */
  checked: string[];
}

async function examine(home: Home): Promise<Examined> {
  const faults = new Set<string>();
  /** What of it cannot be read is a finding, and keeps the rest from nothing. */
  const looked = async <T>(look: () => T | Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      faults.add(visible(error.message));
      return otherwise;
    }
  };
  const { clients, notLookedAt } = await looked(() => clientFacts(home), { clients: [], notLookedAt: 0 });
  const inUse = await looked(() => namesInUse(home), []);
  const policy = await looked(() => policyFacts(home, inUse), undefined);
  const state = await looked(() => homeFacts(home), undefined);
  const sessions = await looked(() => sessionFacts(home, policy?.digest), []);
  const tools = await looked(() => toolsFacts(home), []);
  const wrapped = clients.flatMap(({ servers }) =>
    servers.filter((one) => one.state === 'wrapped' && one.doubt === undefined),
  );
  const log = state?.log ?? { bytes: 0, sessions: 0 };
  return {
    findings: [
      ...unreadFindings([...faults]),
      ...serverFindings(clients, policy?.holdSeconds ?? DEFAULT_APPROVALS.timeoutMs / 1000),
      ...projectFindings(notLookedAt),
      ...(policy === undefined ? [] : policyFindings(policy.fact)),
      ...(state === undefined ? [] : homeFindings(state)),
      ...sessionFindings(sessions),
      ...toolsFindings(tools),
      ...proofFindings(peopleFacts(home)),
      ...terminalFindings(terminalFacts(process.env)),
    ],
    checked: [
      `${count(clients.length, 'client file')}, ${count(wrapped.length, 'server')} wrapped`,
      policy?.fact.file === undefined ? 'no policy' : `policy ${policy.fact.file}`,
      `home ${visible(home.root)}: ${(log.bytes / 1_000_000).toFixed(1)} MB of log in ${count(log.sessions, 'session')}`,
      `${sessions.length} ${sessions.length === 1 ? 'proxy' : 'proxies'} running`,
    ],
  };
}

/** By the names that policies know them by. */
function namesInUse(home: Home): string[] {
  const pinned = Object.keys(new PinsFile(home).all());
  const wrapped = serversInUse().flatMap(({ name, wrapped: guarded }) => (guarded === true ? [name] : []));
  return [...new Set([...pinned, ...wrapped])].sort();
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

const MARK = { trouble: '✗', note: '·' };

function inWords(findings: readonly Finding[], checked: readonly string[]): string[] {
  const sorted = [...findings].sort((a, b) => Number(b.level === 'trouble') - Number(a.level === 'trouble'));
  const lines = alike(sorted).flatMap((group) => [
    ...group.map(({ level, what }) => forReader(`${MARK[level]} ${what}`)),
    forReader(`${group[0]?.why}  [${group[0]?.id}]`, '    '),
    ...fixes(group).map((fix) => `    → ${fix}`),
  ]);
  const troubles = findings.filter(({ level }) => level === 'trouble').length;
  const notes = findings.length - troubles;
  const end =
    findings.length === 0 ? 'Nothing is wrong.' : `${count(troubles, 'trouble')}, ${count(notes, 'note')}.`;
  return [...lines, ...(lines.length > 0 ? [''] : []), forReader(`Looked at: ${checked.join('; ')}.`), end];
}

/** Findings of one kind, told together. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = `${finding.id} ${finding.why}`;
    groups.set(kind, [...(groups.get(kind) ?? []), finding]);
  }
  return [...groups.values()];
}

/** One command where one does it for all: "holdpoint wrap" wraps what "holdpoint wrap CLIENT" would. */
function fixes(group: readonly Finding[]): string[] {
  const all = [...new Set(group.flatMap(({ fix }) => fix ?? []))];
  const wraps = /^holdpoint wrap(?: [\w-]+)?$/;
  return all.length > 1 && all.every((fix) => wraps.test(fix)) ? ['holdpoint wrap'] : all;
}

/** What is safe to mend without asking: the home's own rights. */
function mend(home: Home): void {
  for (const { path, why, mode } of openPlaces(home)) {
    if (why !== 'mode') continue;
    try {
      chmodSync(path, Number.parseInt(mode, 8));
      process.stderr.write(`holdpoint: chmod ${mode} ${visible(path)}\n`);
    } catch (error) {
      process.stderr.write(`holdpoint: ${visible(path)} could not be closed to others: ${causeOf(error)}.\n`);
    }
  }
}
