// The gate alone, in this process: what a call and its answer cost between two pipes, in microseconds.
// node bench/gate.mjs [ROUNDS] (after npm run build). Minimum and median of windows; a text with escapes.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, text, writePolicy } from './targets.mjs';

const ROOT = resolve(process.env.HP_ROOT ?? join(import.meta.dirname, '..'));
const load = (file) => import(pathToFileURL(join(ROOT, 'dist', file)).href);
const { Enforcer } = await load('proxy/enforce.js');
const { ServerLines } = await load('proxy/server-lines.js');
const { PolicySession } = await load('session/policy-session.js');
const { loadHome } = await load('session/from-home.js');
const { SeenTools } = await load('tools/seen-tools.js');
const { resolveHome } = await load('platform/home.js');

const folder = mkdtempSync(process.env.HP_TMP ?? '/tmp/hp-gate-');
const root = join(folder, '.holdpoint');
writePolicy(root);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const KIND = process.env.HP_PLAIN === undefined ? 'code' : 'plain';
const answer = (id, size) =>
  `{"result":{"content":[{"type":"text","text":${text(size * 0.9, KIND)}}]},"jsonrpc":"2.0","id":${id}}\n`;

const home = resolveHome(root, {});
const identity = {
  session: '01TEST',
  server: 'x',
  commandDigest: '0'.repeat(64),
  caller: undefined,
  client: { name: 'bench', version: '1' },
};
const tools = new SeenTools();
const enforcer = new Enforcer(identity, {
  tools,
  toServer: () => {},
  flush: () => {},
  toClient: (line) => void console.log('!', line),
  policyWanted: () => {},
  settled: () => {},
  client: () => {},
  mono: () => performance.now(),
});
const state = await loadHome(home, { policy: undefined, clientWaitsMs: undefined }, (said) =>
  console.log(said),
);
const delivery = {};
const session = new PolicySession(
  { identity, trustFirst: true, home, parentPid: 1, delivery, tools, say: (said) => console.log(said) },
  state,
);
const places = (await load('session/own-places.js')).ownPlaces(home, '/work');
enforcer.ready({
  decide: (one) => session.decide(one, places),
  recorder: session.recorder,
  approvals: session.approvals,
});
const lines = new ServerLines(enforcer.open, { relay: () => {}, hidden: undefined });

const SIZES = { '200 B': [200, 2000], '10 KiB': [10_240, 400], '1 MiB': [1_048_576, 8] };
const rounds = Number(process.argv[2] ?? 30);
const only = process.argv[3];
let id = 0;
for (const [label, [size, count]] of Object.entries(SIZES)) {
  if (only !== undefined && only !== label) continue;
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const calls = [];
    for (let n = 0; n < count; n += 1) {
      id += 1;
      calls.push([Buffer.from(call(id, size, KIND)), Buffer.from(answer(id, size))]);
    }
    const start = performance.now();
    for (const [request, response] of calls) {
      enforcer.take([request]);
      lines.push(response);
    }
    const took = performance.now() - start;
    times.push((took * 1000) / count);
  }
  times.sort((a, b) => a - b);
  console.log(
    `${label.padEnd(7)} min ${times[0].toFixed(1)} us, quarter ${times[times.length >> 2].toFixed(1)}, median ${times[times.length >> 1].toFixed(1)}`,
  );
}
process.exit(0);
