import { describe, expect, it } from 'vitest';
import { lint } from '../../src/policy/source/lint/lint.ts';
import { compiled } from '../support/policy.ts';

const saidOf = async (when: string) =>
  lint(await compiled({ deny: [{ tool: 'fs/read_file', when }] }), []).map(({ message }) => message);

describe('a text pattern that other tools read as folders', () => {
  it.for([
    "glob(args.path, '**/.env')",
    "glob(args.path, '*/.ssh/*')",
    "glob(args.path, 'src/**/x')",
    "has(args.path) && !glob(args.path, '{*/a,b}')",
    "args.paths.exists(p, glob(p, '**/.env'))",
  ])('is told with the way that works: %s', async (when) => {
    const [finding, ...more] = lint(await compiled({ deny: [{ tool: 'fs/read_file', when }] }), []);
    expect(finding).toMatchObject({ severity: 'warning', path: ['deny', 0, 'when'] });
    expect(finding?.suggestion).toContain('pathGlob(');
    expect(more).toEqual([]);
  });

  it.for([
    "glob(args.path, '*.ts')",
    "glob(args.url, '*/admin/*')",
    "pathGlob(args.path, '**/.env')",
    'glob(args.path, args.pattern)',
  ])('is not seen in %s', async (when) => {
    expect(await saidOf(when)).toEqual([]);
  });

  it('has a suggestion that means what it says', async () => {
    const [one] = lint(
      await compiled({ escalate: [{ tool: 'fs/x', unless: "glob(args.path, '*/.ssh/*')" }] }),
      [],
    );
    expect(one?.suggestion).toBe('For a path: pathGlob(args.path, "**/.ssh/**").');
    expect(one?.path).toEqual(['escalate', 0, 'unless']);
  });
});
