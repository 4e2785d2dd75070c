import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, holds, oneHold } from '../support/cli.ts';
import { type Defined, DefinedServer } from '../support/defined-server.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';

const schema = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});
const tool = (name: string, description: string, ...names: string[]): Defined => ({
  name,
  description,
  inputSchema: schema(...names),
});
/** Seven that only read, and five that do not, or not surely. */
const TWELVE: Defined[] = [
  tool('get_record', 'Gets one record.', 'id'),
  tool('list_records', 'Lists all records.', 'page'),
  tool('count_records', 'Counts the records.'),
  tool('get_user', 'Gets one user.', 'id'),
  tool('list_users', 'Lists all users.'),
  tool('describe_table', 'Describes the columns of a table.', 'table'),
  tool('get_status', 'Gets the status of the service.'),
  tool('query', 'Runs a query.', 'sql'),
  tool('get_secret', 'Gets one secret.', 'name'),
  tool('update_record', 'Updates a record.', 'id', 'text'),
  tool('delete_record', 'Deletes a record for ever.', 'id'),
  tool('send_mail', 'Sends a mail.', 'to', 'text'),
];
const RAN = TWELVE.slice(0, 7).map(({ name }) => name);
const ASKED = TWELVE.slice(7).map(({ name }) => name);

/** No client's file is here. */
const nowhere = () => ({ HOME: newFolder(), XDG_CONFIG_HOME: newFolder() });

async function callAll(server: DefinedServer): Promise<void> {
  for (const [n, { name }] of TWELVE.entries()) server.proxy.call(n + 1, name, {});
  for (const [n] of RAN.entries()) await server.proxy.answer(n + 1);
  await holds(server.home, ASKED.length);
}

