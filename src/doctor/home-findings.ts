import { type Finding, listed, note, shellWord, trouble } from './finding.ts';

/** A folder or file of the home that is not its owner's alone. */
export interface OpenPlace {
  path: string;
  why: 'mode' | 'owner' | 'kind';
  /** What its mode should be, in octal. */
  mode: string;
}

export interface HomeFact {
  root: string;
  open: readonly OpenPlace[];
  /** Documents of the state that cannot be understood. */
  damaged: readonly string[];
  /** That every call is refused, and who said so; undefined: nothing is stopped. */
  stopped: string | undefined;
  /** Why nothing can be recorded; undefined: it can. */
  unwritable: string | undefined;
  log: { bytes: number; sessions: number };
  /** What `audit verify` says; undefined where the log is too large to be read now. */
  verify: { exitCode: number; said: readonly string[] } | undefined;
}

export interface SessionFact {
  name: string;
  /** Why a running proxy does not answer. */
  silent: string | undefined;
  /** Whether it decides by another policy than the one in force now. */
  olderPolicy: boolean;
  /** The version that it runs, where that is not this one; "an older version" where it does not say. */
  otherVersion: string | undefined;
}

const LARGE = 1_000_000_000;
const MEGABYTE = 1_000_000;

/** What of the home, its log and the proxies that run is not right. */
export function homeFindings(home: HomeFact): Finding[] {
  const found = home.open.map(openPlace);
  if (home.stopped !== undefined)
    found.unshift(
      trouble(
        'stopped',
        home.stopped,
        'Every call of every server is refused until a person resumes.',
        'holdpoint resume',
      ),
    );
  if (home.unwritable !== undefined)
    found.push(
      trouble(
        'log-not-writable',
        home.unwritable,
        'Nothing runs that cannot be recorded: every call is refused.',
        'make room there, or give the folder back to you (chmod 700); then let the agent repeat the call',
      ),
    );
  found.push(...home.damaged.map(damagedFile));
  const { verify, log } = home;
  if (verify !== undefined && verify.exitCode !== 0)
    found.push(
      trouble(
        'log-not-whole',
        `The log is ${WORDS[verify.exitCode] ?? 'not whole'}: ${firstFault(verify.said)}`,
        'What it says of that time cannot be relied on.',
        'holdpoint audit verify',
      ),
    );
  if (verify === undefined)
    found.push(
      note(
        'log-not-checked',
        `The log has ${Math.round(log.bytes / MEGABYTE)} MB and was not checked now.`,
        'Reading it whole takes a while.',
        'holdpoint audit verify',
      ),
    );
  if (log.bytes > LARGE)
    found.push(
      note(
        'log-large',
        `The log has ${Math.round(log.bytes / MEGABYTE)} MB in ${log.sessions} sessions.`,
        'Old sessions are removed after a year, or after as many days as the policy says.',
        'set "audit": { "keepDays": 90 } in the policy (docs/audit.md)',
      ),
    );
  return found;
}

/** What could not be looked at, in sentences. */
export function unreadFindings(faults: readonly string[]): Finding[] {
  return faults.map((fault) =>
    trouble('not-looked-at', fault, 'What cannot be read was not looked at, and does not count.', null),
  );
}

function damagedFile(path: string): Finding {
  return trouble(
    'state-damaged',
    `${path} is damaged, and counts as empty.`,
    'What was applied, accepted or remembered there does not count: calls are held that would run.',
    `restore it from a copy, or begin anew: mv ${shellWord(path)} ${shellWord(`${path}.damaged`)}`,
  );
}

function openPlace({ path, why, mode }: OpenPlace): Finding {
  if (why === 'mode')
    return trouble(
      'home-open',
      `${path} can be read or entered by other users.`,
      'Who can write there can approve, and change what was recorded.',
      `chmod ${mode} ${shellWord(path)}`,
    );
  const is = why === 'owner' ? 'belongs to another user' : 'is not what holdpoint made (a link, perhaps)';
  return trouble(
    'home-foreign',
    `${path} ${is}.`,
    'Somebody else decides what stands there; holdpoint does not use it.',
    null,
  );
}

/** What `audit verify` found first; its first line only says how bad it is. */
function firstFault(said: readonly string[]): string {
  const found = said.find((line) => /^ {2}[a-z]+: /.test(line));
  return found?.replace(/^ {2}[a-z]+: /, '') ?? said[0] ?? '';
}

const WORDS: Record<number, string> = { 1: 'incomplete', 3: 'not readable', 5: 'tampered with' };

/** What of the proxies that run now is left from before. */
export function sessionFindings(sessions: readonly SessionFact[]): Finding[] {
  const silent = sessions.filter(({ silent: why }) => why !== undefined);
  const older = sessions.filter(({ olderPolicy }) => olderPolicy);
  const found = silent.map(({ name, silent: why }) =>
    trouble(
      'proxy-silent',
      `${name} runs and cannot be asked: ${why}.`,
      'What it holds cannot be seen or approved here.',
      'restart its client',
    ),
  );
  for (const { name, otherVersion } of sessions)
    if (otherVersion !== undefined)
      found.push(
        note(
          'proxy-other-version',
          `${name} still runs holdpoint ${otherVersion}, from before an upgrade.`,
          'What this version mended does not hold there yet.',
          'restart its client',
        ),
      );
  if (older.length > 0)
    found.push(
      note(
        'proxy-older-policy',
        `${listed(older.map(({ name }) => name))} ${older.length === 1 ? 'decides' : 'decide'} by a policy from before the last "policy apply".`,
        'A running server goes by what is applied at once, unless it was started with --policy or could not read it: "holdpoint pending" says why.',
        'holdpoint policy apply, or restart its client',
      ),
    );
  return found;
}
