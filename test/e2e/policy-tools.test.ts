import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { DefinedServer } from '../support/defined-server.ts';
import { auditFiles, newFolder, newHome } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { toolsProxy } from '../support/tools-server.ts';

const put = (folder: string, name: string, value: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
  return file;
};

describe('holdpoint policy check', () => {
  const tools = {
    tools: [
      {
        name: 'create_refund',
        inputSchema: { type: 'object', properties: { amount: {}, note: {} }, required: ['amount'] },
      },
      { name: 'list_charges', inputSchema: { type: 'object', properties: {} } },
      { name: 'delete_customer', annotations: { destructiveHint: true } },
    ],
  };

  it('warns of what compiles and is hardly meant, with its place, and ends with 0', async () => {
    const folder = newFolder();
    const file = put(
      folder,
      'p.json',
      `{
  "version": 1,
  "deny": ["stripe/drop_*"],
  "escalate": ["stripe/drop_table", { "tool": "stripe/create_refund", "when": "1 == 2" }, "github/*"],
  "allow": ["stripe/*", "stripe/lst_charges", "github/get_x", { "tool": "stripe/create_refund", "when": "args.amount < 5 || true" },
    "notion/*"]
}`,
    );
    const { code, stdout } = await holdpoint(newHome(), [
      'policy',
      'check',
      file,
      '--tools',
      `stripe=${put(folder, 't.json', tools)}`,
    ]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').slice(0, -1)).toEqual([
      `${file}:3:12 deny[0]: warning: No tool of stripe is named "drop_*".`,
      `${file}:4:16 escalate[0]: warning: It never has a say: whatever it covers is denied by deny[0] (stripe/drop_*).`,
      `${file}:4:16 escalate[0]: warning: No tool of stripe is named "drop_table".`,
      `${file}:4:79 escalate[1].when: warning: This is false for every call, so the item never counts.`,
      `${file}:5:13 allow[0]: warning: It allows delete_customer (destructive). Name what is meant, or escalate those.`,
      `${file}:5:25 allow[1]: warning: No tool of stripe is named "lst_charges". Did you mean "list_charges"?`,
      `${file}:5:47 allow[2]: warning: It never has a say: whatever it covers is a question by escalate[2] (github/*).`,
      `${file}:5:105 allow[3].when: warning: This is true for every call, so it may as well be left out.`,
      `${file}:6:5 allow[4]: warning: It allows every tool of the server, also those that a later version may bring.`,
    ]);
    expect(stdout).toContain('is a valid policy (9 warnings)');
  });

  it('takes an argument that no tool has for a problem: exit 3', async () => {
    const folder = newFolder();
    const file = put(folder, 'p.json', {
      version: 1,
      deny: [{ tool: 'stripe/create_refund', when: 'args.amonut > 5000' }],
      escalate: [{ tool: 'stripe/create_refund', when: 'args.note.contains("x")' }],
    });
    const words = ['policy', 'check', file, '--json', '--tools', `stripe=${put(folder, 't.json', tools)}`];
    const { code, stdout } = await holdpoint(newHome(), words);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        severity: 'error',
        path: 'deny[0].when',
        message: 'args.amonut is no argument of create_refund.',
        suggestion: 'Did you mean "amount"?',
      },
      { severity: 'warning', path: 'escalate[0].when', suggestion: 'Ask first: has(args.note) && …' },
    ]);
  });

  it.each([
    ['x.json', 2, 'write SERVER=FILE'],
    ['s=/nowhere', 1, 'cannot be read'],
  ])('--tools %s is refused: exit %i', async (tools, code, said) => {
    const ran = await holdpoint(newHome({ allow: [] }), ['policy', 'check', '--tools', tools]);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(ran.stderr).not.toContain(' at ');
  });
});

