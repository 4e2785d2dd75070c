// A remote server on loopback: what a call takes through `run --url`, beside the SDK's own client over the same HTTP, and
// what `run` takes for a remote server beside a local one: node bench/remote.mjs [ROUNDS] [CALLS]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
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

async function warm(command) {
  const target = start(command);
  await target.ask(INITIALIZE);
  target.child.stdin.write(READY);
  for (let id = 1; id <= 100; id += 1) await target.ask(call(id, 200));
  const since = performance.now();
  for (let id = 101; id <= 100 + calls; id += 1) await target.ask(call(id, 200));
  const ms = (performance.now() - since) / calls;
  target.end();
  return ms;
}

async function sdk(url) {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const args = JSON.parse(call(1, 200)).params;
  for (let n = 0; n < 100; n += 1) await client.callTool(args);
  const since = performance.now();
  for (let n = 0; n < calls; n += 1) await client.callTool(args);
  const ms = (performance.now() - since) / calls;
  await client.close();
  return ms;
}

const spread = (values) =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

for (const how of ['json', 'sse']) {
  const url = await served(how);
  const ratios = [];
  const times = { sdk: [], holdpoint: [] };
  for (let round = 0; round < rounds; round += 1) {
    const [ours, theirs] = [await warm(run('--url', url)), await sdk(url)];
    times.holdpoint.push(ours);
    times.sdk.push(theirs);
    ratios.push(ours / theirs);
  }
  console.log(
    `a call, answered as ${how}: ${spread(ratios)} of the SDK's client; ms ${spread(times.holdpoint)} and ${spread(times.sdk)}`,
  );
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
