import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awaitedBy, mayAwait } from '../../../src/policy/decide/awaited.ts';
import { decide } from '../../../src/policy/decide/decide.ts';
import type { Policy } from '../../../src/policy/decide/types.ts';
import { compileLayer, type PolicyLayer } from '../../../src/policy/source/compile.ts';
import { KeptConditions } from '../../../src/policy/source/kept-conditions.ts';
import { keptText, layerOfKept } from '../../../src/policy/source/kept-layer.ts';
import { settings } from '../../../src/policy/source/make-policy.ts';
import { mergeLayers } from '../../../src/policy/source/merge-layers.ts';
import { readCases, runCase } from '../../../src/policy/source/test-cases.ts';
import { callOf, FACTS } from '../../support/policy.ts';

const CASES = resolve(import.meta.dirname, '../../cases/policy');

async function layerOf(text: string): Promise<PolicyLayer> {
  const { layer, problems } = await compileLayer(text);
  if (layer === undefined) throw new Error(JSON.stringify(problems));
  return layer;
}

const merged = (layer: PolicyLayer): Policy => mergeLayers([{ name: 'user', layer, counts: 'all' }]);
const keptOf = (layer: PolicyLayer): PolicyLayer => layerOfKept(keptText(layer), new KeptConditions());

/** As values: of a condition its source alone. */
const plain = (policy: unknown): unknown =>
  JSON.parse(
    JSON.stringify(policy, (key, value) => {
      if (typeof value === 'bigint') return String(value);
      return (key === 'when' || key === 'unless') && value !== undefined ? value.source : value;
    }),
  );

/** All that a case of ours decides on, with the engine of conditions loaded as a proxy loads it. */
async function loaded(policy: Policy): Promise<Policy> {
  const all = [...policy.deny, ...policy.escalate, ...policy.allow];
  for (const { when, unless } of all) {
    await when?.awaits?.();
    await unless?.awaits?.();
  }
  return policy;
}

for (const name of readdirSync(CASES)) {
  const { file } = await readCases(readFileSync(join(CASES, name), 'utf8'), 'json');
  if (file === undefined) throw new Error(name);
  const text = file.policy !== undefined && 'text' in file.policy ? file.policy.text : '';
  const layer = await layerOf(text);
  const kept = keptOf(layer);
  const alone = { ...settings(kept.settings), ...kept.lists };
  await loaded(alone);
  describe(`a kept policy, ${name}`, () => {
    it('is the compiled one, but for the engine of its conditions', () => {
      expect(plain(merged(kept))).toEqual(plain(merged(layer)));
      expect(keptText(kept)).toBe(keptText(layer));
    });

    it.for(file.cases)('decides as the compiled one: line $line: $call $args $argsText $caller', (one) => {
      expect(runCase(one, alone, FACTS.places, FACTS.now).differs).toEqual([]);
      const compiled = { ...settings(layer.settings), ...layer.lists };
      const [a, b] = [alone, compiled].map((policy) => runCase(one, policy, FACTS.places, FACTS.now));
      expect(a).toEqual(b);
    });
  });
}

const EXPRESSIONS = resolve(import.meta.dirname, '../../cases/expressions.json');

interface ExpressionCase {
  when: string;
  args?: object;
  argsText?: string;
}

const WITH_CONDITIONS = `{"version":1,
  "deny": [{"tool":"s/pay","when":"args.amount > 5"}],
  "escalate": [{"tool":"s/read","unless":"args.path.matches('^/a/')"}],
  "allow": ["*"]}`;

