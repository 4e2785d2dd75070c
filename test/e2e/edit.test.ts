import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import { LONG, part } from '../support/long.ts';
import { ProxyProcess } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

const ASKED = { escalate: [{ tool: 'srv/echo', confirm: 'key' }], allow: ['*'] };
const PAID =
  '{"jsonrpc":"2.0", "id" : 7,"method":"tools/call","params":{"_meta":{"progressToken":3}, "name":"echo","arguments":{"amount":  9007199254740993,"to":"bob","note":"for\\u0020you"}}}\n';

/** A program that an editor is: `body` is a shell script whose $1 is the file. What it found is kept in `seen`. */
function editor(body: string): { env: Record<string, string>; seen: string } {
  const folder = newFolder();
  const seen = join(folder, 'seen');
  const file = join(folder, 'editor');
  writeFileSync(file, `#!/bin/sh\ncp "$1" '${seen}'\nstat -c '%a' "$1" > '${seen}.mode'\n${body}\n`);
  chmodSync(file, 0o755);
  return { env: { EDITOR: file, VISUAL: '' }, seen };
}

interface Desk extends ToolsProxy {
  terminal: Terminal;
}

async function desk(policy: TestPolicy, env: Record<string, string>, line = PAID): Promise<Desk> {
  const server = await toolsProxy(policy);
  server.proxy.write(line);
  await oneHold(server.home);
  const terminal = new Terminal({ words: ['watch', '--home', server.home], columns: 110, rows: 32, env });
  await terminal.shows('1 waiting');
  return { ...server, terminal };
}

/** Presses a key until the terminal says what it leads to: a card must stand for a moment before it can be approved. */
async function press(terminal: Terminal, key: string, until: string): Promise<void> {
  await eventually(`"${until}" after ${key}`, async () => {
    terminal.type(key);
    await new Promise((later) => setTimeout(later, 900));
    return terminal.text().includes(until) ? true : undefined;
  });
}

