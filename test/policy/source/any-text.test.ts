import { describe, expect, it } from 'vitest';
import { CallValues } from '../../../src/policy/decide/condition.ts';
import { lint } from '../../../src/policy/source/lint/lint.ts';
import { callOf, compiled, FACTS } from '../../support/policy.ts';

async function tested(when: string, args: unknown, lost?: (value: unknown) => number | undefined) {
  const { deny } = await compiled({ deny: [{ tool: '*', when }] });
  return deny[0]?.when?.test(new CallValues(callOf('s', 't', args), { now: FACTS.now, lost }));
}

describe('anyText() over more than may be searched', () => {
  it.for([
    ['of texts', "anyText(args, t, t == 'x')", { l: Array<string>(8_000).fill('a') }],
    [
      'of parts in its condition',
      `anyText(args, t, ${Array(30).fill("t == 'x'").join(' || ')})`,
      { l: Array<string>(200).fill('a') },
    ],
    [
      'of letters compared once a text',
      'anyText(args, t, t == args.big)',
      { big: 'b'.repeat(100_000), l: Array<string>(60).fill('a') },
    ],
    ['of lists gone through', 'anyText(args, t, t in args.l)', { l: Array<string>(400).fill('a') }],
    [
      'of paths read',
      "anyText(args, t, pathGlob(t, '**/x'))",
      { l: Array<string>(20).fill('a'.repeat(12_000)) },
    ],
  ] as const)('%s is not evaluated', async ([, when, args]) => {
    expect(await tested(when, args)).toMatchObject({ why: expect.stringMatching('too l') as string });
  });

  it.for([
    ['2,000 short texts', "anyText(args, t, t == 'x')", { l: [...Array<string>(2_000).fill('a'), 'x'] }],
    [
      'a text of 200 KB',
      "anyText(args, t, t == 'x')",
      { l: ['a'.repeat(200_000), ...Array<string>(50).fill('a'), 'x'] },
    ],
  ] as const)('and %s are evaluated', async ([, when, args]) => {
    expect(await tested(when, args)).toBe(true);
  });
});

describe('anyText() on the record of a call', () => {
  const lost = (value: unknown) => (value === 'LOST' ? 9 : undefined);
  it('is undecidable where a text was lost and no other is met, whatever else cannot be evaluated', async () => {
    const args = { a: 'x', b: { c: ['LOST', 'y'] } };
    expect(await tested("anyText(args, t, t == 'z')", args, lost)).toMatchObject({ lost: true });
    expect(await tested("anyText(args, t, under(t, '/z'))", args, lost)).toMatchObject({ lost: true });
  });

  it('is true where one that was kept is met, also beside the lost one', async () => {
    for (const text of ['x', 'y'])
      expect(
        await tested(`anyText(args, t, t == '${text}')`, { a: 'x', b: { c: ['LOST', 'y'] } }, lost),
      ).toBe(true);
  });
});

describe('anyText() where something is let off', () => {
  const said = async (source: object) =>
    lint(await compiled(source), []).map(({ path, suggestion }) => [path.join('.'), suggestion]);

  it('is told: one text that fulfils it is enough, whatever the others say', async () => {
    const when = "anyText(args, t, under(t, '/w'))";
    const hint = 'To ask it of all: !anyText(args, t, !(…)).';
    expect(await said({ allow: [{ tool: 'fs/x', when }] })).toEqual([['allow.0.when', hint]]);
    expect(await said({ escalate: [{ tool: 'fs/x', unless: `server == 'fs' && ${when}` }] })).toEqual([
      ['escalate.0.unless', hint],
    ]);
  });

  it('is right in deny, in the when of escalate, and turned round', async () => {
    const when = "anyText(args, t, under(t, '/w'))";
    const all = "!anyText(args, t, !under(t, '/w'))";
    expect(await said({ deny: [{ tool: 'fs/x', when }], escalate: [{ tool: 'fs/y', when }] })).toEqual([]);
    expect(
      await said({ allow: [{ tool: 'fs/x', when: all }], escalate: [{ tool: 'fs/y', unless: all }] }),
    ).toEqual([]);
  });
});
