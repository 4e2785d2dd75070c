import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const PROJECT = resolve(import.meta.dirname, '../..');
export const DATA = resolve(dirname(PROJECT), 'shared/data/tools.jsonl.gz');

/** The labelled tools, or undefined where the data set is not beside the project. */
export function loadTools() {
  if (!existsSync(DATA)) return undefined;
  const lines = gunzipSync(readFileSync(DATA)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const { server, tool, title, description, inputSchema, annotations, label } = JSON.parse(line);
    const definition = {
      name: tool,
      title: title ?? '',
      description: description ?? '',
      inputSchema,
      annotations,
    };
    return { server, label, definition };
  });
}

/** Numbers in [0, 1) that are the same on every run (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A fold for every server: whole servers, so that no fold is tested on a server that it was trained on. */
export function foldsOf(tools, count, seed = 1) {
  const random = seeded(seed);
  const servers = [...new Set(tools.map(({ server }) => server))];
  for (let at = servers.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [servers[at], servers[other]] = [servers[other], servers[at]];
  }
  const sizes = new Map(servers.map((server) => [server, 0]));
  for (const { server } of tools) sizes.set(server, sizes.get(server) + 1);
  // The large ones first, each into the emptiest fold: folds of about the same size.
  const bySize = [...servers].sort((one, other) => sizes.get(other) - sizes.get(one));
  const load = new Array(count).fill(0);
  const fold = new Map();
  for (const server of bySize) {
    const emptiest = load.indexOf(Math.min(...load));
    fold.set(server, emptiest);
    load[emptiest] += sizes.get(server);
  }
  return fold;
}
