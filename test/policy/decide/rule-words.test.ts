import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/policy/decide/decide.ts';
import { callOf, compiled, FACTS } from '../../support/policy.ts';

const reason = async (source: object, args: object = { path: 'x' }): Promise<string> =>
  decide(callOf('fs', 'write_file', args), await compiled(source), FACTS).reason;

describe('a rule without a reason', () => {
  it.each([
    [{ escalate: ['fs/write_*'] }, 'A rule asks a person about fs/write_*'],
    [{ escalate: ['*'] }, 'A rule asks a person about every tool'],
    [{ deny: ['fs/{write_file,move_file}'] }, 'A rule denies fs/write_file or fs/move_file'],
    [{ allow: ['fs/write_file'] }, 'A rule allows fs/write_file'],
    [
      { escalate: [{ tool: '*', when: "args.path.startsWith('x')", unless: 'args.path.size() > 9' }] },
      'A rule asks a person about every tool where its condition holds unless its exception holds',
    ],
    [{ deny: [{ tool: 'fs/{a,b,c,d,write_file}' }] }, 'A rule denies fs/a, fs/b and 3 tools more'],
  ])('is put into words: %j', async (source, words) => {
    expect(await reason(source)).toBe(words);
  });

  it('has its own words where it has a reason', async () => {
    expect(await reason({ escalate: [{ tool: '*', reason: 'Look first' }] })).toBe('Look first');
  });
});
