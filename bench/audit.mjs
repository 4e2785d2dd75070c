// What `holdpoint audit` costs as the log grows: seconds, CPU seconds and peak memory of each command, over the same
// records in one file and in a thousand. `node bench/audit.mjs [RECORDS,…] [FILES,…] [ROUNDS]`; HP_BIN runs another build.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tipFields } from '../dist/audit/log/previous-tip.js';
import { recordedArguments } from '../dist/audit/writing/arguments.js';
import { openJournal } from '../dist/audit/writing/journal.js';
import { Redactor } from '../dist/audit/writing/redact.js';
import { Counted } from '../dist/audit/writing/session-counter.js';
import { sha256Hex } from '../dist/platform/digest.js';
import { ensurePrivateFolder, resolveHome } from '../dist/platform/home.js';
import { JsonSource } from '../dist/protocol/json/json-source.js';
import { median } from './targets.mjs';

const numbers = (text) => text.split(',').map(Number);
const [RECORDS = '100000,1000000', FILES = '1,1000', ROUNDS = '1'] = process.argv.slice(2);
const BIN = process.env.HP_BIN ?? resolve(import.meta.dirname, '../bin/holdpoint.js');
const DAY_MS = 86_400_000;
const SPAN_MS = 30 * DAY_MS;
/** So many records are written at once: a session of its own speed would take an hour. */
const PIECE = 200;
const redactor = new Redactor(Buffer.alloc(32, 7), []);

/** One call's records, as a session writes them: most are allowed, some denied, some held, a few spend a pass. */
function recordsOf(call) {
  const text = `{"path":"/home/ada/project/src/file-${call}.ts","text":"${'const x = 1; '.repeat(6)}"}`;
  const kind = call % 50 === 0 ? 'deny' : call % 40 === 1 ? 'escalate' : call % 400 === 2 ? 'pass' : 'allow';
  const effect = kind === 'pass' ? 'escalate' : kind;
  const decision = {
    type: 'decision',
    call,
    server: 'files',
    tool: kind === 'allow' ? 'write_file' : 'delete_file',
    arguments: recordedArguments(JsonSource.of(text), redactor, 'source').field,
    digest: sha256Hex(text),
    callDigest: sha256Hex(`${text} `),
    bytes: text.length + 90,
    caller: { client: 'bench', claimed: true },
    effect,
    rule: `${effect}[0]`,
    reason: 'Matches files/*',
  };
  const outcome = { type: 'outcome', call, outcome: 'ok', durationMs: call % 90 };
  if (kind === 'deny') return [decision];
  if (kind === 'allow') return [decision, outcome];
  const hold = holdId(call);
  if (kind === 'pass') return [decision, { type: 'forward', call, pass: holdId(call - 1) }, outcome];
  const by = { name: 'ada', method: 'watch', tier: 0 };
  const verdict = { type: 'verdict', call, hold, verdict: 'approve', by, waitMs: 4_000 };
  const opened = { type: 'hold', call, hold, event: 'opened' };
  // The call behind it spends its approval.
  if ((call + 1) % 400 === 2 && (call + 1) % 50 !== 0)
    return [decision, opened, { type: 'hold', call, hold, event: 'detached' }, verdict];
  return [decision, opened, verdict, { type: 'forward', call, hold }, outcome];
}

const holdId = (call) => `h${call.toString(36).padStart(5, '0')}`;
const stamp = (ms) => new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

