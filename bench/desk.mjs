// The memory and the time of `watch` before many waiting calls: node bench/desk.mjs [HOLDS,…] (needs tmux; Linux).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(process.env.HP_ROOT ?? join(import.meta.dirname, '..'));
const { SocketServer } = await import(join(ROOT, 'dist/approvals/channel/socket-server.js'));
const { WIRE_VERSION } = await import(join(ROOT, 'dist/approvals/channel/messages.js'));
const PROXIES = 50;
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
      offers: null,
      ...{ unsure: false, listing: 'listed', lines: 40 },
    },
    ...{ caller: null, client: 'bench', approvedBy: [], state: 'live' },
    openedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...{ answerBy: null, before: null },
    obligations: {
      ...{
        timeoutMs: 3_600_000,
        confirm: 'key',
        ...{ expected: 'x.txt', level: 'low', seen: 'told', large: false },
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
    ...{ grants: [], notices: [], folder: null, brake: false, enrolled: false },
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const tmux = (...args) => execFileSync('tmux', ['-L', 'hp-desk', ...args], { encoding: 'utf8' });

async function measure(count) {
  const folder = mkdtempSync('/tmp/hp-desk-');
  const run = join(folder, '.holdpoint', 'run');
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const servers = [];
  for (let proxy = 0; proxy < PROXIES; proxy += 1) {
    const holds = Array.from({ length: Math.ceil(count / PROXIES) }, (_, n) => hold(proxy, n));
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
    '120',
    '-y',
    '40',
    '-s',
    'w',
    process.execPath,
    join(ROOT, 'bin/holdpoint.js'),
    'watch',
    '--home',
    home,
  );
  const pid = tmux('list-panes', '-t', 'w', '-F', '#{pane_pid}').trim();
  const wanted = String(Math.ceil(count / PROXIES) * PROXIES);
  while (!tmux('capture-pane', '-p', '-t', 'w').includes(wanted)) {
    await pause(50);
    if (performance.now() - since > 60_000) break;
  }
  const settled = performance.now() - since;
  const before = cpu(pid);
  for (let n = 0; n < Number(process.env.KEYS ?? 40); n += 1) {
    tmux('send-keys', '-t', 'w', 'Down');
    await pause(50);
  }
  const keys = (cpu(pid) - before) / 40;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  console.log(
    `${wanted.padStart(6)} holds: first screen after ${(settled / 1000).toFixed(1)} s, ${keys.toFixed(0)} ms of CPU a key, ${of('VmRSS').toFixed(0)} MiB, at most ${of('VmHWM').toFixed(0)}`,
  );
  if (process.env.HP_SHOW !== undefined) console.log(tmux('capture-pane', '-p', '-t', 'w'));
  tmux('kill-server');
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
}

/** In ms. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

for (const count of (process.argv[2] ?? '50,500,2000').split(',')) await measure(Number(count));
process.exit(0);
