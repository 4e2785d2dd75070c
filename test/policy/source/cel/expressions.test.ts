import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CallValues } from '../../../../src/policy/decide/condition.ts';
import type { Effect } from '../../../../src/policy/decide/types.ts';
import { Expressions } from '../../../../src/policy/source/cel/expressions.ts';
import { Patterns } from '../../../../src/policy/source/cel/patterns.ts';
import { ExpressionProblem } from '../../../../src/policy/source/cel/problem.ts';
import { excerptOf } from '../../../../src/policy/source/problems.ts';
import { JsonSource } from '../../../../src/protocol/json/json-source.ts';

interface Case {
  when: string;
  args?: unknown;
  argsText?: string;
  input?: unknown;
  caller?: string;
  client?: string;
  value: boolean | 'error';
}

const FILE = resolve(import.meta.dirname, '../../../cases/expressions.json');
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };
const NOW = Date.parse('2026-11-25T12:00:00Z');
const language = new Expressions(await Patterns.load());

function valuesFor({ args, argsText, input, caller, client }: Partial<Case>): CallValues {
  const inputResponses = input === undefined ? undefined : JsonSource.of(JSON.stringify(input));
  const source = JsonSource.of(argsText ?? JSON.stringify(args ?? {}));
  return new CallValues(
    { server: 'srv', tool: 'tl', arguments: source, inputResponses, caller, client },
    { now: NOW },
  );
}

const shown = (one: Case): string =>
  `${one.when} with ${(one.argsText ?? JSON.stringify(one.args ?? {})).slice(0, 60)}`;

describe('a condition', () => {
  it.for(cases.map((one) => [shown(one), one] as const))('%s', ([, one]) => {
    const result = language.compile(one.when, 'deny').test(valuesFor(one));
    expect(typeof result === 'boolean' ? result : 'error', JSON.stringify(result)).toBe(one.value);
  });

  it('has enough cases for another engine to be tried', () => expect(cases.length).toBeGreaterThan(60));

  it('on arguments over 256 KiB is not evaluated', () => {
    const result = language
      .compile('args.x == 1', 'deny')
      .test(valuesFor({ args: { x: 1, y: 'y'.repeat(262_144) } }));
    expect(result).toMatchObject({ why: 'the arguments are longer than 256 KiB' });
  });

  it('on arguments of more than 20,000 values is not evaluated', () => {
    const result = language
      .compile('args.x == 1', 'deny')
      .test(valuesFor({ args: { x: 1, y: Array(20_001).fill(0) } }));
    expect(result).toMatchObject({ why: expect.stringContaining('more than 20000 values') as string });
  });

  it('on a text of so many commas is, for they part no values', () => {
    const text = `${'a,'.repeat(50_000)}\\","x`;
    const result = language.compile('args.x == 1', 'deny').test(valuesFor({ args: { x: 1, text } }));
    expect(result).toBe(true);
  });

  it('says why it has no value, and nothing of what the arguments hold', () => {
    for (const when of [
      'args.password > 5',
      'int(args.password) > 5',
      'args[args.password] == 1',
      'under(args.password, "/x")',
    ]) {
      const result = language.compile(when, 'deny').test(valuesFor({ args: { password: 'hunter2' } }));
      expect(result).toHaveProperty('why');
      expect(JSON.stringify(result)).not.toContain('hunter2');
    }
  });
});

