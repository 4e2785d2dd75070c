import { describe, expect, it, vi } from 'vitest';
import { recordedArguments } from '../../src/audit/writing/arguments.ts';
import { Redactor } from '../../src/audit/writing/redact.ts';
import { ownFilesNamed } from '../../src/policy/paths/protected-paths.ts';
import { type ClientMessage, readClientLine } from '../../src/protocol/client-message.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import { QuickAnswer } from '../../src/protocol/quick-answer.ts';
import { ServerLineReader } from '../../src/protocol/server-line-reader.ts';
import { CallDigester, lineDigest } from '../../src/proxy/call-digest.ts';
import { fuzzLines } from '../support/fuzz-lines.ts';
import { LONG } from '../support/long.ts';
import { seeded } from '../support/respell.ts';

/** The same on every run; HOLDPOINT_FUZZ_SEED chooses others. */
const SEED = Number(process.env['HOLDPOINT_FUZZ_SEED'] ?? 20_261_127);
const LINES = LONG ? 500_000 : 40_000;
const WITHIN_MS = LONG ? 600_000 : 60_000;
const KEY = Buffer.alloc(32, 7);
const PLACES = {
  holdpointHome: '/home/ada/.holdpoint',
  userHome: '/home/ada',
  workingFolder: '/work',
  besides: ['/opt/holdpoint/dist'],
};

/** The same modules in an engine that knows no WebAssembly: the plain loops. */
async function withoutSimd() {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', undefined);
  const [client, server, digest, paths, source] = await Promise.all([
    import('../../src/protocol/client-message.ts'),
    import('../../src/protocol/server-line-reader.ts'),
    import('../../src/proxy/call-digest.ts'),
    import('../../src/policy/paths/protected-paths.ts'),
    import('../../src/protocol/json/json-source.ts'),
  ]);
  const { simd } = await import('../../src/protocol/json/simd.ts');
  expect(simd()).toBeUndefined();
  vi.unstubAllGlobals();
  return { ...client, ...server, ...digest, ...paths, ...source };
}

const plain = await withoutSimd();

const PIECES = [
  ...[
    'plain words of a text, ',
    'const x = "y";\\n'.replaceAll('"', '\\"'),
    '\\n',
    '\\"',
    '\\\\',
    '\\/',
    '\\t',
  ],
  ...['\\u0041', '\\u00e9', '\\ud83d\\ude00', '\\ud83d', '\\u001F', 'é漢😀', '’', '. ', ': ', "'"],
  ...[
    '.holdpoint',
    '.json',
    '/dist',
    'bin/',
    '%2e',
    '.h\\u006fldpoint',
    '.hold\u200bpoint',
    '"',
    '\t',
    '\\x',
    '\\u12',
  ],
  ...['password=hunter2hunter2', 'ghp_0123456789abcdefghijABCDEFGHIJ012345', 'AKIAIOSFODNN7EXAMPLE', 'token'],
];
const KEYS = ['a', 'b', 'content', 'path', 'password', 'api_key', 'é', '\uff21', '😀', 'a\\u0062', 'Z', 'z"'];

type Random = () => number;
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** A string token: mostly short, now and then longer than what is noted, cut or named by its digest. */
function token(random: Random): string {
  const kind = random();
  const count = kind < 0.7 ? 3 : kind < 0.95 ? 60 : 900;
  const clean = random() < 0.8 ? 11 : PIECES.length;
  let text = '';
  for (let n = Math.floor(random() * count); n > 0; n -= 1) text += PIECES[Math.floor(random() * clean)];
  return `"${text}"`;
}

function value(random: Random, depth: number): string {
  const kind = random();
  const space = random() < 0.05 ? ' ' : '';
  if (depth > 2 || kind < 0.6) return space + token(random);
  if (kind < 0.75)
    return space + pick(random, ['1', '1.0', '-0', 'true', 'null', '1e5', '01', '9007199254740993']);
  const inner = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1));
  if (kind < 0.85) return `${space}[${inner.join(',')}]`;
  return `${space}{${inner.map((one) => `"${pick(random, KEYS)}":${one}`).join(`,${space}`)}}`;
}

function callLine(random: Random): string {
  const args = `{"${pick(random, KEYS)}":${value(random, 0)},"${pick(random, KEYS)}":${value(random, 0)}}`;
  const more = random() < 0.1 ? `,"_meta":${value(random, 1)}` : '';
  return `{"jsonrpc":"2.0","id":${Math.floor(random() * 99)},"method":"tools/call","params":{"name":"t","arguments":${args}${more}}}`;
}

