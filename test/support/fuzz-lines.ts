import { respell, seeded } from './respell.ts';

type Random = () => number;

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const TOOLS = [
  'allow_read',
  'allow_write',
  'deny_drop',
  'other',
  'ALLOW_READ',
  'allow_read ',
  'allow\u200b_x',
  '__proto__',
];
const METHODS = [
  'ping',
  'tools/list',
  'resources/read',
  'server/discover',
  'tasks/update',
  'x/y',
  'Tools/Call',
  'tools/call/',
];
const IDS = [
  '1',
  '2',
  '"a"',
  '0',
  '-0',
  '"1"',
  '1.0',
  '1e2',
  'null',
  '[]',
  '9007199254740993',
  '"\\u0061"',
  '{}',
  'true',
];
const VALUES = [
  '1',
  '"x"',
  'null',
  'true',
  '[1,{"a":2}]',
  '{"name":"allow_read"}',
  '1e999',
  '"\\ud800"',
  '-0.0',
  '{"":{}}',
];
/** What somebody may put between tokens or inside strings. */
const SPICE = [
  '\r',
  '\t',
  '\f',
  '\0',
  '\ufeff',
  '\u2028',
  ' ',
  '\u00a0',
  '//x',
  '/*x*/',
  ',',
  '\\',
  '"',
  '\x1b[2J',
  '\udc00',
];
const KEYS = [
  'method',
  'id',
  'params',
  'jsonrpc',
  'name',
  'arguments',
  '_meta',
  'task',
  'inputResponses',
  'result',
];

function call(random: Random): string {
  const more = random() < 0.2 ? `,"_meta":{"progressToken":${pick(random, IDS)}}` : '';
  const args = random() < 0.8 ? `{"path":${pick(random, VALUES)}}` : pick(random, VALUES);
  return `{"jsonrpc":"2.0","id":${id(random)},"method":"tools/call","params":{"name":${JSON.stringify(pick(random, TOOLS))},"arguments":${args}${more}}}`;
}

/** Mostly ids of their own, so that most calls are judged; sometimes one that is in flight, or none at all. */
function id(random: Random): string {
  return random() < 0.7 ? String(Math.floor(random() * 1e9)) : pick(random, IDS);
}

function other(random: Random): string {
  switch (Math.floor(random() * 6)) {
    case 0:
      return `{"jsonrpc":"2.0","id":${id(random)},"method":${JSON.stringify(pick(random, METHODS))},"params":${pick(random, VALUES)}}`;
    case 1:
      return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id(random)},"reason":"timed out"}}`;
    case 2:
      return `{"jsonrpc":"2.0","id":${id(random)},"result":${pick(random, VALUES)}}`;
    case 3:
      return `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"allow_read"}}`;
    case 4:
      return `[${call(random)}]`;
    default:
      return pick(random, ['', ' ', 'junk', '{', '}', '"', '[]', '{}', 'null', '\t{}']);
  }
}

/** Other spellings of a key that some reader may take for it. */
function disguised(key: string, random: Random): string {
  const [first = '', rest] = [key[0], key.slice(1)];
  return pick(random, [
    key.toUpperCase(),
    first.toUpperCase() + rest,
    `${key}\\u0000`,
    ` ${key}`,
    `${key}\\u200b`,
    `\\u00${first.charCodeAt(0).toString(16)}${rest}`,
    String.fromCodePoint(first.charCodeAt(0) + 0xfee0) + rest,
    key.replace('s', '\u017f'),
    `_${key}`,
  ]);
}

const MUTATIONS: ((text: string, random: Random) => string)[] = [
  (text, random) => respell(text, random),
  (text, random) => respell(text, random),
  // One member twice, or once more in disguise.
  (text, random) => {
    const key = pick(random, KEYS);
    const twin = random() < 0.5 ? key : disguised(key, random);
    const value = pick(random, [...VALUES, '"tools/call"', '"allow_read"', '7']);
    const braces = [...text.matchAll(/[{,](?=")/g)];
    if (braces.length === 0) return text;
    const place = pick(random, braces).index + 1;
    return `${text.slice(0, place)}"${twin}":${value},${text.slice(place)}`;
  },
  (text, random) => {
    const key = pick(random, KEYS);
    return text.replace(`"${key}"`, `"${disguised(key, random)}"`);
  },
  // A call inside something else.
  (text, random) =>
    text.replace(
      /:("[^"]*"|\d+)/,
      `:${random() < 0.5 ? '\r' : ''}${call(random)}${random() < 0.5 ? '\r' : ''}`,
    ),
  (text, random) => at(text, random, pick(random, SPICE)),
  (text, random) => at(text, random, String.fromCharCode(Math.floor(random() * 256))),
  (text, random) => text.slice(0, Math.floor(random() * text.length)),
  (text, random) => text + pick(random, ['', ' ', '\r', '\r\r']) + call(random),
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace('"2.0"', '"1.0"'),
  (text, random) => text.replace(/"id":/, `"result":${pick(random, VALUES)},"id":`),
  (text, random) => text.replace(/\}$/, `,"extra":${pick(random, VALUES)}}`),
  (text, random) =>
    text.replace(
      '"tools/call"',
      pick(random, ['"tools\\/call"', '"TOOLS/CALL"', '"tools/call\\u0000"', '["tools/call"]']),
    ),
  (text, random) => `${pick(random, ['\ufeff', ' ', '\0', '\u001e'])}${text}`,
  (text, random) => {
    const depth = Math.floor(random() * 400);
    return text.replace(/:\{"path"/, `:{"deep":${'['.repeat(depth)}${']'.repeat(depth)},"path"`);
  },
];

function at(text: string, random: Random, inserted: string): string {
  const place = Math.floor(random() * (text.length + 1));
  return text.slice(0, place) + inserted + text.slice(place);
}

/** The same lines again for the same seed: half of them calls, most of them spoilt in up to three ways. */
export function fuzzLines(seed: number, count: number): Buffer[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    let text = random() < 0.6 ? call(random) : other(random);
    for (let times = Math.floor(random() * random() * 5); times > 0; times -= 1)
      text = pick(random, MUTATIONS)(text, random);
    const bytes = Buffer.from(`${text.replaceAll('\n', ' ')}${random() < 0.05 ? '\r\n' : '\n'}`);
    // Now and then a byte that UTF-8 does not know, or a bit that fell over.
    if (random() < 0.05 && bytes.length > 2) {
      const place = Math.floor(random() * (bytes.length - 1));
      const flipped = (bytes[place] as number) ^ (1 << Math.floor(random() * 8));
      if (flipped !== 0x0a) bytes[place] = flipped;
    }
    return bytes;
  });
}