const leftovers = (home: string): string[] => {
  const folder = join(home, 'run/edit');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('e in the approval terminal', () => {
  it('gives the arguments to an editor, and runs what a person then approves on a card of its own: nothing else of the line changes', async () => {
    const { env, seen } = editor(`sed -i 's/"bob"/"carol"/; s/9007199254740993/9007199254740995.0/' "$1"`);
    const { terminal, proxy, home, log } = await desk(ASKED, env);
    terminal.type('e');
    await terminal.shows('changed');
    expect(readFileSync(seen, 'utf8')).toBe(
      '{\n  "amount": 9007199254740993,\n  "to": "bob",\n  "note": "for\\u0020you"\n}\n',
    );
    expect(readFileSync(`${seen}.mode`, 'utf8').trim()).toBe('600');
    expect(leftovers(home)).toEqual([]);
    expect(terminal.text()).toContain('1 waiting');
    expect(terminal.text()).toContain('"bob" → "carol"');
    expect(log()).toEqual([]);
    await press(terminal, 'a', 'The call was forwarded');
    const answer = await proxy.answer(7);
    const [word, result] = answer.result?.content ?? [];
    expect(word?.text).toMatch(
      /^holdpoint: the user \(\S+\) changed the arguments of this call before approving it: "amount" was 9007199254740993 and is 9007199254740995\.0; "to" was "bob" and is "carol"\. What follows is the answer to the changed call\.$/,
    );
    expect(result?.text).toBe('{"amount":9007199254740996,"to":"carol","note":"for you"}');
    const raw = proxy.lines.find(({ json }) => json?.id === 7)?.raw ?? '';
    expect(raw).toMatch(
      /^\{"jsonrpc":"2\.0","id":7,"result":\{"content":\[\{"type":"text","text":"holdpoint: .*"\},\{"type":"text","text":".*"\}\]\}\}$/,
    );
    await proxy.end();
    const [first, second] = recordsOf(home, 'decision');
    expect(first).toMatchObject({ call: 1, arguments: { amount: expect.anything(), to: 'bob' } });
    expect(second).toMatchObject({ call: 2, arguments: { to: 'carol' }, edited: { call: 1 } });
    expect(recordsOf(home, 'verdict')).toMatchObject([
      {
        call: 1,
        verdict: 'withdrawn',
        reason: expect.stringMatching(/^edited by /),
        edited: { by: { method: 'watch' } },
      },
      { call: 2, verdict: 'approve' },
    ]);
    expect(recordsOf(home, 'forward')).toMatchObject([{ call: 2 }]);
    const verify = await holdpoint(home, ['audit', 'verify']);
    expect([verify.code, verify.stdout]).toEqual([0, expect.any(String)]);
    const replayed = await holdpoint(home, ['policy', 'replay', join(home, 'policy.json')]);
    expect([replayed.code, replayed.stdout]).toEqual([0, expect.stringContaining('2 as before, 0 changed')]);
    const shown = await holdpoint(home, ['audit', 'show', `${second?.['session']}/2`]);
    expect(shown.stdout).toMatch(/Changed +by .* from call 1/);
  });

  const LEFT: readonly [string, string, string][] = [
    ['leaves the file as it was', 'true', 'Nothing was changed: the call waits as it was.'],
    [
      'only lays it out otherwise',
      `printf '{"amount":9007199254740993,\\n\\n"to" :"bob","note":"for\\\\u0020you" }' > "$1"`,
      'Nothing was changed: the call waits as it was.',
    ],
    ['fails', 'exit 3', 'Nothing was changed: the editor failed, exit code 3'],
    ['is killed', 'kill -9 $PPID; sleep 1', 'Nothing was changed: the editor was ended by SIGKILL'],
    ['empties the file', ': > "$1"', 'No clean JSON in line 1'],
    ['removes the file', 'rm "$1"', 'Nothing was changed: ENOENT'],
    [
      'leaves an array',
      'echo "[1]" > "$1"',
      'Arguments are one JSON object, and this is none. e goes on with your text.',
    ],
    ['leaves a name twice', `echo '{"a":1,"\\u0061":2}' > "$1"`, 'the key "a" stands twice in one object'],
    [
      'leaves a line too much',
      `echo '{"a":1},' > "$1"`,
      'No clean JSON in line 1: more text follows the JSON value. e goes on with your text.',
    ],
  ];

  it.each(part(LEFT, 3))('changes nothing where the editor %s, and says so', async (_, body, said) => {
    const { terminal, home, log } = await desk(ASKED, editor(body).env);
    terminal.type('e');
    await terminal.shows(said);
    expect(leftovers(home)).toEqual([]);
    expect(recordsOf(home, 'verdict')).toEqual([]);
    expect(log()).toEqual([]);
    expect((await oneHold(home)).arguments).toMatchObject({ to: 'bob' });
  });

  it.skipIf(!LONG)('leaves a call that was not changed to be approved as it was', async () => {
    const { terminal, proxy } = await desk(ASKED, editor('exit 3').env);
    terminal.type('e');
    await terminal.shows('Nothing was changed: the editor failed');
    await press(terminal, 'a', 'The call was forwarded');
    expect(await proxy.text(7)).toContain('"to":"bob"');
  });

  it('says that there is no editor of that name', async () => {
    const { terminal } = await desk(ASKED, { EDITOR: '/no/such/editor' });
    terminal.type('e');
    await terminal.shows('There is no editor "/no/such/editor": set VISUAL or EDITOR.');
  });

  it('keeps what was written and could not be sent: the next e goes on with it', async () => {
    const { env, seen } = editor(
      `if grep -q carol "$1"; then sed -i 's/,,/,/' "$1"; else sed -i 's/"bob",/"carol",,/' "$1"; fi`,
    );
    const { terminal } = await desk(ASKED, env);
    terminal.type('e');
    await terminal.shows('e goes on with your text');
    terminal.type('e');
    await terminal.shows('"bob" → "carol"');
    expect(readFileSync(seen, 'utf8')).toContain('"carol",,');
  });

  it('sends nothing that the policy denies: the call waits as it was', async () => {
    const policy = {
      deny: [{ tool: 'srv/echo', when: 'args.to == "carol"', reason: 'Not to Carol.' }],
      ...ASKED,
    };
    const { terminal, home } = await desk(policy, editor(`sed -i 's/bob/carol/' "$1"`).env);
    terminal.type('e');
    await terminal.shows('Not to Carol.');
    await terminal.shows('Nothing was changed.');
    expect(terminal.text()).toContain('1 waiting');
    expect(recordsOf(home, 'verdict')).toEqual([]);
  });

  it.skipIf(!LONG)('asks a person also where the policy would let the changed call run', async () => {
    const policy = {
      escalate: [{ tool: 'srv/echo', when: 'args.to == "bob"', confirm: 'key' }],
      allow: ['*'],
    };
    const { terminal, proxy, home, log } = await desk(policy, editor(`sed -i 's/bob/carol/' "$1"`).env);
    terminal.type('e');
    await terminal.shows('the policy alone would let it run so');
    expect(log()).toEqual([]);
    await press(terminal, 'a', 'The call was forwarded');
    expect(await proxy.text(7)).toContain('changed the arguments');
    expect(recordsOf(home, 'decision')[1]).toMatchObject({ effect: 'escalate', rule: 'builtin:edited' });
    await proxy.end();
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
  });

  it('shows masked parts first', async () => {
    const secret = 'ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8';
    const line = `${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo', arguments: { to: 'bob', token: secret } } })}\n`;
    const { terminal, proxy, home } = await desk(ASKED, editor(`sed -i 's/bob/carol/' "$1"`).env, line);
    terminal.type('e');
    await terminal.shows('Part of it is masked: r shows it, then e changes the call.');
    terminal.type('r');
    await terminal.shows(secret);
    terminal.type('e');
    await terminal.shows('"bob" → "carol"');
    const pending = await holdpoint(home, ['pending', '--json']);
    expect(pending.stdout).toContain('"edited":{"call":1');
    expect((await holdpoint(home, ['pending'])).stdout).toMatch(/, changed by \S+\n/);
    const printed = await holdpoint(home, ['approve', (await oneHold(home)).id]);
    expect(printed.stdout).toMatch(/changed by \S+; its agent asked for \{"to":"bob"/);
    expect(pending.stdout + printed.stdout).not.toContain(secret);
    const { result } = await proxy.answer(7);
    expect(result?.content?.[0]?.text).not.toContain(secret);
    expect(result?.content?.[1]?.text).toContain(secret);
    await proxy.end();
    const files = readdirSync(join(home, 'audit')).filter((name) => name.endsWith('.jsonl'));
    for (const name of files) expect(readFileSync(join(home, 'audit', name), 'utf8')).not.toContain(secret);
  });

  it('tells whoever wrote what does not fit the schema of the tool, and sends nothing', async () => {
    const folder = newFolder();
    const definition = {
      name: 'pay',
      description: 'Pays somebody.',
      inputSchema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { to: { type: 'string', pattern: '^[a-z]+$' }, amount: { type: 'number', maximum: 100 } },
        required: ['to'],
        additionalProperties: false,
      },
    };
    const script = join(folder, 'server.mjs');
    writeFileSync(
      script,
      `import { createInterface } from 'node:readline';
const say = (m) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...m }) + '\\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'tools/list') say({ id, result: { tools: [${JSON.stringify(definition)}] } });
  else if (method === 'tools/call') say({ id, result: { content: [{ type: 'text', text: JSON.stringify(params.arguments) }] } });
  else if (id !== undefined) say({ id, result: {} });
});
`.replaceAll('\\\\n', '\\n'),
    );
    const home = newHome({ escalate: [{ tool: 'srv/pay', confirm: 'key' }], allow: ['*'] });
    const proxy = new ProxyProcess({
      home,
      server: [process.execPath, script],
      words: ['--server', 'srv', '--trust-first', '--'],
    });
    await proxy.ready();
    proxy.send({ id: 1, method: 'tools/list' });
    await proxy.answer(1);
    proxy.call(2, 'pay', { to: 'bob', amount: 5 });
    await oneHold(home);
    const { env } = editor(`sed -i 's/"amount": 5/"amount": 5000, "cc": 1/; s/bob/B0B/' "$1"`);
    const terminal = new Terminal({ words: ['watch', '--home', home], columns: 200, rows: 40, env });
    await terminal.shows('1 waiting');
    terminal.type('e');
    await terminal.shows('The arguments do not fit the schema of pay: ');
    for (const said of [
      'must NOT have additional properties',
      '/to must match pattern',
      '/amount must be <= 100',
    ])
      expect(terminal.text()).toContain(said);
    expect(recordsOf(home, 'verdict')).toEqual([]);
  });

  it('makes a rejection that proposes the arguments where the client was told to ask again', async () => {
    const policy = { ...ASKED, approvals: { answerWithin: '1s' } };
    const { terminal, proxy, home } = await desk(policy, editor(`sed -i 's/bob/carol/' "$1"`).env);
    expect(await proxy.text(7)).toContain('repeat the same call');
    await oneHold(home, 'detached');
    terminal.type('e');
    await terminal.shows('Nothing waits');
    expect(recordsOf(home, 'verdict')).toMatchObject([
      {
        verdict: 'reject',
        reason: expect.stringMatching(/^Call it again with these arguments instead: \{.*"to":"carol"/),
      },
    ]);
    proxy.write(PAID.replace('"id" : 7', '"id":8'));
    expect(await proxy.text(8)).toContain(
      'Call it again with these arguments instead: {"amount":9007199254740993,"to":"carol"',
    );
  });

  it.skipIf(!LONG)(
    'tells the agent what to ask for where its client gives up before the changed call is approved',
    async () => {
      const policy = { ...ASKED, approvals: { answerWithin: '6s' } };
      const { terminal, proxy, home, log } = await desk(policy, editor(`sed -i 's/bob/carol/' "$1"`).env);
      terminal.type('e');
      await terminal.shows('"bob" → "carol"');
      const told = await proxy.text(7);
      expect(told).toContain('Your user changed the arguments of this call and did not approve it yet');
      const args = JSON.parse(/\{.*\}$/.exec(told)?.[0] ?? '') as object;
      expect(args).toEqual({ amount: 9007199254740992, to: 'carol', note: 'for you' });
      proxy.write(PAID.replace('"id" : 7', '"id":8').replace('bob', 'carol'));
      await oneHold(home, 'live');
      await press(terminal, 'a', 'The call was forwarded');
      expect(await proxy.text(8)).toContain('"to":"carol"');
      expect(log()).toHaveLength(1);
    },
  );
});
