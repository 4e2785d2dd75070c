import { describe, expect, it } from 'vitest';
import { compileLayer, compilePolicy } from '../../../src/policy/source/compile.ts';
import { KeptConditions } from '../../../src/policy/source/kept-conditions.ts';
import { keptText, layerOfKept } from '../../../src/policy/source/kept-layer.ts';
import { mergeLayers } from '../../../src/policy/source/merge-layers.ts';

const text = (notify: unknown): string => JSON.stringify({ version: 1, approvals: { notify } });
const layerOf = async (notify: unknown) => {
  const { layer, problems } = await compileLayer(text(notify));
  if (layer === undefined) throw new Error(JSON.stringify(problems));
  return layer;
};

describe('approvals.notify', () => {
  it('has its times in milliseconds, and in minutes of the day', async () => {
    const { policy } = await compilePolicy(
      text({ command: ['/bin/call', '-x', ''], after: '0s', remind: '30s', quiet: '22:00-07:05' }),
    );
    expect(policy?.approvals.notify).toEqual({
      command: ['/bin/call', '-x', ''],
      afterMs: 0,
      remindMs: 30_000,
      quiet: { from: 1320, to: 425 },
    });
  });

  it('waits ten seconds, reminds nobody and is never quiet where nothing else is said', async () => {
    const { policy } = await compilePolicy(text({ command: ['call-me'] }));
    expect(policy?.approvals.notify).toEqual({ command: ['call-me'], afterMs: 10_000 });
  });

  it('is not there where nobody wrote it', async () => {
    const { policy } = await compilePolicy('{"version":1,"approvals":{"maxLive":3}}');
    expect(policy?.approvals).not.toHaveProperty('notify');
  });

  it.each<[unknown, string]>([
    [{}, 'This key is missing.'],
    [{ command: 'call-me now' }, 'This must be a list.'],
    [{ command: [] }, 'An empty command runs nothing.'],
    [{ command: [''] }, 'The program has no name.'],
    [{ command: ['./call'] }, 'The program must be an absolute path'],
    [{ command: ['bin/call'] }, 'The program must be an absolute path'],
    [{ command: ['~/bin/call'] }, '"~" and "$HOME" are not replaced.'],
    [{ command: ['/bin/x', 'a\0b'] }, 'No word of a command may hold a zero character.'],
    [{ command: ['/x'], after: '2h' }, 'between 0s and 1h.'],
    [{ command: ['/x'], after: 'soon' }, '"soon" is not a duration'],
    [{ command: ['/x'], remind: '0s' }, 'between 1s and 1d.'],
    [{ command: ['/x'], quiet: '22-7' }, '"22-7" is no time of the day'],
    [{ command: ['/x'], quiet: '24:00-07:00' }, '"24:00-07:00" is no time of the day'],
    [{ command: ['/x'], quiet: '07:00-07:00' }, 'from one minute to another one'],
    [{ command: ['/x'], remnid: '30s' }, 'The key "remnid" is not known.'],
  ])('%j is refused', async (notify, said) => {
    const { problems = [] } = await compileLayer(text(notify));
    expect(problems.map(({ message }) => message).join()).toContain(said);
  });

  it('names the key that is meant', async () => {
    const { problems = [] } = await compileLayer(text({ command: ['/x'], remaind: '30s' }));
    expect(problems[0]).toMatchObject({
      path: 'approvals.notify.remaind',
      suggestion: 'Did you mean "remind"?',
    });
  });

  it("of the administrator counts before the user's, and a project's never", async () => {
    const theirs = {
      name: 'administrator',
      layer: await layerOf({ command: ['/a'] }),
      counts: 'all',
    } as const;
    const users = { name: 'user', layer: await layerOf({ command: ['/u'] }), counts: 'all' } as const;
    const project = { name: 'project', layer: await layerOf({ command: ['/p'] }), counts: 'lists' } as const;
    const of = (...layers: Parameters<typeof mergeLayers>[0]) =>
      mergeLayers(layers).approvals.notify?.command;
    expect([of(theirs, users, project), of(users, project), of(project)]).toEqual([
      ['/a'],
      ['/u'],
      undefined,
    ]);
  });

  it('is kept as it was compiled', async () => {
    const layer = await layerOf({ command: ['/u', 'x'], remind: '1m', quiet: '01:00-02:00' });
    const kept = layerOfKept(keptText(layer), new KeptConditions());
    expect(kept.settings.approvals.notify).toEqual(layer.settings.approvals.notify);
    expect(keptText(kept)).toBe(keptText(layer));
  });
});
