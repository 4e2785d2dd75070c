// What a decision costs against policies of 10 to 3,000 items, what loading 1,000 takes, and the worst that hostile
// arguments can do to conditions, patterns and globs.

import { decide } from '../dist/policy/decide/decide.js';
import { ZERO } from '../dist/policy/decide/decimal.js';
import { compilePolicy } from '../dist/policy/source/compile.js';
import { JsonSource } from '../dist/protocol/json/json-source.js';

const FACTS = {
  places: {
    holdpointHome: '/home/ada/.holdpoint',
    userHome: '/home/ada',
    workingFolder: '/home/ada/work',
    besides: [],
  },
  now: Date.now(),
  spent: () => ZERO,
};
const ROUNDS = 20_000;
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const ms = (n) => n.toFixed(1);
const us = (n) => (n * 1000).toFixed(1);

/** Items as real policies have them: names, globs, and a condition on every fifth. */
function items(count, list) {
  const shapes = [
    (n) => `server${n % 40}/${list}_tool_${n}`,
    (n) => `server${n % 40}/${list}_${n}_*`,
    (n) => `*/${list}_*_${n}`,
    (n) => ({ tool: `server${n % 40}/{get,put}_${list}_${n}`, caller: 'ci' }),
    (n) => ({ tool: `server${n % 40}/${list}_when_${n}`, when: `has(args.amount) && args.amount > ${n}` }),
  ];
  return Array.from({ length: count }, (_, n) => shapes[n % shapes.length](n));
}

function policyOf(count) {
  const [deny, escalate, allow] = ['deny', 'escalate', 'allow'].map((list) =>
    items(Math.floor(count / 3), list),
  );
  // What every call of the measured tool meets.
  deny.push({ tool: 'srv/pay', when: 'args.amount > 5000 && args.currency == "EUR"' });
  escalate.push({ tool: 'srv/pay', when: '!under(args.path, "/home/me/project")' });
  return JSON.stringify({ version: 1, deny, escalate, allow: [...allow, 'srv/*'] });
}

function callFor(n, tool) {
  const args = { amount: n % 4000, currency: 'EUR', path: `/home/me/project/src/file-${n}.ts` };
  const text = JSON.stringify(args);
  return { server: 'srv', tool, arguments: JsonSource.of(text), caller: undefined, client: 'bench' };
}

function timed(policy, tools) {
  const times = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const call = callFor(n, tools[n % tools.length]);
    const from = performance.now();
    const { effect } = decide(call, policy, FACTS);
    times.push(performance.now() - from);
    if (effect !== 'allow') throw new Error(effect);
  }
  const first = Math.max(...times.slice(0, tools.length));
  return { median: median(times.slice(ROUNDS / 4)), first };
}

const many = Array.from({ length: 500 }, (_, n) => `tool_${n}`);
for (const count of [10, 1_000, 3_000]) {
  const text = policyOf(count);
  const loads = [];
  let policy;
  for (let n = 0; n < 5; n += 1) {
    const from = performance.now();
    ({ policy } = await compilePolicy(text));
    loads.push(performance.now() - from);
  }
  const plain = timed(policy, many);
  const conditional = timed(policy, ['pay']);
  console.log(
    `${String(count).padStart(6)} items: ${us(plain.median)} us median a decision by names (500 tools), ${us(conditional.median)} us with two conditions; a tool's first ${ms(plain.first)} ms; loading ${ms(loads[0])} ms first, ${ms(median(loads))} ms again`,
  );
}

