import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { resolveHome } from '../../src/platform/home.ts';
import { readClientLine } from '../../src/protocol/client-message.ts';
import { LineSplitter, withoutEnd } from '../../src/protocol/line-splitter.ts';
import { keyedFor } from '../../src/session/keyed-for.ts';
import { laxServer } from './bypass-corpus.ts';
import { newFolder, newHome, recordsOf, type TestPolicy } from './home.ts';
import { fixture, ProxyProcess } from './proxy-process.ts';
import { overHttp } from './remote-process.ts';

/** A call as a server executed it, or as the proxy recorded it. */
export interface Call {
  name: string;
  arguments: unknown;
}

export interface Result {
  executed: Call[];
  decided: Call[];
  /** What the byte-keeping server got; undefined for the others. */
  received: Buffer | undefined;
}

export const NODE_SERVER = [process.execPath, laxServer('node-server.mjs')];
export const PYTHON_SERVER = ['python3', laxServer('python-server.py')];
export const LAXEST_SERVER = ['python3', laxServer('lax-server.py')];

export const AFTER =
  '{"jsonrpc":"2.0","id":"after","method":"tools/call","params":{"name":"echo","arguments":{"after":1}}}\n';

/** Sends bytes and then a plain call: whatever the bytes did, that call is still decided and answered. */
export async function probe(
  bytes: Uint8Array,
  server: string[] | 'keep',
  policy: TestPolicy,
  remote = false,
): Promise<Result> {
  const home = newHome(policy);
  const log = join(newFolder(), 'log');
  const command =
    server === 'keep' ? [process.execPath, fixture('keep'), log] : ['env', `EXEC_LOG=${log}`, ...server];
  const to = remote ? ['--url', await overHttp(command)] : ['--', ...command];
  const proxy = new ProxyProcess({ home, server: to, words: ['--server', 'srv'], readStderr: false });
  proxy.write(Buffer.concat([bytes, Buffer.from(`\n${AFTER}`)]));
  await proxy.answer('after', 60_000);
  proxy.child.stdin?.end();
  await proxy.exit;
  const kept = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
  const sources = sourcesOf(bytes, keyedFor(resolveHome(home, {})));
  const decided = recordsOf(home, 'decision').map((record) => ({
    name: String(record['tool']),
    arguments: whole(record['arguments'], sources),
  }));
  if (server === 'keep') return { executed: [], decided, received: kept };
  const lines = kept.toString().split('\n').filter(Boolean);
  const executed = lines.map(executedCall).filter((call) => !isAfter(call));
  return { executed, decided, received: undefined };
}

/** Python's json writes what JSON cannot: 1e999 is Infinity there. */
function executedCall(line: string): Call {
  return JSON.parse(line.replace(/: -?(?:Infinity|NaN)\b/g, ': null')) as Call;
}

/** What was sent, by the digests that a record of it names: keyed ones, for it holds a beginning only. */
interface Sources {
  /** Arguments that were cut as a whole. */
  whole: Map<string, unknown>;
  /** The plain digests of long strings. */
  strings: Map<string, string>;
}

function sourcesOf(bytes: Uint8Array, keyed: (digest: string) => string): Sources {
  const found: Sources = { whole: new Map(), strings: new Map() };
  const strings = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 64)
      found.strings.set(keyed(sha256(value)), sha256(value));
    else if (isObject(value)) Object.values(value).forEach(strings);
  };
  for (const line of new LineSplitter(32 << 20).push(bytes)) {
    const message = 'overlong' in line ? undefined : readClientLine(withoutEnd(line));
    if (message?.kind !== 'call' || message.arguments === undefined) continue;
    const { text } = message.arguments;
    if (text.length <= 512) continue;
    const value: unknown = JSON.parse(text);
    found.whole.set(keyed(sha256(text)), value);
    strings(value);
  }
  return found;
}

function whole(recorded: unknown, sources: Sources): unknown {
  if (isCut(recorded) && sources.whole.has(recorded.digest)) return sources.whole.get(recorded.digest);
  if (isCut(recorded))
    return { ...recorded, digest: sources.strings.get(recorded.digest) ?? recorded.digest };
  if (Array.isArray(recorded)) return recorded.map((one) => whole(one, sources));
  if (!isObject(recorded)) return recorded;
  return Object.fromEntries(Object.entries(recorded).map(([key, value]) => [key, whole(value, sources)]));
}

const isAfter = (call: Call): boolean => isDeepStrictEqual(call.arguments, { after: 1 });

/** Whether a recorded call is the one that was executed: same name, same arguments, long strings by their digest. */
export function isSameCall(executed: Call, recorded: Call): boolean {
  return executed.name === recorded.name && isSame(executed.arguments ?? {}, recorded.arguments ?? {});
}

function isSame(value: unknown, recorded: unknown): boolean {
  if (typeof value === 'string' && isCut(recorded)) {
    return sha256(value) === recorded.digest;
  }
  if (!isObject(value) || !isObject(recorded)) return isDeepStrictEqual(value, recorded);
  const keys = Object.keys(value);
  return (
    keys.length === Object.keys(recorded).length &&
    Array.isArray(value) === Array.isArray(recorded) &&
    keys.every((key) => Object.hasOwn(recorded, key) && isSame(value[key], recorded[key]))
  );
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isCut = (value: unknown): value is { digest: string } => isObject(value) && value['cut'] === true;