/** A home with a log of about so many records in so many files, the last of them from two days ago. */
function logOf(records, files) {
  const root = join(mkdtempSync('/tmp/hp-bench-'), '.holdpoint');
  const home = resolveHome(root, {});
  ensurePrivateFolder(home.root);
  const began = Date.now() - SPAN_MS - 2 * DAY_MS;
  const step = SPAN_MS / records;
  const each = Math.ceil(records / files);
  for (let file = 0; file < files; file += 1) {
    const from = began + file * each * step;
    const session = `${stamp(from)}-${(file + 1e6).toString(36).padStart(6, 'a')}`;
    const clock = { now: from, wall: () => clock.now, mono: () => clock.now };
    const journal = openJournal({ folder: home.audit, session, clock, durability: 'process' });
    const counted = new Counted(home, journal.name, console.error);
    const policy = { file: null, digest: sha256Hex(''), mode: 'enforce' };
    journal.stage({
      type: 'session',
      kind: 'run',
      event: 'start',
      server: 'files',
      policy,
      tier: 0,
      nth: counted.begin(),
      ...tipFields(home.audit, session),
    });
    let written = 1;
    for (let call = 1; written < each - 1; call += 1) {
      for (const record of recordsOf(call)) {
        clock.now += step;
        journal.stage(record);
        written += 1;
      }
      if (journal.staged >= PIECE) journal.commit();
    }
    journal.stage({ type: 'session', kind: 'run', event: 'stop', exit: 'client closed' });
    journal.close();
    counted.end(journal.tip);
    utimesSync(journal.file, clock.now / 1000, clock.now / 1000);
  }
  return home;
}

/** Run inside the command: CPU seconds and MiB at the peak. Where /proc is, by its mark: the other one begins with its parent's. */
const REPORT = `data:text/javascript,${encodeURIComponent(
  `import { readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  let peak = maxRSS;
  try { peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
  writeSync(3, JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, peak / 1024]));
});`,
)}`;

/** One run of a command: seconds on the wall, of CPU, MiB at the peak, and how it ended. */
function run(home, args, stdout = 'ignore') {
  const from = performance.now();
  const child = spawnSync(
    process.execPath,
    ['--import', REPORT, BIN, 'audit', ...args, '--home', home.root],
    {
      stdio: ['ignore', stdout, 'ignore', 'pipe'],
    },
  );
  const seconds = (performance.now() - from) / 1000;
  const [cpu, mib] = JSON.parse(child.output[3].toString() || '[0,0]');
  return { seconds, cpu, mib, status: child.status, out: child.stdout };
}

for (const records of numbers(RECORDS)) {
  for (const files of numbers(FILES)) {
    const home = logOf(records, files);
    const newest = JSON.parse(run(home, ['list', '-n', '1', '--json'], 'pipe').out.toString())[0];
    const middle = Math.floor(newest.call / 80) * 40;
    const commands = {
      list: ['list'],
      'list --since 1h (none)': ['list', '--since', '1h'],
      'list --since 3d': ['list', '--since', '3d'],
      'list --effect deny': ['list', '--effect', 'deny'],
      'show SESSION/CALL': ['show', `${newest.session}/${middle + 3}`],
      'show SESSION/CALL (held)': ['show', `${newest.session}/${middle + 1}`],
      'show HOLD': ['show', files === 1 ? holdId(middle + 1) : 'h00000'],
      'show NUMBER': ['show', String(middle + 3)],
      stats: ['stats'],
      verify: ['verify'],
      export: ['export'],
    };
    console.log(`\n${records} records in ${files} file${files === 1 ? '' : 's'} (${BIN})`);
    console.log('                             s      CPU s     MiB   exit');
    for (const [name, args] of Object.entries(commands)) {
      const rounds = Array.from({ length: Number(ROUNDS) }, () => run(home, args));
      const [s, cpu, mib] = ['seconds', 'cpu', 'mib'].map((key) => median(rounds.map((one) => one[key])));
      console.log(
        `${name.padEnd(26)} ${s.toFixed(2).padStart(6)} ${cpu.toFixed(2).padStart(8)} ${mib.toFixed(0).padStart(7)}   ${rounds[0].status}`,
      );
      if (name === 'verify' && rounds[0].status !== 0)
        throw new Error('the bench made a log that is not valid');
    }
    rmSync(resolve(home.root, '..'), { recursive: true });
  }
}
