// What one line of about 30 MB costs: the longest time that the proxy's loop stands still, and the most memory of its
// process. Absolute figures; on a busy machine take the least of several rounds. Linux.
// node bench/big-lines.mjs [ROUNDS] [FILTER]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '..');
const BYTES = 30_000_000;
const rounds = Number(process.argv[2] ?? 3);
const wanted = process.argv[3] ?? '';

const fill = (unit) =>
  Buffer.alloc(Math.floor(BYTES / Buffer.byteLength(unit)) * Buffer.byteLength(unit), unit);
const around = (before, middle, after) =>
  Buffer.concat([Buffer.from(before), middle, Buffer.from(`${after}\n`)]);
/** A call whose argument `text` is this, escaped already. */
const text = (unit) =>
  around(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","arguments":{"text":"',
    fill(unit),
    '"}}}',
  );
const args = (json) =>
  around(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","arguments":',
    Buffer.from(json),
    '}}',
  );
const list = (count, one) => `{"list":[${Array.from({ length: count }, one).join(',')}]}`;

const KEY = `-----BEGIN PRIVATE KEY-----\\n${`${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'.padEnd(64, 'x')}\\n`.repeat(20)}-----END PRIVATE KEY-----\\n`;
const LINES = {
  plain: () => text('x'),
  'escapes \\n': () => text('\\n'),
  'escapes \\u': () => text('\\u00e9'),
  'escapes in prose': () => text('a line of code, as it stands in a file\\n'),
  'quotes \\"': () => text('\\"name\\": \\"x\\", '),
  'surrogates \\ud83d\\ude00': () => text('\\ud83d\\ude00'),
  'lone surrogates': () => text('\\ud83d '),
  'UTF-8, 2 bytes': () => text('é'),
  'UTF-8, 3 bytes': () => text('漢'),
  'UTF-8, 4 bytes': () => text('😀'),
  'UTF-8 and escapes': () => text('é\\n'),
  secrets: () => text('password=hunter2hunter2 token: ghp_0123456789abcdefghijklmnopqrstuvwxyz '),
  paths: () => text('/home/someone/.config/thing/file.json ../../x ~/.ssh/id_ed25519 '),
  'paths, escaped': () => text('\\/home\\/someone\\/.config\\/thing ~\\/.holdpoint '),
  keys: () => text(KEY),
  '240,000 numbers': () => args(list(240_000, () => '1'.repeat(120))),
  '240,000 strings': () => args(list(240_000, () => `"${'x'.repeat(120)}"`)),
  '240,000 strings, escaped': () => args(list(240_000, () => `"${'\\n'.repeat(60)}"`)),
  '120,000 keys': () =>
    args(`{${Array.from({ length: 120_000 }, (_, i) => `"${'k'.repeat(230)}${i}":1`).join(',')}}`),
  '6,000 long strings': () => args(list(6_000, () => `"${'a b\\n'.repeat(1_000)}"`)),
  'a key': () => args(`{"${'x'.repeat(BYTES)}":1}`),
  'an escaped key': () => args(`{"${'\\n'.repeat(BYTES / 2)}":1}`),
  'too many numbers': () => args(list(10_000_000, () => '1')),
  'an unended string': () => around('{"jsonrpc":"2.0","id":1,"method":"x","params":"', fill('\\n'), ''),
  'a tool name': () =>
    around(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"',
      fill('\\n'),
      '","arguments":{}}}',
    ),
  'a method': () => around('{"jsonrpc":"2.0","id":1,"method":"', fill('\\n'), '"}'),
  'an unknown key': () => around('{"jsonrpc":"2.0","id":1,"method":"x","', fill('\\n'), '":1}'),
  'an unknown param': () =>
    around('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","', fill('\\n'), '":1}}'),
  'a client name': () =>
    around(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"version":"1","name":"',
      fill('\\n'),
      '"}}}',
    ),
  'a state': () =>
    around(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","requestState":"',
      fill('\\n'),
      '"}}',
    ),
  _meta: () =>
    around(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","_meta":{"x":"',
      fill('\\n'),
      '"}}}',
    ),
  'a task': () =>
    around(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","task":{"ttl":"',
      fill('\\n'),
      '"}}}',
    ),
};
const ASKS = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n';
const CALLS_BIG = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"big","arguments":{}}}\n';

const ALLOW = { version: 1, allow: ['*'] };
const POLICIES = {
  allowed: ALLOW,
  'allowed, conditions': {
    version: 1,
    deny: [{ tool: '*', when: "args.text.contains('rm -rf') || args.text.matches('(?i)drop +table')" }],
    allow: ['*'],
  },
  denied: { version: 1, deny: ['*'] },
  held: { version: 1, escalate: ['*'] },
  'no policy': undefined,
};