const A = (n) => 'a'.repeat(n);
const HOSTILE = [
  ['matches, a pattern that explodes elsewhere', 'args.s.matches("^(a+)+$")', { s: `${A(160_000)}b` }],
  ['matches over many', 'args.l.all(x, x.matches("^(a+)+$"))', { l: Array(1_500).fill(`${A(100)}b`) }],
  ['size, 60 times', Array(60).fill('size(args.s) == 1').join(' || '), { s: A(120_000) }],
  ['a loop', 'args.l.all(x, x > 0 && x < 10 && x != 11)', { l: Array(800).fill(1) }],
  ['lists in a loop', 'args.l.all(x, x in args.m)', { l: Array(300).fill(1), m: [...Array(300).fill(2), 1] }],
  [
    'lists compared',
    Array(20).fill('args.a == args.b').join(' && '),
    { a: Array(9_000).fill(1), b: Array(9_000).fill(1) },
  ],
  ['contains', 'args.s.contains(args.t)', { s: A(250_000), t: `${A(400)}b${A(400)}` }],
  ['glob', 'glob(args.s, "*a*a*a*a*a*a*b")', { s: A(100_000) }],
  ['under', 'under(args.s, "/x") || true', { s: `/${'../'.repeat(80_000)}` }],
  ['path', 'path(args.s) == "x" || true', { s: `${'%25'.repeat(30_000)}/../` }],
  ['pathGlob', 'pathGlob(args.s, "**/*a*a*a*b/**/a/**/c") || true', { s: 'aa/'.repeat(60_000) }],
  [
    'pathGlob over many',
    'args.l.exists(p, pathGlob(p, "**/{.env,*.pem,*.key,.ssh/**}"))',
    { l: Array(600).fill('/home/me/project/src/a.ts') },
  ],
  [
    'anyText over many',
    'anyText(args, t, t.startsWith("/") && t.contains("x") && t.size() > 3)',
    { l: Array(600).fill('/home/me') },
  ],
  ['anyText over big', 'anyText(args, t, pathGlob(t, "**/.ssh/**"))', { l: Array(18).fill(A(10_000)) }],
  [
    'anyText, pathGlob over many',
    'anyText(args, t, pathGlob(t, "**/{.env,*.pem,*.key,.ssh/**}"))',
    { l: Array(1_600).fill('/home/me/project/src/a.ts') },
  ],
  [
    'anyText, 30 times over numbers',
    Array(30).fill('anyText(args, t, t=="")').join(' || '),
    { l: Array(19_000).fill(1) },
  ],
  [
    'anyText against a list',
    'anyText(args, t, t in args.l)',
    { l: Array(300).fill('a'), m: Array(100).fill('b') },
  ],
  ['host', 'host(args.s) == "x" || true', { s: `https://${A(250_000)}` }],
  ['host of dots', 'host(args.s) == "x" || true', { s: `https://a${'.'.repeat(240_000)}b` }],
  ['lowerAscii', 'args.s.lowerAscii().upperAscii() == "x"', { s: 'Aé '.repeat(60_000) }],
  ['many values', 'args.n == 1', { n: Array(120_000).fill(1) }],
  ['deep values', 'args.x.x == 1 || true', JSON.parse(`${'{"x":'.repeat(200)}1${'}'.repeat(200)}`)],
  ['one long number', 'args.n > 5 || true', `{"n":${'9'.repeat(250_000)}}`],
];
let worst = { took: 0, name: '' };
for (const [name, when, args] of HOSTILE) {
  const { policy } = await compilePolicy(JSON.stringify({ version: 1, deny: [{ tool: '*', when }] }));
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  const times = Array.from({ length: 3 }, () => {
    const call = {
      server: 's',
      tool: 't',
      arguments: JsonSource.of(text),
      caller: undefined,
      client: undefined,
    };
    const from = performance.now();
    decide(call, policy, FACTS);
    return performance.now() - from;
  });
  const took = Math.max(...times);
  console.log(`  ${ms(took).padStart(6)} ms at worst: ${name} (${text.length} bytes)`);
  if (took > worst.took) worst = { took, name };
}
const globs = Array.from({ length: 5_000 }, (_, n) => `*a*b*${n}*a`);
const { policy: globbed } = await compilePolicy(JSON.stringify({ version: 1, deny: globs }));
const from = performance.now();
decide(callFor(1, 'ab'.repeat(128)), globbed, FACTS);
const took = performance.now() - from;
console.log(`  ${ms(took).padStart(6)} ms: 5,000 globs against a name of 256 characters, first seen`);
console.log(`worst of all: ${ms(Math.max(took, worst.took))} ms`);