describe('holdpoint policy explain', () => {
  it.skipIf(!LONG)('shows which key of an item says no, at any time and against any count', async () => {
    const home = newHome();
    const file = put(home, 'draft.json', {
      version: 1,
      deny: [
        { tool: 's/t', when: 'args.n > 5' },
        { tool: 's/t', over: '1/hour' },
        { tool: 's/t', when: "now.getHours('Europe/Berlin') >= 22", reason: 'Not at night' },
      ],
      allow: [{ tool: 's/t', caller: 'ci' }, 's/t'],
    });
    const explain = (...words: string[]) =>
      holdpoint(home, ['policy', 'explain', 's/t', '--policy', file, ...words]);
    const day = await explain('--args', '{"n":1}', '--now', '2026-11-25T12:00:00Z');
    expect(day.code).toBe(0);
    expect(day.stdout).toContain('← "when" is false');
    expect(day.stdout).toContain('← within the limit');
    expect(day.stdout).toContain('← another caller');
    const night = await explain('--args', '{"n":1}', '--now', '2026-11-25T21:30:00Z');
    expect([night.code, night.stdout]).toEqual([10, expect.stringContaining('Not at night')]);
    const odd = await explain('--args', '{}', '--now', '2026-11-25T12:00:00Z');
    expect([odd.code, odd.stdout]).toEqual([11, expect.stringContaining('there is no args.n')]);
    expect(odd.stdout).toContain('← cannot be evaluated');
    expect((await explain('--now', 'noon')).code).toBe(2);
  });
});

describe('holdpoint policy test', () => {
  const policy = {
    version: 1,
    deny: [{ tool: 's/pay', when: 'args.amount > 100', id: 'much' }],
    allow: ['s/*'],
  };

  it('is silent about what is as wanted and names what is not: exit 0 and 1', async () => {
    const folder = newFolder();
    put(folder, 'policy.json', policy);
    const file = put(
      folder,
      'cases.jsonc',
      `{
  "policy": "policy.json", // beside it
  "cases": [
    { "call": "s/pay", "args": { "amount": 100.00 }, "want": { "effect": "allow" } },
    { "call": "s/pay", "args": { "amount": 100.01 }, "want": { "effect": "deny", "rule": "much" } }
  ]
}`,
    );
    const good = await holdpoint(newHome(), ['policy', 'test', file]);
    expect([good.code, good.stdout]).toEqual([0, '2 cases, all as wanted.\n']);
    const wrong = put(
      folder,
      'wrong.yaml',
      'policy: policy.json\ncases:\n  - call: s/pay\n    args: { amount: 500 }\n    want: { effect: allow }\n',
    );
    const bad = await holdpoint(newHome(), ['policy', 'test', file, wrong]);
    expect([bad.code, bad.stdout]).toEqual([
      1,
      `${wrong}:3 s/pay: effect deny instead of allow. A rule denies s/pay where its condition holds (much).\n3 cases, 1 not as wanted.\n`,
    ]);
    const json = await holdpoint(newHome(), ['policy', 'test', wrong, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { line: 3, effect: 'deny', rule: 'much', differs: ['effect deny instead of allow'] },
    ]);
  });

  it('tests the policy in force with the cases of the home, and any other with --policy', async () => {
    const home = newHome({ allow: ['s/*'] });
    put(home, 'policy.test.json', {
      cases: [{ call: 's/pay', args: { amount: 5 }, want: { effect: 'allow' } }],
    });
    expect((await holdpoint(home, ['policy', 'test'])).stdout).toBe('1 case, all as wanted.\n');
    const strict = put(home, 'strict.json', { version: 1, default: 'deny' });
    expect((await holdpoint(home, ['policy', 'test', '--policy', strict])).code).toBe(1);
  });

  it.each([
    ['no cases', '{"cases":[]}', 'Without a case nothing is tested'],
    ['nothing wanted', '{"cases":[{"call":"s/t","want":{}}]}', 'Say what is wanted'],
    ['a mistyped key', '{"cases":[{"call":"s/t","wants":{"effect":"deny"}}]}', 'Did you mean "want"?'],
    ['no time', '{"cases":[{"call":"s/t","now":"noon","want":{"effect":"deny"}}]}', '"now" is no time'],
    ['no JSON', '{', 'This is not JSON'],
  ])('refuses a file with %s: it could not fail', async (_, text, said) => {
    const ran = await holdpoint(newHome({ allow: [] }), ['policy', 'test', put(newFolder(), 'c.json', text)]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining(said)]);
  });

  it('without any file says what to do', async () => {
    const ran = await holdpoint(newHome(), ['policy', 'test']);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('policy.test.json')]);
  });
});