describe('a policy made from an hour of twelve tools', () => {
  it('lets the seven run that ran unasked, and asks about the other five', async () => {
    const first = await DefinedServer.start(TWELVE, { words: ['--trust-first'], ownClient: false });
    const { home } = first;
    await first.list();
    await callAll(first);
    expect(first.executed()).toEqual(RAN);
    await first.proxy.end();

    const made = await holdpoint(home, ['policy', 'init'], nowhere());
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain('12 tools: 12 as before, 0 that asked and will run');
    const text = readFileSync(join(home, 'policy.jsonc'), 'utf8');
    expect(text).toContain('notes: 12 tools, each by what it may do');
    expect(text).toContain(`By the last line run: ${RAN.join(', ')}.`);
    for (const name of ASKED) expect(text).toMatch(new RegExp(`^ *// "notes/${name}", //`, 'm'));
    const check = await holdpoint(home, ['policy', 'check']);
    expect([check.code, check.stdout]).toEqual([0, expect.stringMatching(/is a valid policy: 0 deny/)]);
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).code).toBe(0);

    const second = await first.again();
    await second.list();
    await callAll(second);
    expect(second.proxy.lines.length).toBeGreaterThan(0);
    expect(first.executed()).toEqual([...RAN, ...RAN]);
    await second.proxy.end();
    // Two sessions of one second have names in no order.
    const decided = recordsOf(home, 'decision').map(
      ({ effect, rule }) => `${String(effect)} ${String(rule)}`,
    );
    expect(decided.sort()).toEqual(
      [
        ...RAN.flatMap(() => ['allow builtin:plain-read', 'allow plain-reads']),
        ...ASKED.flatMap(() => ['escalate default', 'escalate default']),
      ].sort(),
    );
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it.skipIf(!LONG)('is the same from an hour that was only watched, and says what ran then', async () => {
    const server = await DefinedServer.start(TWELVE, { policy: { mode: 'observe' }, ownClient: false });
    const { home } = server;
    await server.list();
    for (const [n, { name }] of TWELVE.entries()) server.proxy.call(n + 1, name, {});
    for (const [n] of TWELVE.entries()) await server.proxy.answer(n + 1);
    await server.proxy.end();
    const printed = await holdpoint(home, ['policy', 'init', '--print'], nowhere());
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain('// "notes/send_mail", // outbound; ran unasked once in the record');
    expect(printed.stderr).toContain('12 tools: ');
    const again = await holdpoint(home, ['policy', 'init', '--print'], nowhere());
    expect(again.stdout).toBe(printed.stdout);
    const file = join(newFolder(), 'policy.jsonc');
    writeFileSync(file, printed.stdout);
    for (const name of RAN)
      expect((await holdpoint(home, ['policy', 'explain', `notes/${name}`, '--policy', file])).code).toBe(0);
    for (const name of ASKED)
      expect((await holdpoint(home, ['policy', 'explain', `notes/${name}`, '--policy', file])).code).toBe(11);
  });

  it.skipIf(!LONG)('names what the record has calls of, where nothing is known of the tools', async () => {
    const server = await DefinedServer.start(TWELVE, { policy: { mode: 'observe' }, ownClient: false });
    server.proxy.call(1, 'get_record', {});
    server.proxy.call(2, 'get_record', {});
    await server.proxy.answer(2);
    await server.proxy.end();
    const { stdout } = await holdpoint(server.home, ['policy', 'init', '--print'], nowhere());
    expect(stdout).toContain('notes: its tools are not known');
    expect(stdout).toContain(
      '// "notes/get_record", // nothing is known of it; ran unasked 2 times in the record',
    );
  });

  it('leaves a server that nobody knows yet as it is without a policy: asked about once, then its reads run', async () => {
    const home = newHome();
    expect((await holdpoint(home, ['policy', 'init', 'shop'], nowhere())).code).toBe(0);
    expect((await holdpoint(home, ['policy', 'apply', '--yes'])).code).toBe(0);
    const server = await DefinedServer.start(TWELVE, { home });
    await server.list();
    server.proxy.call(1, 'get_record', { id: 'a' });
    const hold = await oneHold(home);
    expect(hold.rule).toBe('builtin:first-use');
    expect(server.executed()).toEqual([]);
    expect((await approveHold(home, hold.id)).code).toBe(0);
    expect(await server.proxy.text(1)).toBe('ran get_record');
    server.proxy.call(2, 'get_user', { id: 'a' });
    expect(await server.proxy.text(2)).toBe('ran get_user');
    server.proxy.call(3, 'query', { sql: 'select 1' });
    expect(await oneHold(home)).toMatchObject({ rule: 'default', tool: 'query' });
    await server.proxy.end();
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });
});

describe('a server with the tools of a pack, called otherwise', () => {
  it('gets the pack in its own name, and check has nothing to say of the tools that it lacks', async () => {
    const file = join(import.meta.dirname, '../../policies/github/tools.json');
    const { tools } = JSON.parse(readFileSync(file, 'utf8')) as { tools: Defined[] };
    const few = ['get_file_contents', 'list_branches', 'create_branch', 'merge_pull_request'];
    const github = tools.filter(({ name }) => few.includes(name));
    const server = await DefinedServer.start(github, { words: ['--trust-first'], ownClient: false });
    const { home } = server;
    await server.list();
    server.proxy.call(1, 'merge_pull_request', { owner: 'o', repo: 'r', pullNumber: 1 });
    await oneHold(home);
    await server.proxy.end();
    const made = await holdpoint(home, ['policy', 'init'], nowhere());
    expect(made.stdout).toContain('notes/create_branch');
    expect(readFileSync(join(home, 'policy.jsonc'), 'utf8')).toContain('notes: the pack github; 4 tools');
    const check = await holdpoint(home, ['policy', 'check']);
    expect([check.code, check.stdout]).toEqual([
      0,
      expect.stringMatching(/^[^\n]* is a valid policy: 4 deny/),
    ]);
    const asked = await holdpoint(home, [
      'policy',
      'explain',
      'notes/merge_pull_request',
      '--policy',
      join(home, 'policy.jsonc'),
      '--json',
    ]);
    expect(JSON.parse(asked.stdout)).toMatchObject({ decision: { effect: 'escalate', rule: 'notes-merge' } });
    const typo = join(newFolder(), 'typo.json');
    writeFileSync(typo, JSON.stringify({ version: 1, deny: ['notes/merge_pul_request'] }));
    expect((await holdpoint(home, ['policy', 'check', typo])).stdout).toContain(
      'Did you mean "merge_pull_request"?',
    );
  });
});