describe('the conditions of a kept policy', () => {
  it('give the same values as compiled ones, by the same engine, with patterns and without', async () => {
    const { cases } = JSON.parse(readFileSync(EXPRESSIONS, 'utf8')) as { cases: ExpressionCase[] };
    let compared = 0;
    for (const { when, args, argsText } of cases) {
      const { layer } = await compileLayer(JSON.stringify({ version: 1, escalate: [{ tool: 's/t', when }] }));
      if (layer === undefined) continue;
      const kept = await loaded(merged(keptOf(layer)));
      const call = callOf('s', 't', argsText ?? args);
      expect(decide(call, kept, FACTS)).toEqual(decide(call, merged(layer), FACTS));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('are awaited by calls that meet one and by no other, and loaded once for all', async () => {
    const policy = merged(keptOf(await layerOf(WITH_CONDITIONS)));
    expect(mayAwait(policy)).toBe(true);
    expect(awaitedBy(policy, 's', 'other')).toBeUndefined();
    expect(awaitedBy(policy, 't', 'pay')).toBeUndefined();
    expect(awaitedBy(policy, 's', 'x'.repeat(300))).toBeUndefined();
    const awaited = awaitedBy(policy, 's', 'pay');
    expect(awaited).toBeInstanceOf(Promise);
    expect(awaitedBy(policy, 's', 'read')).toBe(awaited);
    await awaited;
    expect(awaitedBy(policy, 's', 'pay')).toBeUndefined();
    expect(awaitedBy(policy, 's', 'read')).toBeUndefined();
    const effect = (tool: string, args: object): string =>
      decide(callOf('s', tool, args), policy, FACTS).effect;
    expect([effect('pay', { amount: 6 }), effect('pay', { amount: 5 })]).toEqual(['deny', 'allow']);
    expect([effect('read', { path: '/b' }), effect('read', { path: '/a/b' })]).toEqual(['escalate', 'allow']);
  });

  it('tighten while the engine is not there: nothing runs by one that was not evaluated', async () => {
    const policy = merged(keptOf(await layerOf(WITH_CONDITIONS)));
    const { effect, diagnostics } = decide(callOf('s', 'pay', { amount: 1 }), policy, FACTS);
    expect(effect).toBe('escalate');
    expect(diagnostics.join()).toContain('the engine of conditions is not loaded');
  });

  it('tighten when one of them cannot be compiled any more', async () => {
    const conditions = new KeptConditions();
    const kept = layerOfKept(
      keptText(await layerOf(WITH_CONDITIONS)).replace('"when":"args.amount > 5"', '"when":"args.amount >"'),
      conditions,
    );
    const policy = await loaded(merged(kept));
    const { effect, diagnostics } = decide(callOf('s', 'pay', { amount: 1 }), policy, FACTS);
    expect([effect, diagnostics.join()]).toEqual(['escalate', expect.stringContaining('cannot be compiled')]);
  });

  it('of a policy compiled just now await nothing', async () => {
    const policy = merged(await layerOf(WITH_CONDITIONS));
    expect([mayAwait(policy), awaitedBy(policy, 's', 'pay')]).toEqual([false, undefined]);
  });
});

describe('what is kept of a layer', () => {
  /** Whoever changes what a text compiles to, or how that is kept, raises KEPT_VERSION and puts the new digest here. */
  it('is the same for every build with the same KEPT_VERSION', async () => {
    const text = `{"version":1,"default":"deny","mode":"enforce","servers":{"s":{"trustAnnotations":true}},
      "approvals":{"timeout":"5m","answerWithin":"auto","cli":"tty","maxLive":3,"passFor":"1h","sign":"required"},
      "audit":{"durability":"disk","checkpoint":"/c","arguments":"keys","redact":["args.a.*"],"keepDays":9},
      "deny":["a/{b,c}",{"tool":"x","over":{"sum":"args.n","limit":1.50,"per":"day"},"client":"c"},{"tool":"h","hide":true}],
      "escalate":[{"server":"q","risk":"write","unless":"args.x == 1","timeout":"9s","confirm":"type","show":["z"],"approvals":2,"approvers":["ada"],"remember":false,"large":true}],
      "allow":[{"tool":"y","except":"y1","caller":"me","when":"true","reason":"r","id":"i"}]}`;
    const digest = createHash('sha256')
      .update(keptText(await layerOf(text)))
      .digest('hex');
    expect(digest).toBe('adcd5c86b0ed8c3b712b5ad31e3279a1bfbdf130eb4f4022fa6d9ee97f93ef4a');
  });

  it('holds limits exactly', async () => {
    const text =
      '{"version":1,"deny":[{"tool":"x","over":{"sum":"args.n","limit":0.1000000000000000055,"per":"day"}}]}';
    const layer = await layerOf(text);
    expect(keptOf(layer).lists.deny[0]?.over).toEqual(layer.lists.deny[0]?.over);
  });
});