describe('a condition is refused when it is compiled', () => {
  it.for([
    ['arg.amount > 5', '"arg" is not known here', 'arg'],
    ['args.amount > ', 'ends too early', ''],
    ['"a" > 1', 'This cannot be done: string > int', '"a" > 1'],
    ['server == 5', 'This cannot be done: string == int', 'server == 5'],
    ['args.a === 1', '"=" is not expected here', '='],
    ['size(args)', 'this is a whole number', 'size(args)'],
    ['"yes"', 'this is a text', '"yes"'],
    ['foo(args.a)', 'There is no function "foo"', 'foo(args.a)'],
    ['size(5) == 1', 'There is no matching overload', 'size(5)'],
    ['args.a.foo()', 'There is no function "foo"', 'args.a.foo()'],
    ['contains(args.a, "x")', 'Write ….contains(…), not contains(…)', 'contains(args.a, "x")'],
    ['args.a.has(args.b)', 'Write has(…), not ….has(…)', 'args.a.has(args.b)'],
    [
      'args.l.all(x, args.m.exists(y, y == x))',
      'cannot stand inside another loop',
      'args.m.exists(y, y == x)',
    ],
    ['anyText(args, t)', 'anyText() takes three things', 'anyText(args, t)'],
    ['anyText(args)', 'anyText() takes three things', 'anyText(args)'],
    ['anyText(args, t, t == "x", true)', 'anyText() takes three things', 'anyText(args, t, t == "x", true)'],
    ['anyText(args, "t", true)', 'is a plain name', '"t"'],
    ['anyText(args, args.t, true)', 'is a plain name', 'args.t'],
    ['anyText(args, server, server == "x")', '"server" has a meaning already', 'server'],
    ['anyText(args, args, args == "x")', '"args" has a meaning already', 'args'],
    ['anyText("x", t, t == "x")', 'looks through args, input, or a member', '"x"'],
    ['anyText(server, t, t == "x")', 'looks through args, input, or a member', 'server'],
    ['anyText(args.l.map(x, x), t, t == "x")', 'looks through args, input', 'args.l.map(x, x)'],
    ['anyText(args, t, t)', 'this is a text', 't'],
    ['anyText(args, t, t > 5)', 'This cannot be done: string > int', 't > 5'],
    ['anyText(args, t, u == "x")', '"u" is not known here', 'u'],
    ['anyText(args, t, t == "x") && t == "y"', '"t" is not known here', 't'],
    ['anyText(args, t, args.l.exists(x, x == t))', 'cannot stand inside', 'args.l.exists(x, x == t)'],
    ['args.l.all(x, anyText(args, t, t == x))', 'cannot stand inside', 'anyText(args, t, t == x)'],
    ['anyText(args, t, anyText(args, u, u == t))', 'cannot stand inside', 'anyText(args, u, u == t)'],
    ['args.anyText(t, t == "x")', 'Write anyText(…), not ….anyText(…)', 'args.anyText(t, t == "x")'],
    ['hpTexts(args).exists(t, t == "x")', 'There is no function "hpTexts"', 'hpTexts(args)'],
    ['args.s.matches(args.p)', 'must stand here as a text', 'args.p'],
    ['args.s.matches("(?=x)")', 'This is no RE2 pattern', '"(?=x)"'],
    ['args.s.matches("((a{100}){100})")', 'This is no RE2 pattern', '"((a{100}){100})"'],
    ['args.s.matches("(abc){900}")', 'The pattern is too large', '"(abc){900}"'],
    ['hpLower(args.s) == "x"', 'There is no function "hpLower"', 'hpLower(args.s)'],
    ['cel.bind(x, 1, x == 1)', 'There is no function "bind"', 'cel.bind(x, 1, x == 1)'],
    ['b"x" == b"x"', 'Bytes have no meaning here', 'b"x"'],
    ['risks == "read"', '"risks" is not known here', 'risks'],
    ['', 'An empty condition', ''],
    ['  ', 'An empty condition', ''],
    [`${'('.repeat(60)}args.a${')'.repeat(60)}`, 'depth', ''],
    [
      Array.from({ length: 300 }, (_, n) => `args.a == ${n}`).join(' || '),
      'longer than 4096|nodes|Exceeded',
      '',
    ],
  ] as const)('%s: %s', ([source, said, at]) => {
    let problem: ExpressionProblem | undefined;
    try {
      language.compile(source, 'deny');
    } catch (error) {
      problem = error as ExpressionProblem;
    }
    expect(problem).toBeInstanceOf(ExpressionProblem);
    expect(problem?.message).toMatch(
      new RegExp(said.includes('|') ? said : said.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'),
    );
    if (at !== '') expect(source.slice(problem?.range?.start, problem?.range?.end)).toBe(at);
  });

  it('when it asks in allow what the client calls itself', () => {
    for (const list of ['deny', 'escalate'] as const satisfies Effect[])
      expect(language.compile('client == "x"', list).source).toBe('client == "x"');
    expect(() => language.compile('client == "x"', 'allow')).toThrow('"client" is not known here');
  });
});

describe('an excerpt', () => {
  it('shows the part that is meant, with carets under it', () => {
    expect(excerptOf('args.amonut > 5', { start: 0, end: 11 })).toBe('args.amonut > 5\n^^^^^^^^^^^');
    const long = excerptOf(`${'x'.repeat(100)}HERE${'y'.repeat(100)}`, { start: 100, end: 104 }).split('\n');
    expect(long[0]?.slice(long[1]?.indexOf('^'), (long[1]?.lastIndexOf('^') ?? 0) + 1)).toBe('HERE');
  });
});
