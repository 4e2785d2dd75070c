// The memory and the time of `watch` before many waiting calls: node bench/desk.mjs [HOLDS,…] [SECONDS] (needs tmux; Linux).
// SECONDS: for so long 5 calls come and go each second after that, and memory is told each minute.
// SIZE=200x60 for another screen, LONG=5000000 for one call of so many characters, IDLE=60 for so many idle seconds, PROFILE=FOLDER for a profile.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(process.env.HP_ROOT ?? join(import.meta.dirname, '..'));
const { SocketServer } = await import(join(ROOT, 'dist/approvals/channel/socket-server.js'));
const { WIRE_VERSION } = await import(join(ROOT, 'dist/approvals/channel/messages.js'));
const PROXIES = Number(process.env.PROXIES ?? 160);
const [COLUMNS, ROWS] = (process.env.SIZE ?? '120x40').split('x');
const IDLE_S = Number(process.env.IDLE ?? 0);
const SECONDS = Number(process.argv[3] ?? 0);
const ARGUMENTS = JSON.stringify({ path: '/tmp/x', content: 'a line of some text\n'.repeat(50) });

function hold(proxy, n) {
  return {
    ...{
      id: `H${proxy}x${n}`,
      call: n,
      server: 'fs',
      tool: 'write_file',
      argumentsText: ARGUMENTS,
      keyed: false,
    },
    ...{
      digest: `${proxy}${n}`.padEnd(64, '0'),
      callDigest: `${proxy}${n}`.padEnd(64, '1'),
      nonce: 'n'.repeat(32),
    },
    ...{
      rule: 'default',
      reason: 'No rule matches',
      matched: ['default'],
      definition: null,
      risk: 'write',
      accepts: null,
    },
    ...{
      caller: null,
      client: 'bench',
      approvedBy: [],
      state: 'live',
      lines: 53,
      before: null,
      offers: null,
    },
    ...{ unsure: false, listing: 'listed', answerBy: new Date(Date.now() + 600_000).toISOString() },
    openedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    obligations: {
      ...{
        timeoutMs: 3_600_000,
        confirm: 'key',
        ...{ expected: 'write_file', level: 'low', seen: 'told', large: false },
        show: [],
        approvals: 1,
        approvers: null,
        sign: false,
        remember: true,
      },
    },
  };
}

function hello(session) {
  return {
    ...{
      type: 'hello',
      v: WIRE_VERSION,
      session,
      server: 'fs',
      pid: process.pid,
      ancestors: [],
      terminal: null,
    },
    ...{
      client: 'bench',
      startedAt: new Date().toISOString(),
      cli: 'any',
      command: 'c',
      policy: 'p',
      redact: [],
    },
    ...{ grants: [], notices: [], brake: false, enrolled: false, folder: null },
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const tmux = (...args) =>
  execFileSync('tmux', ['-L', `hp-desk-${process.pid}`, ...args], { encoding: 'utf8' });

async function measure(count) {
  const folder = mkdtempSync('/tmp/hp-desk-');
  const run = join(folder, '.holdpoint', 'run');
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const servers = [];
  for (let proxy = 0; proxy < PROXIES; proxy += 1) {
    const holds = Array.from({ length: Math.ceil(count / PROXIES) }, (_, n) => hold(proxy, n));
    if (proxy === 0 && process.env.LONG !== undefined)
      holds[0].argumentsText = JSON.stringify({
        path: '/tmp/x',
        content: 'a line of some text\n'.repeat(process.env.LONG / 20),
      });
    const session = `20261127-1200${String(proxy).padStart(2, '0')}-abcd`;
    const greeting = () => [hello(session), ...holds.map((one) => ({ type: 'hold', hold: one }))];
    const server = new SocketServer(join(run, `${session}.sock`), {
      greeting,
      verdict: () => {},
      revoke: () => {},
    });
    await server.listen();
    servers.push(server);
  }
  const since = performance.now();
  const home = join(folder, '.holdpoint');
  tmux(
    'new-session',
    '-d',
    '-x',
    COLUMNS,
    '-y',
    ROWS,
    '-s',
    'w',
    process.execPath,
    ...(process.env.PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.PROFILE}`]),
    join(ROOT, 'bin/holdpoint.js'),
    'watch',
    '--home',
    home,
  );
  const pid = tmux('list-panes', '-t', 'w', '-F', '#{pane_pid}').trim();
  const wanted = String(Math.ceil(count / PROXIES) * PROXIES);
  while (count > 0 && !tmux('capture-pane', '-p', '-t', 'w').includes(wanted)) {
    await pause(50);
    if (performance.now() - since > 60_000) break;
  }
  const settled = performance.now() - since;
  const before = cpu(pid);
  for (let n = 0; n < Number(process.env.KEYS ?? 40); n += 1) {
    tmux('send-keys', '-t', 'w', 'Down');
    await pause(50);
  }
  const keys = (cpu(pid) - before) / Number(process.env.KEYS ?? 40);
  const of = (key) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024).toFixed(0);
  };
  console.log(
    `${wanted.padStart(6)} holds: first screen after ${(settled / 1000).toFixed(1)} s, ${keys.toFixed(0)} ms of CPU a key, ${of('VmRSS')} MiB, at most ${of('VmHWM')}`,
  );
  if (process.env.IDLE !== undefined) {
    await pause(3_000);
    const from = cpu(pid);
    await pause(IDLE_S * 1_000);
    console.log(`        idle: ${((cpu(pid) - from) / IDLE_S / 10).toFixed(2)} % of a core`);
  }
  await traffic(servers, of);
  if (process.env.HP_SHOW !== undefined) console.log(tmux('capture-pane', '-p', '-t', 'w'));
  if (process.env.PROFILE !== undefined) {
    tmux('send-keys', '-t', 'w', 'q');
    await pause(2_000);
  }
  try {
    tmux('kill-server');
  } catch {
    // It ended with its last program.
  }
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Calls that come and go, five a second. */
async function traffic(servers, of) {
  for (let second = 1; second <= SECONDS; second += 1) {
    for (let n = 0; n < 5; n += 1) {
      const at = (second * 5 + n) % servers.length;
      const one = hold(at, 100_000 + second * 5 + n);
      servers[at].broadcast({ type: 'hold', hold: one });
      setTimeout(
        () => servers[at].broadcast({ type: 'closed', hold: one.id, how: 'approved', by: 'bench' }),
        3_000,
      );
      await pause(190);
    }
    if (second % 60 === 0) console.log(`        after ${second} s: ${of('VmRSS')} MiB`);
  }
}

/** In ms. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

for (const count of (process.argv[2] ?? '50,500,2000').split(',')) await measure(Number(count));
process.exit(0);