describe('what a first policy changes', () => {
  it('is told for each tool, with the reason of its pack, and whole in a pipe', async () => {
    const made = await holdpoint(newHome(), ['policy', 'init', 'github'], nowhere());
    const rows = made.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(['SERVER/TOOL', 'NOW', 'WITH IT', 'WHY']);
    expect(rows).toContainEqual([
      'github/delete_repository',
      'escalate',
      'deny',
      'Repositories are deleted by people, on the web site',
    ]);
    expect(rows).toContainEqual([
      'github/get_file_contents',
      'allow',
      'allow or escalate',
      'Files of this name often hold keys and passwords',
    ]);
    expect(rows).toContainEqual(['github/create_branch', 'escalate', 'allow', 'The pack github lets it run']);
    expect(made.stdout).not.toContain('github/list_branches');
    expect(made.stdout).toMatch(/^117 tools: \d+ as before, /m);
  });

  it.skipIf(!LONG)('is told of one for all that change alike, where the tools are only guessed', async () => {
    const folder = newFolder();
    const server = { command: 'npx', args: ['-y', 'mcp-remote', 'https://mcp.linear.app/mcp'] };
    mkdirSync(join(folder, '.cursor'));
    writeFileSync(join(folder, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { tickets: server } }));
    const { stderr, stdout } = await holdpoint(newHome(), ['policy', 'init', '--print'], { HOME: folder });
    expect(stdout).toContain(
      'tickets: what the pack linear denies and asks about, and nothing that it allows',
    );
    const rows = stderr.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows).toContainEqual([
      'tickets/linear_logoutAllSessions, 2 more',
      'escalate',
      'deny',
      'Who is signed in is decided by people',
    ]);
    const [, all = '0', same = '0', ...rest] =
      /^(\d+) tools: (\d+) as before, (\d+) that .*, (\d+) that .*, (\d+) that/m.exec(stderr) ?? [];
    expect(rest.reduce((sum, one) => sum + Number(one), Number(same))).toBe(Number(all));
  });

  it.for([
    ['by its address', { url: 'https://mcp.linear.app/mcp' }],
    ['wrapped', { command: 'holdpoint', args: ['run', '--url', 'https://mcp.linear.app/mcp', '--'] }],
  ])('knows a remote server that a client names %s', async ([, server]) => {
    const folder = newFolder();
    mkdirSync(join(folder, '.cursor'));
    writeFileSync(join(folder, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { tickets: server } }));
    const { stdout } = await holdpoint(newHome(), ['policy', 'init', '--print'], { HOME: folder });
    expect(stdout).toContain('tickets: what the pack linear denies and asks about');
  });

  it('goes to stderr where the policy goes to stdout', async () => {
    const printed = await holdpoint(newHome(), ['policy', 'init', 'slack', '--print'], nowhere());
    expect(printed.stderr).toContain('SERVER/TOOL');
    expect(printed.stdout.startsWith('{')).toBe(true);
  });

  it('takes the servers of the clients too, and starts none of them', async () => {
    const home = newHome();
    const folder = newFolder();
    const marker = join(folder, 'started');
    const start = ['-e', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`];
    const servers = { weather: { command: process.execPath, args: start } };
    writeFileSync(join(folder, '.claude.json'), JSON.stringify({ mcpServers: servers }));
    const cursor = join(folder, '.cursor');
    mkdirSync(cursor);
    writeFileSync(join(cursor, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
    const printed = await holdpoint(home, ['policy', 'init', '--print'], { HOME: folder });
    expect([printed.code, printed.stdout]).toEqual([
      0,
      expect.stringContaining('weather: its tools are not known'),
    ]);
    expect(existsSync(marker)).toBe(false);
  });
});
