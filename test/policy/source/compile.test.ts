import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/source/compile.ts';
import { describe as inWords } from '../../../src/policy/source/problems.ts';

const problemsOf = async (text: string): Promise<string[]> =>
  ((await compilePolicy(text)).problems ?? []).map((problem) => inWords(problem, 'p.json'));

describe('a policy with many mistakes', () => {
  it('gets a sentence for each, in the order of the file, with line, path and a suggestion', async () => {
    const text = `{
  "version": 2,
  "defualt": "escalate",
  "default": "allow",
  "deny": ["*/drop_*", "a[b", { "tool": "x/y", "wen": "1" }, 5, { "reason": "r" }, { "tool": [] }],
  "escalate": [{ "tool": "fs/write", "timeout": "10x", "confirm": "touch" }],
  "allow": [{ "tool": "a", "client": "cursor" }, { "tool": "t", "id": "z" }, { "tool": "u", "id": "z" }],
  "approvals": { "timeout": 5, "maxLive": 0, "clii": "any" }
}`;
    expect(await problemsOf(text)).toEqual([
      'p.json:2:14 version: This must be 1.',
      'p.json:3:3 defualt: The key "defualt" is not known. Did you mean "default"?',
      'p.json:4:14 default: This must be "escalate" or "deny".',
      'p.json:5:24 deny[1]: The pattern holds "["; only * ? and {a,b} have a meaning here. Where a name holds it, write ? in its place.',
      'p.json:5:48 deny[2].wen: The key "wen" is not known. Did you mean "when"?',
      'p.json:5:62 deny[3]: An item is a pattern such as "github/get_*" or an object.',
      'p.json:5:65 deny[4]: The item names no tool, server, caller, client or risk. Write "tool": "*" if it is meant for every call.',
      'p.json:5:94 deny[5].tool: An empty list matches nothing.',
      'p.json:6:49 escalate[0].timeout: "10x" is not a duration such as "90s" or "30m" between 1s and 7d.',
      'p.json:6:67 escalate[0].confirm: This must be "key" or "type" or "passphrase".',
      'p.json:7:38 allow[0].client: A client names itself, so it cannot be a reason to allow. Use "caller" with run --as.',
      'p.json:7:99 allow[2].id: The id "z" is used twice.',
      'p.json:8:29 approvals.timeout: This must be a text.',
      'p.json:8:43 approvals.maxLive: This must be between 1 and 256.',
      'p.json:8:46 approvals.clii: The key "clii" is not known. Did you mean "cli"?',
    ]);
  });

  it.for([
    ['', 'This is not JSON'],
    ['{"version":1,', 'This is not JSON'],
    ['[]', 'This must be an object'],
    ['['.repeat(50_000), 'nested more than 64 deep'],
    [`{"version":1,"allow":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'nested more than 64 deep'],
    ['null', 'This must be an object'],
    ['{}', 'version: This must be 1'],
    ['{"version":1,"version":1}', 'The key "version" stands here twice'],
    ['{"version":1,"allow":"*"}', 'allow: This must be a list'],
    ['{"version":1,"allow":[{"tool":"a/b","server":"c"}]}', 'can match nothing'],
    ['{"version":1,"allow":[{"tool":"a","timeout":"5m"}]}', 'The key "timeout" is not known'],
    ['{"version":1,"allow":["!fs/*"]}', 'The pattern holds "!"'],
    ['{"version":1,"allow":["/x"]}', 'empty server or tool'],
    ['{"version":1,"allow":["{a"]}', 'braces'],
    [`{"version":1,"allow":["${'{a,b}'.repeat(50)}"]}`, 'The braces make more than 64 patterns'],
    [`{"version":1}${' '.repeat(256 * 1024)}`, 'longer than 256 KiB'],
    ['{"version":1,"__proto__":{"allow":["*"]}}', '__proto__'],
    ['{"version":1,"mode":"watch"}', 'This must be "enforce" or "observe"'],
    ['{"version":1,"escalate":[{"tool":"x","timeout":"8d"}]}', 'between 1s and 7d'],
  ] as const)('%s is refused: %s', async ([text, said]) => {
    const { policy } = await compilePolicy(text);
    expect(policy).toBeUndefined();
    expect((await problemsOf(text)).join('\n')).toContain(said);
  });
});

describe('a policy', () => {
  it('may have comments, trailing commas and a byte order mark', async () => {
    expect(
      (await compilePolicy('\ufeff{ // mine\n "version": 1, "allow": ["a/*",], }')).policy?.allow,
    ).toHaveLength(1);
  });

  it('keeps every item it is given, whatever its shape', async () => {
    const { policy } = await compilePolicy(
      '{"version":1,"allow":["a",{"server":"m"},{"tool":["x","y"],"caller":"ci"},{"tool":"q","id":"named"}]}',
    );
    expect(policy?.allow.map((item) => item.id)).toEqual(['allow[0]', 'allow[1]', 'allow[2]', 'named']);
  });

  it('fills in what it does not say', async () => {
    expect((await compilePolicy('{"version":1}')).policy).toEqual({
      builtIn: false,
      trusted: [],
      newToolsByPolicy: [],
      mode: 'enforce',
      default: 'escalate',
      deny: [],
      escalate: [],
      allow: [],
      approvals: {
        timeoutMs: 1_800_000,
        answerWithinMs: 'auto',
        headless: 'hold',
        cli: 'person',
        maxLive: 64,
        passForMs: 900_000,
        sign: 'off',
      },
      audit: {
        durability: 'process',
        checkpoint: undefined,
        arguments: 'source',
        redact: [],
        keepDays: 365,
        mirror: 'off',
      },
    });
  });

  it('takes durations and choices', async () => {
    const text =
      '{"version":1,"approvals":{"timeout":"90s","answerWithin":"20s","passFor":"1h","headless":"deny","cli":"tty","maxLive":3,"sign":"required"},"audit":{"durability":"disk"}}';
    const { policy } = await compilePolicy(text);
    expect(policy?.approvals).toEqual({
      timeoutMs: 90_000,
      answerWithinMs: 20_000,
      passForMs: 3_600_000,
      sign: 'required',
      headless: 'deny',
      cli: 'tty',
      maxLive: 3,
    });
    expect(policy?.audit.durability).toBe('disk');
  });
});
