// A remote server on loopback: what a call takes through `run --url`, beside the SDK's own client over the same HTTP, both
// in processes of the same age, and what `run` takes for a remote server beside a local one:
// node bench/remote.mjs [ROUNDS] [CALLS]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, median, start, writePolicy } from './targets.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 9);
const calls = Number(process.argv[3] ?? 300);
const folder = mkdtempSync('/tmp/hp-remote-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const home = join(folder, '.holdpoint');
writePolicy(home);

const INITIALIZE = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
})}\n`;
const READY = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`;

async function served(...how) {
  const server = spawn(process.execPath, [join(ROOT, 'bench/http-echo-server.mjs'), ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => server.kill());
  const port = await new Promise((told) => server.stdout.once('data', (said) => told(`${said}`.trim())));
  return `http://127.0.0.1:${port}/mcp`;
}

const run = (...server) => [
  process.execPath,
  join(ROOT, 'bin/holdpoint.js'),
  'run',
  '--home',
  home,
  '--server',
  'srv',
  ...server,
];
const local = run('--', process.execPath, join(ROOT, 'bench/echo-server.cjs'));

const memory = (pid) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** From the start to the first answered call, ms, and MiB of the process then. */
async function first(command) {
  const since = performance.now();
  const target = start(command);
  await target.ask(INITIALIZE);
  target.child.stdin.write(READY);
  await target.ask(call(1, 200));
  const ms = performance.now() - since;
  const mib = memory(target.child.pid);
  const exit = new Promise((done) => target.child.once('exit', done));
  target.end();
  await exit;
  return { ms, mib };
}

/** What a call takes after so many before, ms. */
async function ours(url, before) {
  const target = start(run('--url', url));
  await target.ask(INITIALIZE);
  target.child.stdin.write(READY);
  for (let id = 1; id <= before; id += 1) await target.ask(call(id, 200));
  const since = performance.now();
  for (let id = before + 1; id <= before + calls; id += 1) await target.ask(call(id, 200));
  const ms = (performance.now() - since) / calls;
  const exit = new Promise((done) => target.child.once('exit', done));
  target.end();
  await exit;
  return ms;
}

/** The same of the SDK's client, by HTTP or through a command. Its server is another process, so this one may wait. */
function sdk(before, ...server) {
  const words = ['--no-warnings', join(ROOT, 'bench/sdk-client.mjs'), before, calls, ...server];
  return Number(spawnSync(process.execPath, words.map(String), { encoding: 'utf8' }).stdout);
}

const spread = (values) =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

for (const how of ['json', 'sse']) {
  const url = await served(how);
  for (const before of [100, 3_000]) {
    const [lines, through] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const direct = sdk(before, url);
      lines.push((await ours(url, before)) / direct);
      through.push(sdk(before, ...run('--url', url)) / direct);
    }
    console.log(
      `a call after ${before}, answered as ${how}, in ratios to the SDK's client: ${spread(lines)}; that client through holdpoint: ${spread(through)}`,
    );
  }
}
const url = await served('json');
const cold = { ms: [], mib: [] };
for (let round = 0; round < rounds; round += 1) {
  const [remote, near] = [await first(run('--url', url)), await first(local)];
  cold.ms.push(remote.ms / near.ms);
  cold.mib.push(remote.mib / near.mib);
}
console.log(`start to the first answered call: ${spread(cold.ms)} of a local server's`);
console.log(`memory then: ${spread(cold.mib)} of a local server's`);
process.exit();
