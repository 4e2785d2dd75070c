import { describe, expect, it } from 'vitest';
import { tightening } from '../../../src/config/restricted-policy.ts';
import { assumedTool } from '../../../src/policy/decide/assumed-tool.ts';
import { decide } from '../../../src/policy/decide/decide.ts';
import { harder } from '../../../src/policy/decide/ladder.ts';
import type { Facts, Obligations } from '../../../src/policy/decide/types.ts';
import { compileLayer } from '../../../src/policy/source/compile.ts';
import { KeptConditions } from '../../../src/policy/source/kept-conditions.ts';
import { keptText, layerOfKept } from '../../../src/policy/source/kept-layer.ts';
import { mergeLayers } from '../../../src/policy/source/merge-layers.ts';
import type { RiskClass } from '../../../src/risk/classes/risk-class.ts';
import { callOf, compiled, FACTS } from '../../support/policy.ts';

const ARGS = { service: 'billing' };

async function asked(risk: RiskClass, facts: Partial<Facts> = {}, source: object = {}): Promise<Obligations> {
  const policy = await compiled(source);
  const decision = decide(callOf('s', 'do_it', ARGS), policy, {
    ...FACTS,
    tool: assumedTool(risk),
    ...facts,
  });
  return decision.obligations!;
}

describe('what cannot be taken back', () => {
  const enrolled = (): boolean => true;

  it('needs a text and the passphrase where a key is enrolled, and is not remembered then', async () => {
    const with_ = await asked('production', { enrolled });
    expect(with_).toMatchObject({ confirm: 'both', sign: true, remember: false, expected: 'billing' });
    expect(await asked('production')).toMatchObject({ confirm: 'type', sign: false, level: 'critical' });
  });

  it('is what its rule says where that says anything', async () => {
    const rule = { escalate: [{ tool: '*', confirm: 'key' }] };
    expect(await asked('production', { enrolled }, rule)).toMatchObject({
      confirm: 'key',
      level: 'critical',
    });
  });

  it('is all that the list of approvers is read for', async () => {
    const never = (): boolean => expect.fail('read');
    expect((await asked('destructive', { enrolled: never })).confirm).toBe('type');
    expect((await asked('write', { enrolled: never })).confirm).toBe('key');
  });
});

describe('a class that is a guess', () => {
  it('stays low, and is shown whole', async () => {
    const tool = { ...assumedTool('write'), sure: false };
    expect(await asked('write', { tool })).toMatchObject({ confirm: 'key', level: 'low', seen: 'all' });
  });
});

describe('a grave text beside two megabytes that an agent adds', () => {
  it('takes no less than alone', async () => {
    const policy = await compiled({});
    const facts = { ...FACTS, tool: assumedTool('write') };
    for (const pad of ['', 'x'.repeat(2_000_000)]) {
      const call = callOf('s', 'do_it', { sql: 'DROP TABLE users', pad });
      expect(decide(call, policy, facts).obligations).toMatchObject({ level: 'high', confirm: 'type' });
    }
  });
});

describe('one step up', () => {
  it('is a text instead of a key, and the passphrase besides where there is a key', () => {
    expect(harder('key', false)).toBe('type');
    expect(harder('type', false)).toBe('type');
    expect(harder('type', true)).toBe('both');
    expect(harder('passphrase', false)).toBe('both');
    expect(harder('both', true)).toBe('both');
  });
});

describe('a layer that may only tighten', () => {
  async function under(confirm: string, counts: 'lists' | 'tightening', risk: RiskClass) {
    const text = JSON.stringify({ version: 1, escalate: [{ tool: '*', confirm, large: true }] });
    const { layer } = await compileLayer(text);
    const policy = mergeLayers([{ name: 'project', layer: layer!, counts }]);
    return decide(callOf('s', 'do_it', ARGS), policy, { ...FACTS, tool: assumedTool(risk) }).obligations;
  }

  it('makes no approval easier than the class does', async () => {
    expect(await under('key', 'tightening', 'destructive')).toMatchObject({
      confirm: 'type',
      expected: 'billing',
      large: false,
    });
    expect(await under('key', 'lists', 'destructive')).toMatchObject({ confirm: 'key', large: true });
  });

  it('may make it harder', async () => {
    expect(await under('type', 'tightening', 'read')).toMatchObject({ confirm: 'type', expected: 'do_it' });
    expect(await under('passphrase', 'tightening', 'destructive')).toMatchObject({ confirm: 'passphrase' });
  });

  it('is so when it was kept, too', async () => {
    const { layer } = await compileLayer(
      '{"version":1,"escalate":[{"tool":"*","confirm":"type","large":true}]}',
    );
    const tight = tightening(layer!);
    const again = layerOfKept(keptText(tight), new KeptConditions());
    expect(again.lists.escalate).toEqual(tight.lists.escalate);
    expect(again.lists.escalate[0]).toMatchObject({
      confirm: undefined,
      confirmAtLeast: 'type',
      large: undefined,
    });
  });
});