async function proxy(policy, server) {
  const home = mkdtempSync('/tmp/hp-big-');
  if (policy !== undefined) writeFileSync(join(home, 'policy.json'), JSON.stringify(policy), { mode: 0o600 });
  const probe = join(home, 'probe');
  const prof = process.env.PROF === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.PROF}`];
  const words = [
    ...prof,
    '--import',
    join(ROOT, 'bench/big/probe.mjs'),
    join(ROOT, 'bin/holdpoint.js'),
    'run',
    '--home',
    home,
  ];
  const command = [process.execPath, join(ROOT, 'bench/big/server.cjs'), ...server];
  const child = spawn(process.execPath, [...words, '--', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, BIG_PROBE: probe },
  });
  let lines = 0;
  child.stdout.on('data', (chunk) => {
    for (const byte of chunk.subarray(-1)) if (byte === 10) lines += 1;
  });
  const answered = async (count) => {
    while (lines < count && child.exitCode === null) await sleep(5);
  };
  const end = async () => {
    child.stdin.end();
    while (child.exitCode === null && child.signalCode === null) await sleep(5);
    const measured = JSON.parse(readFileSync(probe, 'utf8'));
    rmSync(home, { recursive: true, force: true });
    return measured;
  };
  return { child, home, answered, end };
}

const CALL = '{"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"write","arguments":{}}}\n';

/** A terminal that reads what is held and rejects or approves nothing: resolves when a hold of so much came. */
async function terminal(home) {
  let name;
  while (!name) {
    name =
      existsSync(join(home, 'run')) && readdirSync(join(home, 'run')).find((one) => one.endsWith('.sock'));
    await sleep(5);
  }
  const socket = createConnection(join(home, 'run', name));
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.write('{"type":"hello","v":4,"attending":true}\n');
  return {
    got: async (count) => {
      let before = -1;
      const until = Date.now() + 15_000;
      while ((bytes < count || bytes !== before) && Date.now() < until) {
        before = bytes;
        await sleep(100);
      }
    },
    end: () => socket.destroy(),
  };
}

async function once(policy, line, server) {
  const { child, home, answered, end } = await proxy(policy, server);
  const held = policy?.escalate !== undefined;
  // The first call loads what is loaded late.
  child.stdin.write(held ? CALL.replace('"id":0', '"id":7') : CALL);
  let watch;
  if (held) {
    await sleep(600);
    watch = await terminal(home);
    await sleep(200);
  } else if (policy === undefined) await sleep(600);
  else await answered(1);
  process.kill(child.pid, 'SIGUSR2');
  await sleep(50);
  child.stdin.write(line);
  if (watch !== undefined) await watch.got(line.length);
  else if (policy === undefined) await sleep(2500);
  else await answered(2);
  watch?.end();
  return end();
}

async function measure(label, policy, line, server = []) {
  if (!label.includes(wanted)) return;
  const all = [];
  for (let round = 0; round < rounds; round += 1) all.push(await once(policy, line(), server));
  const ms = Math.min(...all.map((one) => one.longest));
  const cpu = Math.min(...all.map((one) => one.busiest));
  const mb = Math.min(...all.map((one) => one.peak));
  const over = `${cpu > 250 ? ' TIME' : ''}${mb > 300 ? ' MEMORY' : ''}`;
  console.log(
    `${label.padEnd(48)} ${ms.toFixed(0).padStart(6)} ms ${cpu.toFixed(0).padStart(6)} ms CPU ${mb.toFixed(0).padStart(6)} MB${over}`,
  );
}

for (const [name, policy] of Object.entries(POLICIES))
  for (const [kind, line] of Object.entries(LINES)) await measure(`${name}: ${kind}`, policy, line);
for (const unit of ['x', '\\n', 'é']) {
  await measure(`answer: ${unit}`, ALLOW, () => CALLS_BIG, [String(BYTES), unit]);
  await measure(`list of tools: ${unit}`, ALLOW, () => ASKS, [String(BYTES), unit]);
  await measure(`list of tools, 15 MB: ${unit}`, ALLOW, () => ASKS, [String(BYTES / 2), unit]);
  const hidden = { version: 1, deny: ['other/*', 'big'], allow: ['*'] };
  await measure(`list of tools, some hidden: ${unit}`, hidden, () => ASKS, [String(BYTES / 2), unit]);
}