describe('holdpoint policy replay', () => {
  it('says of recorded calls what another policy would have done, and how many questions that makes', async () => {
    const { proxy, home } = await toolsProxy({ mode: 'observe', audit: { redact: ['args.card'] } });
    const args = [
      { amount: 10 },
      { amount: 9000 },
      { card: '4111111111111111' },
      { text: 'x'.repeat(5000) },
      { n: 1 },
    ];
    for (const [n, one] of args.entries()) proxy.call(n, 'echo', one);
    for (const n of args.keys()) await proxy.answer(n);
    await proxy.end();
    const draft = put(home, 'draft.json', {
      version: 1,
      deny: [{ tool: 'srv/echo', when: 'has(args.amount) && args.amount > 5000' }],
      escalate: [
        { tool: 'srv/echo', when: 'has(args.card) && args.card.startsWith("4")' },
        { tool: 'srv/echo', when: 'has(args.text) && args.text.contains("y")' },
        { tool: 'srv/echo', when: 'has(args.n)' },
      ],
      allow: ['srv/*'],
    });
    const before = auditFiles(home).map((file) => readFileSync(file, 'utf8'));
    const { code, stdout } = await holdpoint(home, ['policy', 'replay', draft]);
    expect(code).toBe(0);
    expect(stdout).toContain('5 recorded calls against');
    expect(stdout).toContain('1 as before, 2 changed, 2 undecidable');
    expect(stdout).toContain('Questions a day: 5 before, 3 after.');
    expect(stdout).toMatch(/escalate → allow +srv\/echo/);
    expect(stdout).toMatch(/escalate +allow or escalate/);
    expect(stdout).toContain('the record does not hold it');
    const json = JSON.parse((await holdpoint(home, ['policy', 'replay', draft, '--json'])).stdout) as Record<
      string,
      unknown
    >;
    expect(json).toMatchObject({
      calls: 5,
      same: 1,
      changes: [
        { call: 1, before: { effect: 'escalate', rule: 'default' }, after: { effect: 'allow' } },
        { call: 2, after: { effect: 'deny', rule: 'deny[0]' } },
      ],
      undecidable: [{ call: 3, after: { effect: 'undecidable' } }, { call: 4 }],
      approvalsPerDay: { before: 5, after: 3 },
    });
    expect(auditFiles(home).map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    const later = await holdpoint(home, ['policy', 'replay', draft, '--since', '2999-01-01T00:00:00Z']);
    expect(later.stdout).toContain('no recorded calls');
  });

  it.skipIf(!LONG)('counts limits as the calls came, and leaves out what a person rejected', async () => {
    const { proxy, home } = await toolsProxy({ escalate: ['srv/echo'], allow: ['*'] });
    proxy.call(1, 'echo', { n: 1 });
    await holdpoint(home, ['reject', (await oneHold(home)).id]);
    await proxy.answer(1);
    for (const n of [2, 3, 4]) {
      proxy.call(n, 'slow', { ms: 1 });
      await proxy.answer(n);
    }
    await proxy.end();
    const draft = put(home, 'draft.json', {
      version: 1,
      deny: [{ tool: 'srv/*', over: '2/hour' }],
      allow: ['srv/*'],
    });
    const { stdout } = await holdpoint(home, ['policy', 'replay', draft, '--json']);
    const { changes } = JSON.parse(stdout) as { changes: { call: number; after: { effect: string } }[] };
    expect(changes.map(({ call, after }) => [call, after.effect])).toEqual([
      [1, 'allow'],
      [4, 'deny'],
    ]);
  });

  it('adds up amounts that the record holds, and says undecidable of those it does not', async () => {
    const { proxy, home } = await toolsProxy({ mode: 'observe', audit: { redact: ['args.amount'] } });
    proxy.call(1, 'echo', { amount: 5 });
    proxy.call(2, 'echo', { other: 5 });
    for (const n of [1, 2]) await proxy.answer(n);
    await proxy.end();
    const over = { sum: 'args.amount', limit: 3, per: 'day' };
    const draft = put(home, 'draft.json', { version: 1, deny: [{ tool: 'srv/echo', over }], allow: ['*'] });
    const { stdout } = await holdpoint(home, ['policy', 'replay', draft, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      undecidable: [{ call: 1 }],
      changes: [{ call: 2, after: { effect: 'deny' } }],
    });
  });

  it('of a log that keeps no values says undecidable wherever a value is asked for', async () => {
    const { proxy, home } = await toolsProxy({ mode: 'observe', audit: { arguments: 'keys' } });
    proxy.call(1, 'echo', { amount: 5 });
    await proxy.answer(1);
    await proxy.end();
    const draft = put(home, 'draft.json', {
      version: 1,
      deny: [{ tool: 'srv/echo', when: 'args.amount > 1' }],
      allow: ['*'],
    });
    const { stdout } = await holdpoint(home, ['policy', 'replay', draft]);
    expect(stdout).toContain('1 undecidable');
  });

  it('is refused a policy with a mistake: exit 3', async () => {
    const ran = await holdpoint(newHome(), [
      'policy',
      'replay',
      put(newFolder(), 'p.json', '{"version":1,"denny":[]}'),
    ]);
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('Did you mean "deny"?')]);
  });
});

