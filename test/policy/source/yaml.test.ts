import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { describe as inWords } from '../../../src/policy/source/problems.ts';

const problemsOf = async (text: string): Promise<string> =>
  ((await compilePolicy(text, 'yaml')).problems ?? [])
    .map((problem) => inWords(problem, 'p.yaml'))
    .join('\n');

describe('a policy in YAML', () => {
  it('says the same as in JSON', async () => {
    const yaml = `# yaml-language-server: $schema=policy.schema.json
version: 1
default: escalate
deny:
  - "*/drop_*"
  - tool: stripe/create_refund
    when: 'args.amount > 5000'
    reason: Refunds over 50 EUR go through finance # a comment here is fine
escalate:
  - tool: fs/write_file
    when: >-
      !under(args.path, "/home/me/project")
      && args.path != "/tmp/x"
    show: [path]
    timeout: 10m
allow:
  - fs/read_*
  - tool: [github/get_*, github/list_*]
    caller: ci
`;
    const json = {
      version: 1,
      default: 'escalate',
      deny: [
        '*/drop_*',
        {
          tool: 'stripe/create_refund',
          when: 'args.amount > 5000',
          reason: 'Refunds over 50 EUR go through finance',
        },
      ],
      escalate: [
        {
          tool: 'fs/write_file',
          when: '!under(args.path, "/home/me/project") && args.path != "/tmp/x"',
          show: ['path'],
          timeout: '10m',
        },
      ],
      allow: ['fs/read_*', { tool: ['github/get_*', 'github/list_*'], caller: 'ci' }],
    };
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(plain((await compilePolicy(yaml, 'yaml')).policy)).toEqual(
      plain((await compilePolicy(JSON.stringify(json))).policy),
    );
  });

  it.for([
    [
      'version: 1\ndeny:\n  - */delete_*\n',
      `p.yaml:3:5 YAML reads a text that begins with "*" as an alias. Quote this: '*/delete_*'.`,
    ],
    [
      'version: 1\ndeny:\n  - tool: x\n    when: !has(args.x)\n',
      `p.yaml:4:11 YAML reads a text that begins with "!" as a tag. Quote this: '!has(args.x)'.`,
    ],
    [
      'version: 1\nallow:\n  - tool: x\n    when: args.a == 1 # and args.b\n',
      `p.yaml:4:11 What follows " #" is a comment to YAML, so this condition would be cut. Quote this: 'args.a == 1 # and args.b'.`,
    ],
    ['version: 1\nallow: &all ["*"]\n', `YAML reads a text that begins with "&" as an anchor`],
    ['version: 1\n<<: {allow: ["*"]}\n', 'A merge key has no place in a policy'],
    ['version: 1\nallow: []\nallow: ["*"]\n', 'p.yaml:3:1 A key stands here twice'],
    ['version: 1\nallow:\n  - tool: x\n    when: "force" in args\n', 'safe in single quotes'],
    ['version: 1\nallow:\n  - tool: x\n    when: args.a ? true : false\n', 'safe in single quotes'],
    ['version: 1\nallow:\n  - tool: x\n    when:\n', 'p.yaml:4:10 allow[0].when: This must be a text.'],
    ['version: 1\nallow:\n  - tool: x\n    when: ""\n', 'An empty condition would be no condition'],
    ['version: 1\nallow:\n  - {github,gitlab}/get_*\n', 'safe in single quotes'],
    ['%YAML 1.1\n---\nversion: 1\n', 'A YAML directive has no place'],
    ['version: 1\n---\nversion: 1\n', 'several YAML documents'],
    ['version: 1\nallow:\n  - !!str x\n', 'as a tag'],
    ['? [a]\n: 1\n', 'A key must be a plain word'],
    ['version: 1\nallow: [no]\n', ''],
    ['version: 1\nallow: [yes, 5]\n', 'allow[1]: An item is a pattern'],
    ['version: 1\nallow:\n\t- x\n', 'This is not YAML'],
    ['', 'This must be an object'],
    ['- '.repeat(9_000), 'nested'],
    ['['.repeat(9_000), 'nested'],
    [
      "version: 1\ndeny:\n  - tool: x\n    when: 'args.a ==== 1'\n",
      'p.yaml:4:21 deny[0].when: "==" is not expected here.\n    args.a ==== 1\n             ^^',
    ],
  ] as const)('%j: %s', async ([text, said]) => {
    if (said === '') expect(await problemsOf(text)).toBe('');
    else expect(await problemsOf(text)).toContain(said);
  });

  it('of hostile depth or aliases ends in a sentence, not in a crash or a bomb', async () => {
    const bomb = `a: &a ["x","x"]\n${Array.from({ length: 20 }, (_, n) => `b${n}: &b${n} [*a, *a]`).join('\n')}`;
    expect(await problemsOf(bomb)).toContain('anchor');
  });
});
