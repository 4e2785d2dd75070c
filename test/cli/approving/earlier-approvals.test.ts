import { describe, expect, it, vi } from 'vitest';
import { EarlierApprovals } from '../../../src/cli/approving/earlier-approvals.ts';

const found = (args: string): string =>
  `[{"session":"s","time":"2026-11-20T00:00:00.000Z","arguments":${args},"by":{"name":"ada"}}]`;
const asked = { server: 'fs', tool: 'write_file' };

describe('what was approved before the sessions that are open', () => {
  it('is the newest approved call of that tool, with its arguments as they were spelled', async () => {
    const search = vi.fn(async () => found('{"n":9007199254740993}'));
    const earlier = new EarlierApprovals('/h', search);
    expect(await earlier.of(asked)).toEqual({
      approved: 1,
      at: '2026-11-20T00:00:00.000Z',
      by: 'ada',
      argumentsText: '{"n":9007199254740993}',
    });
    expect(search).toHaveBeenCalledWith(
      expect.arrayContaining(['--server=fs', '--tool=write_file', '--home=/h']),
    );
    await earlier.of(asked);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it.each([
    '{"a":"[masked api key, 20 characters, 3f2a]"}',
    '{"a":{"cut":true,"length":9000,"digest":"x"}}',
    'null',
  ])('has no arguments to compare where the record has them not whole: %s', async (args) => {
    expect((await new EarlierApprovals('/h', async () => found(args)).of(asked))?.argumentsText).toBeNull();
  });

  it.each([
    ['none', async () => '[]'],
    ['no answer', async () => Promise.reject(new Error('killed'))],
    ['nonsense', async () => 'holdpoint: no log'],
  ])('is nothing for %s', async (_, search) => {
    expect(await new EarlierApprovals('/h', search).of(asked)).toBeNull();
  });

  it('is not looked for by a name that a search would take for others', async () => {
    const search = vi.fn(async () => found('{}'));
    expect(await new EarlierApprovals('/h', search).of({ server: 'fs', tool: 'wri*' })).toBeNull();
    expect(search).not.toHaveBeenCalled();
  });
});
