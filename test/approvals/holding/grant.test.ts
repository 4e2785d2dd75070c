import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Asking,
  type Grant,
  grantOf,
  grants,
  grantText,
  offeringOf,
  readGrant,
  untilFault,
} from '../../../src/approvals/holding/grant.ts';
import type { HeldCall } from '../../../src/approvals/holding/hold.ts';
import { offersFor, offerText } from '../../../src/policy/offers/offers.ts';
import { heldCall } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const NOW = { wall: Date.parse('2026-11-25T10:00:00.000Z'), mono: 0 };

const held = (more: Partial<HeldCall> = {}): HeldCall =>
  heldCall({ server: 'fs', tool: 'write', callDigest: 'c', rule: 'writes', matched: ['writes'], ...more });

const grant = (more: Partial<Grant> = {}): Grant => ({
  id: 'k7qfm',
  server: 'fs',
  command: 'cmd',
  tool: 'write',
  definition: null,
  scope: 'call',
  rule: null,
  call: 'kc',
  caller: 'client:cli',
  matched: ['writes'],
  obligations: obligations(),
  until: '2026-11-25T11:00:00.000Z',
  at: '2026-11-25T09:00:00.000Z',
  by: 'ada',
  key: 'a'.repeat(32),
  ...more,
});

const asking = (more: Partial<HeldCall> = {}, rest: Partial<Asking> = {}): Asking => ({
  held: held(more),
  command: 'cmd',
  call: 'kc',
  keys: new Set(['a'.repeat(32)]),
  ...rest,
});

describe('a grant', () => {
  it('lets the same call run, and with scope "tool" the tool with other arguments', () => {
    expect(grants(grant(), asking(), NOW)).toBe(true);
    expect(grants(grant({ scope: 'tool', call: null }), asking({}, { call: 'other' }), NOW)).toBe(true);
    expect(grants(grant({ until: 'session', key: null }), asking({}, { keys: new Set() }), NOW)).toBe(true);
  });

  it.for<[string, Asking]>([
    ['another call', asking({}, { call: 'other' })],
    ['another server', asking({ server: 'x' })],
    ['another command of the server', asking({}, { command: 'x' })],
    ['another tool', asking({ tool: 'x' })],
    ['another caller', asking({ client: 'x' })],
    ['a caller that only claims to be the same', asking({ caller: 'cli', client: undefined })],
    ['a call for which other items ask', asking({ matched: ['writes', 'more'] })],
    [
      'answers to the questions of a server',
      asking({ input: { answers: '{}', questions: null, continues: null } }),
    ],
    ['a stronger confirmation', asking({ obligations: obligations({ confirm: 'type' }) })],
    ['several approvers', asking({ obligations: obligations({ approvals: 2, remember: false }) })],
    ['other approvers', asking({ obligations: obligations({ approvers: ['bob'], sign: true }) })],
    ['what must not be remembered', asking({ obligations: obligations({ remember: false }) })],
    ['a key that is enrolled no more', asking({}, { keys: new Set() })],
  ])('lets nothing run for %s', ([, one]) => {
    expect(grants(grant(), one, NOW)).toBe(false);
  });

  it("of nobody's key is none where a signature is asked for", () => {
    const signed = asking({ obligations: obligations({ sign: true }) });
    expect(grants(grant({ key: null }), signed, NOW)).toBe(false);
    expect(grants(grant(), signed, NOW)).toBe(true);
  });

  it('is over at its time, and at a time that cannot be read', () => {
    expect(grants(grant({ until: '2026-11-25T10:00:00.000Z' }), asking(), NOW)).toBe(false);
    expect(grants(grant({ until: 'tomorrow' }), asking(), NOW)).toBe(false);
  });

  it('lasts 30 days at most', () => {
    expect(untilFault('2026-12-25T10:00:00.000Z', NOW.wall)).toBeUndefined();
    expect(untilFault('2026-12-25T10:00:00.001Z', NOW.wall)).toContain('30 days');
    expect(untilFault('2026-11-25T10:00:00.000Z', NOW.wall)).toBeDefined();
    expect(untilFault('nonsense', NOW.wall)).toBeDefined();
    expect(untilFault('session', NOW.wall)).toBeUndefined();
  });

  it('is read back from its text as it was, and from no other text', () => {
    expect(readGrant(grantText(grant()))).toEqual(grant());
    for (const text of [
      '',
      'null',
      '{}',
      '[]',
      JSON.stringify({ ...grant(), scope: 'server' }),
      JSON.stringify({ ...grant(), key: null }),
    ])
      expect(readGrant(text)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => readGrant(text) === undefined));
  });
});

describe('the text that is typed for one call', () => {
  it('is no part of a grant, which is kept and recorded', () => {
    const hold = { ...heldCall({ obligations: obligations({ expected: 'report.txt' }) }), id: 'aaaaa' };
    const parts = { command: 'c', remember: { scope: 'tool' as const, until: 'session' }, at: '', by: 'ada' };
    const approved = { ...hold, caller: null, client: null };
    const made = grantOf({ ...parts, hold: approved, key: null, keyed: (digest) => digest });
    expect(grantText(made)).not.toContain('report.txt');
  });
});

describe('a grant of a rule', () => {
  const at = (path: string, more: object = {}) =>
    asking({
      risk: 'write',
      unsure: false,
      argumentsText: JSON.stringify({ path, content: 'x', ...more }),
    });
  const rule = offerText(
    offersFor(offeringOf(at('/home/ada/shop/src/a.ts').held)).find(({ scope }) => scope === 'bounded')!,
  );
  const given = grant({ scope: 'rule', call: null, rule });

  it.each<[string, Asking, boolean]>([
    ['a file of its folder', at('/home/ada/shop/src/b.ts'), true],
    ['a file of a folder in it', at('/home/ada/shop/src/deep/er/b.ts'), true],
    ['a file beside its folder', at('/home/ada/shop/b.ts'), false],
    ['a way out', at('/home/ada/shop/src/../b.ts'), false],
    ['a hidden file', at('/home/ada/shop/src/.env'), false],
    ['an argument more', at('/home/ada/shop/src/b.ts', { force: true }), false],
    ['a class that is only guessed', asking({ ...at('/home/ada/shop/src/b.ts').held, unsure: true }), false],
    ['another class', asking({ ...at('/home/ada/shop/src/b.ts').held, risk: 'destructive' }), false],
    [
      'what must be typed now',
      asking({ ...at('/home/ada/shop/src/b.ts').held, obligations: obligations({ confirm: 'type' }) }),
      false,
    ],
  ])('for %s', (_, one, runs) => expect(grants(given, one, NOW)).toBe(runs));

  it('is read back as it was signed', () => {
    expect(readGrant(grantText(given))).toEqual(given);
    expect(readGrant(grantText({ ...given, rule: null }))).toBeUndefined();
  });
});
