// What a limit (`over`) costs as the log grows: the first answer of a session and each later call, against no limit at
// all. `node bench/limits.mjs [RECORDS] [FILES] [ROUNDS] [CALLS]`; HP_BIN runs another build on logs of this one.
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openJournal } from '../dist/audit/writing/journal.js';
import { Counted } from '../dist/audit/writing/session-counter.js';
import { sha256Hex } from '../dist/platform/digest.js';
import { ensurePrivateFolder, resolveHome } from '../dist/platform/home.js';
import { call, median, start } from './targets.mjs';

const [RECORDS = 1_000_000, FILES = 1000, ROUNDS = 5, CALLS = 400] = process.argv.slice(2).map(Number);
const BIN = process.env.HP_BIN ?? resolve(import.meta.dirname, '../bin/holdpoint.js');
const HOUR_MS = 3_600_000;
const PIECE = 500;
const ARGUMENTS = { path: '/home/ada/project/src/file.ts', text: 'const x = 1; '.repeat(6) };

/** A home whose log says that so many calls counted, in files that ended `ago` before now. */
async function homeOf(over, records, ago) {
  const home = resolveHome(join(mkdtempSync('/tmp/hp-bench-'), '.holdpoint'), {});
  ensurePrivateFolder(home.root);
  const limit = over === undefined ? {} : { deny: [{ tool: '*', id: 'limit', over }] };
  writeFileSync(join(home.root, 'policy.json'), JSON.stringify({ version: 1, ...limit, allow: ['*'] }), {
    mode: 0o600,
  });
  // A policy that turns up beside a log is not put into force by itself.
  await session(home, 1);
  const opened = (name, at) => {
    const clock = { now: at, wall: () => clock.now, mono: () => clock.now };
    const journal = openJournal({ folder: home.audit, session: name, clock, durability: 'process' });
    return { clock, journal, counted: new Counted(home, journal.name, console.error) };
  };
  const step = (20 * HOUR_MS) / Math.max(1, records);
  const each = Math.ceil(records / FILES);
  const began = Date.now() - ago - 20 * HOUR_MS;
  for (let file = 0; file * each < records; file += 1) {
    const from = began + file * each * step;
    const stamp = new Date(from).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    const { clock, journal, counted } = opened(
      `${stamp}-${(file + 1e6).toString(36).padStart(6, 'a')}`,
      from,
    );
    const policy = { file: null, digest: sha256Hex(''), mode: 'enforce' };
    journal.stage({
      type: 'session',
      kind: 'run',
      event: 'start',
      server: 'srv',
      policy,
      tier: 0,
      nth: counted.begin(),
    });
    for (let n = 1; n < each / 2; n += 1) {
      clock.now += 2 * step;
      journal.stage(decision(n));
      journal.stage({ type: 'outcome', call: n, outcome: 'ok', durationMs: 1 });
      if (journal.staged >= PIECE) journal.commit();
    }
    journal.stage({ type: 'session', kind: 'run', event: 'stop', exit: 'client closed' });
    journal.close();
    counted.end(journal.tip);
    utimesSync(journal.file, clock.now / 1000, clock.now / 1000);
  }
  if (records > 0) setCount(home, ago);
  return home;
}

/** The count beside the log has a clock of its own, which knows nothing of when these sessions are said to have ended. */
function setCount(home, ago) {
  const path = join(home.state, 'sessions.json');
  const count = JSON.parse(readFileSync(path, 'utf8'));
  for (const one of count.sessions) one.at = new Date(Date.parse(one.at) - ago).toISOString();
  writeFileSync(path, JSON.stringify(count, null, 2), { mode: 0o600 });
}

function decision(n) {
  return {
    type: 'decision',
    call: n,
    server: 'srv',
    tool: 'write_file',
    arguments: ARGUMENTS,
    digest: sha256Hex(String(n)),
    callDigest: sha256Hex(`${n} `),
    bytes: 250,
    caller: { client: 'bench', claimed: true },
    effect: 'allow',
    rule: 'allow[0]',
    reason: 'Matches *',
    counted: [{ item: 'limit', amount: '1' }],
  };
}

const server = [process.execPath, resolve(import.meta.dirname, 'echo-server.cjs')];

/** One session, which stays so long (ms): ms to its first answer, its median call, its peak in MiB. */
async function session(home, calls = CALLS, stays = 0) {
  const from = performance.now();
  const proxy = start([process.execPath, BIN, 'run', '--home', home.root, '--', ...server]);
  await proxy.ask(call(1, 200));
  const first = performance.now() - from;
  const times = [];
  for (let id = 2; id <= calls; id += 1) times.push(await proxy.ask(call(id, 200)));
  const peak = existsSync('/proc')
    ? /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${proxy.child.pid}/status`, 'utf8'))[1]
    : 0;
  if (stays > 0) await new Promise((later) => setTimeout(later, stays));
  const ended = new Promise((done) => proxy.child.once('exit', done));
  proxy.end();
  await ended;
  return { first, each: calls > 1 ? median(times) : 0, peak: Number(peak) / 1024 };
}

const many = '100000000/day';
const homes = {
  'no limit, no log': await homeOf(undefined, 0, 0),
  'no limit, the log': await homeOf(undefined, RECORDS, 0),
  'a limit, no log': await homeOf(many, 0, 0),
  'a limit, all of it counts': await homeOf(many, RECORDS, 0),
  'a limit, all of it too old': await homeOf(many, RECORDS, 2 * 24 * HOUR_MS),
};
console.log(`${RECORDS} records in ${FILES} files, ${ROUNDS} rounds of ${CALLS} calls (${BIN})`);
const results = Object.fromEntries(Object.keys(homes).map((name) => [name, []]));
for (const [name, home] of Object.entries(homes)) {
  const { first, peak } = await session(home, 1);
  console.log(`${name.padEnd(27)} without an index: first ${first.toFixed(0)} ms, ${peak.toFixed(0)} MiB`);
  // As long as a session lasts at least: what is done off the call's way is done by then.
  await session(home, 20, 3_000);
}
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, home] of Object.entries(homes)) results[name].push(await session(home));
const base = results['no limit, no log'];
console.log('                               first ms   ratio   a call us   ratio    MiB');
for (const [name, rounds] of Object.entries(results)) {
  const of = (key) => median(rounds.map((one) => one[key]));
  const ratio = (key) => median(rounds.map((one, at) => one[key] / base[at][key])).toFixed(2);
  console.log(
    `${name.padEnd(27)} ${of('first').toFixed(0).padStart(10)} ${ratio('first').padStart(9)} ${(of('each') * 1000).toFixed(0).padStart(9)} ${ratio('each').padStart(8)} ${of('peak').toFixed(0).padStart(6)}`,
  );
}
for (const home of Object.values(homes)) rmSync(resolve(home.root, '..'), { recursive: true });
process.exit(0);