describe('holdpoint policy init', () => {
  it('writes a policy that check takes, with the packs of the servers it is told of, and overwrites none', async () => {
    const home = newHome();
    const first = await holdpoint(home, ['policy', 'init', 'github', 'postgres', 'acme']);
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('policy.jsonc is written')]);
    const text = readFileSync(join(home, 'policy.jsonc'), 'utf8');
    for (const word of ['github-merge', 'postgres-drop', '"acme/get_*"', 'Deny beats escalate'])
      expect(text).toContain(word);
    const check = await holdpoint(home, ['policy', 'check']);
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('8 deny, 20 escalate, 11 allow')]);
    const again = await holdpoint(home, ['policy', 'init', 'slack']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('There is a policy already')]);
    expect(readFileSync(join(home, 'policy.jsonc'), 'utf8')).toBe(text);
    const printed = await holdpoint(home, ['policy', 'init', '--print']);
    expect([printed.code, printed.stdout]).toEqual([0, expect.stringContaining('"version": 1')]);
    expect((await holdpoint(home, ['policy', 'init', '../x'])).code).toBe(2);
  });

  it.each(['', 'filesystem github postgres slack playwright', 'one two'])(
    'prints a policy without a problem for "%s"',
    async (names) => {
      const { stdout } = await holdpoint(newHome(), [
        'policy',
        'init',
        '--print',
        ...names.split(' ').filter(Boolean),
      ]);
      const file = put(newFolder(), 'p.jsonc', stdout);
      expect((await holdpoint(newHome(), ['policy', 'check', file])).stdout).toContain('is a valid policy');
    },
  );
});

describe("a project's policy", () => {
  it('found from the working folder holds what the user allows, until the client starts elsewhere', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, '.git'));
    put(folder, '.policyrc', { version: 1, escalate: ['srv/echo'], allow: ['*'] });
    const { proxy, home } = await toolsProxy({ allow: ['srv/*'] }, { cwd: folder });
    proxy.call(1, 'echo', { n: 1 });
    const hold = await oneHold(home);
    expect(hold.rule).toBe('project:escalate[0]');
    await proxy.said('was not applied by anybody');
    await approveHold(home, hold.id);
    await proxy.answer(1);
    await proxy.end();
    const verified = await holdpoint(home, ['audit', 'verify']);
    expect([verified.code, verified.stdout]).toEqual([0, expect.anything()]);
  });

  it('is applied by name, shown first', async () => {
    const folder = newFolder();
    const file = put(folder, '.policyrc.yaml', 'version: 1\nallow: ["srv/echo"]\n');
    const home = newHome({ deny: ['srv/fail'] });
    const applied = await holdpoint(home, ['policy', 'apply', file, '--yes']);
    expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('+ allow: ["srv/echo"]')]);
    const { proxy } = await toolsProxy({}, { home, cwd: folder });
    proxy.call(1, 'echo', { n: 1 });
    expect(await proxy.text(1)).toContain('"n":1');
    await proxy.end();
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });
});

describe('a policy that is tried', () => {
  it('decides the same in every folder, also in the home itself', async () => {
    const home = newHome({ allow: ['web/fetch'] });
    const args = [
      'policy',
      'explain',
      'web/fetch',
      '--args',
      '{"url":"https://example.com/","repo":"owner/name"}',
    ];
    for (const cwd of ['/', home]) {
      const ran = spawnSync(process.execPath, [BIN, ...args, '--home', home], { cwd, env: cleanEnv() });
      expect([cwd, ran.status]).toEqual([cwd, 0]);
    }
  });

  it('takes a doubtful read in the log for the doubtful read that it was', async () => {
    const query = {
      name: 'query',
      description: 'Runs a query.',
      inputSchema: { type: 'object', properties: { sql: { type: 'string' } } },
    };
    const policy = { allow: [{ risk: 'read' }] };
    const server = await DefinedServer.start([query], { policy });
    await server.list();
    server.proxy.call(1, 'query', { sql: 'select 1' });
    await oneHold(server.home);
    const draft = join(newFolder(), 'draft.json');
    writeFileSync(draft, JSON.stringify({ version: 1, allow: [{ tool: '*/*', risk: 'read' }] }), {
      mode: 0o600,
    });
    const { stdout } = await holdpoint(server.home, ['policy', 'replay', draft, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ calls: 1, same: 1, changes: [] });
  });
});