function answerLine(random: Random): string {
  const id = pick(random, [
    '7',
    '12',
    '0',
    '"a"',
    '"b-1"',
    '7',
    '1.0',
    '07',
    'null',
    '"\\u0061"',
    '-1',
    '123456789012345678',
  ]);
  const key = pick(random, ['content', 'isError', 'structuredContent', 'resultType', 'requestState', 'x']);
  const said = random() < 0.3 ? pick(random, ['true', 'false', '"true"', 'tru']) : value(random, 0);
  const result = `{"content":[{"type":"text","text":${token(random)}}],"${key}":${said}}`;
  const members = [
    `"jsonrpc":"2.0"`,
    `"id":${id}`,
    `"${pick(random, ['result', 'result', 'error'])}":${result}`,
  ];
  if (random() < 0.1) members.push(pick(random, ['"id":8', '"x":1', '"method":"m"', '"error":{}']));
  if (random() < 0.5) members.reverse();
  return `{${members.join(pick(random, [',', ',', ',', ', ']))}}`;
}

/** Something of a line lost, doubled or replaced, now and then. */
function damaged(random: Random, line: string): string {
  if (random() < 0.8) return line;
  const at = Math.floor(random() * line.length);
  const to = at + Math.floor(random() * 4);
  return (
    line.slice(0, at) +
    pick(random, ['', '"', '\\', '}', ',', ' ', '\0', '{', line.slice(at, to)]) +
    line.slice(to)
  );
}

const said = (source: JsonSource | undefined): string | undefined => source?.text;

/** All that a reading says, sources as their texts. */
function whole(message: ClientMessage): object {
  if (message.kind !== 'call') return message;
  const { arguments: args, inputResponses, task, ...rest } = message;
  return { ...rest, args: said(args), inputResponses: said(inputResponses), task: said(task) };
}

const digester = new CallDigester('s', 'c');
const plainDigester = new plain.CallDigester('s', 'c');
const quickly = new Redactor(KEY, []);
/** A path that no call has: then all that is kept is searched, as a whole. */
const thoroughly = new Redactor(KEY, [['no call has this']]);

/** How many of the lines were calls. */
function compareClientLine(line: Uint8Array): number {
  const message = readClientLine(line);
  const other = plain.readClientLine(line);
  expect(whole(message)).toEqual(whole(other as ClientMessage));
  if (message.kind !== 'call' || other.kind !== 'call' || message.arguments === undefined) return 0;
  // Nobody says of this source what its scanner saw: it is walked through.
  const walked = { ...other, arguments: plain.JsonSource.of(message.arguments.text) };
  expect(digester.of(message)).toBe(plainDigester.of(walked as never));
  expect(lineDigest(line, message.arguments.all)).toBe(plain.lineDigest(line, other.arguments?.all));
  for (const sureRead of [true, false])
    expect(ownFilesNamed(message.arguments, PLACES, sureRead)).toEqual(
      plain.ownFilesNamed(walked.arguments, PLACES, sureRead),
    );
  const quick = recordedArguments(message.arguments, quickly, 'source');
  const slow = recordedArguments(JsonSource.of(message.arguments.text), thoroughly, 'source');
  // Of a list's paths nothing may be known in the middle of a text, so what is cut as a whole has no head there.
  if (!slow.field.text.startsWith('{"cut":true')) expect(quick).toEqual(slow);
  return 1;
}

/** How many of the lines were read at once. */
function compareAnswer(line: Uint8Array, stretch: number): number {
  const full = new ServerLineReader();
  const slow = new plain.ServerLineReader();
  full.feed(line);
  for (let at = 0; at < line.length; at += stretch) slow.feed(line.subarray(at, at + stretch));
  const seen = full.end();
  expect(slow.end()).toEqual(seen);
  const quick = new QuickAnswer().read(Uint8Array.from([...line, 0x0a]), 0, line.length);
  if (quick === undefined) return 0;
  expect({ answer: quick }).toEqual(seen);
  return 1;
}

describe('the quick ways', () => {
  it(
    'read, refuse, digest, mask and record a client’s line as the plain ones do',
    () => {
      const random = seeded(SEED);
      let calls = 0;
      for (let n = 0; n < LINES / 2; n += 1)
        calls += compareClientLine(Buffer.from(damaged(random, callLine(random))));
      expect(calls).toBeGreaterThan(LINES / 10);
      for (const line of fuzzLines(SEED, LINES / 10)) compareClientLine(line);
    },
    WITHIN_MS,
  );

  it(
    'take a server’s line for what the full reading takes it for, or leave it to that',
    () => {
      const random = seeded(SEED + 1);
      let quick = 0;
      for (let n = 0; n < (LINES * 4) / 10; n += 1) {
        const line = Buffer.from(damaged(random, answerLine(random)));
        quick += compareAnswer(line, 1 + Math.floor(random() * line.length));
      }
      expect(quick).toBeGreaterThan(LINES / 20);
    },
    WITHIN_MS,
  );
});
