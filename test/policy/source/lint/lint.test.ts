import { describe, expect, it } from 'vitest';
import { lint } from '../../../../src/policy/source/lint/lint.ts';
import { compiled } from '../../../support/policy.ts';

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

describe('a name in another spelling', () => {
  const tools = ['delete_repo', 'get_repo'].map((tool) => ({
    server: 'github',
    tool,
    risk: 'read' as const,
    inputSchema: undefined,
    annotations: undefined,
  }));
  const findings = async (name: string) => lint(await compiled({ deny: [name] }), tools);

  it.for([
    ['mcp__github__delete_*', 'Write "github/delete_*".'],
    ['mcp__github', 'Write "github/*".'],
    ['mcp__claude_ai_Gmail__send', 'Write "claude_ai_Gmail/send".'],
    ['github:delete_*', 'Write "github/delete_*".'],
    ['github.delete_repo', 'Write "github/delete_repo".'],
    ['github', 'Write "github/*".'],
  ] as const)('%s is an error that says how it is written here', async ([name, suggestion]) => {
    expect(await findings(name)).toMatchObject([{ severity: 'error', path: ['deny', 0], suggestion }]);
  });

  it('that no known server has is told; one that a server has, or that means every tool, is not', async () => {
    expect(await findings('remove_repo')).toMatchObject([{ severity: 'warning' }]);
    for (const name of ['delete_repo', 'delete_*', '*', 'github/*']) expect(await findings(name)).toEqual([]);
  });
});

describe('a comparison with null', () => {
  it.for(['args.x != null', 'null == args.x'])('is told with the way that works: %s', async (when) => {
    expect(await saidOf(when)).toEqual([
      'A comparison with null cannot be evaluated for anything that is not null.',
    ]);
  });
});
