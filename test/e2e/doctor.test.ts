import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { JsonSource } from '../../src/protocol/json/json-source.ts';
import { PinsFile } from '../../src/tools/pins-file.ts';
import { pinnedAs } from '../../src/tools/tool-knowledge.ts';
import { holdpoint, oneHold } from '../support/cli.ts';
import { clientMachine, everyClient, SERVER } from '../support/client-machine.ts';
import { newHome } from '../support/home.ts';
import { LONG, part } from '../support/long.ts';
import { toolsProxy } from '../support/tools-server.ts';

function installed() {
  const machine = clientMachine();
  const only = ['.cursor/mcp.json', '.codex/config.toml', 'work/shop/.mcp.json'];
  for (const [path, text] of Object.entries(everyClient(SERVER)))
    if (only.includes(path)) machine.put(path, text);
  const env = { LC_ALL: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '' };
  const doctor = async (...words: string[]) => {
    const ran = await machine.run(['doctor', '--json', ...words], env);
    const { findings } = JSON.parse(ran.stdout) as { findings: Finding[] };
    return { ...ran, findings, ids: findings.map(({ id }) => id).sort() };
  };
  return { ...machine, env, doctor };
}
const RIGHT = ['client-patience', 'no-policy', 'proof-tier-0', 'server-remote'];

describe('holdpoint doctor', () => {
  it('finds what is not wrapped, and ends with 0 once it is', async () => {
    const { doctor, run, env } = installed();
    const before = await doctor();
    expect([before.code, before.ids]).toEqual([
      1,
      [...RIGHT.slice(1), ...Array(3).fill('server-not-wrapped')].sort(),
    ]);
    await run(['wrap', '--yes']);
    const after = await doctor();
    expect([after.code, after.ids]).toEqual([0, RIGHT]);
    const words = await run(['doctor'], env);
    expect(words.stdout).toMatch(/^· far \(Codex\) is remote and not guarded/m);
    expect(words.stdout).toMatch(/Looked at: 3 client files, 4 servers wrapped; no policy; home /);
  });

  it('finds what would not start, and a limit that somebody lowered', async () => {
    const { doctor, run, home, read, put } = installed();
    await run(['wrap', '--yes']);
    unlinkSync(join(home, 'bin/holdpoint'));
    put(
      '.codex/config.toml',
      read('.codex/config.toml').replace('tool_timeout_sec = 1800', 'tool_timeout_sec = 9'),
    );
    put('.cursor/mcp.json', read('.cursor/mcp.json').replace(process.execPath, '/opt/gone/node'));
    const { code, ids } = await doctor();
    expect([code, ids]).toEqual([
      1,
      [...RIGHT, 'client-limit-lowered', 'program-missing', 'program-missing'].sort(),
    ]);
  });

  it.for(
    part(
      [
        ['a program of that name', { command: './tools/holdpoint', args: ['run', '--', 'x'] }],
        ['a script that Node does not run', { command: '/bin/echo', args: ['BIN', 'run', '--', 'x'] }],
        ['a script of that name', { command: 'node', args: ['./tools/holdpoint.js', 'run', '--', 'x'] }],
        // What stands in braces is the client's.
        [
          'a path that its client makes',
          { command: '$' + '{workspaceFolder}/holdpoint', args: ['run', '--', 'x'] },
        ],
        [
          'a package that anybody may publish',
          { command: 'npx', args: ['-y', 'holdpoint', 'run', '--', 'x'] },
        ],
      ] as const,
      3,
    ),
  )(
    'finds what looks wrapped and starts something else, and so do clients, wrap and why: %s',
    async ([, entry]) => {
      const { doctor, put, run, env } = installed();
      const script = '#!/bin/sh\n';
      put('work/shop/tools/holdpoint', script, 0o755);
      put('work/shop/tools/holdpoint.js', script);
      await run(['wrap', '--yes']);
      const args = entry.args.map((word) => (word === 'BIN' ? `${process.cwd()}/bin/holdpoint.js` : word));
      put('work/shop/.mcp.json', JSON.stringify({ mcpServers: { lies: { command: entry.command, args } } }));
      expect((await doctor()).ids).toContain('not-holdpoint');
      expect((await run(['clients'], env)).stdout).toMatch(/! lies +wrapped +(?:its? |.*is called)/);
      expect((await run(['why', 'lies'])).stdout).toContain('not surely decided as below');
      const again = await run(['wrap', '--yes']);
      expect([again.code, again.stdout]).toEqual([
        1,
        expect.stringContaining('Left lies alone: it looks wrapped'),
      ]);
    },
  );

  it("wraps a server whose environment names a home with this one's, and finds who wrapped it without", async () => {
    const { doctor, put, run, read, home } = installed();
    const evil = { HOLDPOINT_HOME: join(home, 'work/shop/.cache'), HOME: '/elsewhere' };
    put('.cursor/mcp.json', JSON.stringify({ mcpServers: { lies: { command: 'x', args: [], env: evil } } }));
    await run(['wrap', '--yes', 'cursor']);
    const wrapped = read('.cursor/mcp.json');
    expect(wrapped).toContain(`"--home", "${join(home, '.holdpoint')}"`);
    expect((await doctor()).ids).not.toContain('other-home');
    put('.cursor/mcp.json', wrapped.replace(`"--home", "${join(home, '.holdpoint')}", `, ''));
    const { findings } = await doctor();
    expect(findings.find(({ id }) => id === 'other-home')?.what).toContain(evil.HOLDPOINT_HOME);
    expect((await run(['why', 'lies'])).stdout).toContain('(HOLDPOINT_HOME), not here');
    put('.cursor/mcp.json', wrapped.replace('"--server"', '"--sever"'));
    expect((await doctor()).ids).toContain('words-refused');
  });

  it.skipIf(!LONG)('says of a limit that somebody changed since that unwrap leaves it', async () => {
    const { run, read, put } = installed();
    await run(['wrap', '--yes']);
    const wrapped = read('.codex/config.toml');
    put('.codex/config.toml', wrapped.replace('tool_timeout_sec = 1800', 'tool_timeout_sec = 9'));
    const { stdout } = await run(['unwrap', '--yes', 'codex']);
    expect(stdout).toContain('stays as it is: it is no longer what wrap wrote');
    expect(read('.codex/config.toml')).toContain('tool_timeout_sec = 9');
    put('.codex/config.toml', wrapped);
    expect((await run(['unwrap', '--yes', 'codex'])).stdout).not.toContain('stays as it is');
  });

  it('finds rights that are too wide, and --fix closes them', async () => {
    const { doctor, home } = installed();
    const own = join(home, '.holdpoint');
    mkdirSync(join(own, 'state'), { recursive: true });
    writeFileSync(join(own, 'state/x.json'), '{}');
    writeFileSync(join(own, 'state/\u202ey'), '');
    chmodSync(own, 0o755);
    expect((await doctor()).ids.filter((id) => id === 'home-open')).toHaveLength(4);
    const { stderr, ids } = await doctor('--fix');
    expect([stderr.match(/chmod/g)?.length, ids.includes('home-open')]).toEqual([4, false]);
    expect([own, join(own, 'state/x.json')].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o600,
    ]);
  });

  it.skipIf(!LONG)(
    'finds a notifier that is not there, may not be executed, or can be changed by others',
    async () => {
      const { doctor, put, run, home } = installed();
      await run(['wrap', '--yes']);
      mkdirSync(join(home, '.holdpoint'), { recursive: true });
      chmodSync(join(home, '.holdpoint'), 0o700);
      const found = async (program: string): Promise<string | undefined> => {
        const policy = { version: 1, approvals: { notify: { command: [program] } } };
        put('.holdpoint/policy.json', JSON.stringify(policy), 0o600);
        expect((await run(['policy', 'apply', '--yes'])).code).toBe(0);
        const { code, findings } = await doctor();
        const finding = findings.find(({ id }) => id === 'notifier-unusable');
        expect(code).toBe(finding === undefined ? 0 : 1);
        return finding?.what;
      };
      const script = put('bin/call', '#!/bin/sh\n', 0o644);
      expect(await found(join(home, 'gone'))).toMatch(/gone \(approvals\.notify\) does not exist\.$/);
      expect(await found('no-such-program')).toContain('is not on this PATH.');
      expect(await found(script)).toContain(`may not be executed: chmod 755 ${script}.`);
      chmodSync(script, 0o777);
      expect(await found('call')).toContain(`can be changed by others than you`);
      chmodSync(script, 0o755);
      expect(await found('call')).toBeUndefined();
      expect(await found(script)).toBeUndefined();
    },
  );

  it('finds a policy with a mistake, one of other servers, and one that was changed and not applied', async () => {
    const { doctor, put, run, home } = installed();
    await run(['wrap', '--yes']);
    put('.holdpoint/policy.json', '{"version":1,"alow":["x/*"]}', 0o600);
    chmodSync(join(home, '.holdpoint'), 0o700);
    expect((await doctor()).ids).toContain('policy-unusable');
    put('.holdpoint/policy.json', '{"version":1,"allow":["other/*"]}', 0o600);
    const fresh = await doctor();
    expect(fresh.ids).toEqual(expect.arrayContaining(['policy-new', 'policy-names-not']));
    expect((await run(['policy', 'apply', '--yes'])).code).toBe(0);
    put('.holdpoint/policy.json', '{"version":1,"allow":["*"]}', 0o600);
    const changed = await doctor();
    expect([changed.code, changed.ids.includes('policy-not-applied')]).toEqual([1, true]);
    unlinkSync(join(home, '.holdpoint/policy.json'));
    const gone = await doctor();
    expect([gone.code, gone.ids.includes('policy-gone'), gone.ids.includes('no-policy')]).toEqual([
      1,
      true,
      false,
    ]);
    expect((await run(['policy', 'check'])).stderr).toContain(
      'policy.json is gone; what was applied of it stays',
    );
  });

  it("finds what other projects of Claude Code's hold", async () => {
    const { doctor, put, run, home, project } = installed();
    await run(['wrap', '--yes']);
    const other = join(home, 'work/other');
    put('work/other/.mcp.json', '{"mcpServers":{"far-away":{"command":"x"}}}');
    put('.claude.json', JSON.stringify({ projects: { [other]: {}, [project]: {}, '/gone': {}, odd: 1 } }));
    const { findings } = await doctor();
    const found = findings.filter(({ id }) => id === 'server-not-wrapped');
    expect(found).toMatchObject([
      {
        what: expect.stringContaining('far-away of Claude Code'),
        fix: `holdpoint wrap --file ${other}/.mcp.json`,
      },
    ]);
  });

  it('says in JSON what it could not look at, and looks at the rest', async () => {
    const { doctor, put, home } = installed();
    put('.holdpoint', 'a file', 0o600);
    const { code, ids } = await doctor();
    expect(code).toBe(1);
    expect(ids).toEqual(expect.arrayContaining(['not-looked-at', 'home-foreign', 'server-not-wrapped']));
    rmSync(join(home, '.holdpoint'));
    mkdirSync(join(home, '.holdpoint/state'), { recursive: true, mode: 0o700 });
    put('.holdpoint/state/pins.json', '{bad', 0o600);
    execFileSync('mkfifo', ['-m', '600', join(home, '.holdpoint/state/grants.json')]);
    expect((await doctor()).ids.filter((id) => id === 'state-damaged')).toHaveLength(2);
  });

  it('changes nothing without --fix', async () => {
    const { doctor, picture, home } = installed();
    const before = picture();
    await doctor();
    expect(picture()).toEqual(before);
    expect(() => statSync(join(home, '.holdpoint'))).toThrow('ENOENT');
  });
});

describe('holdpoint why', () => {
  it('says whether a server is guarded, and by which item a tool is held', async () => {
    const { run, put, home } = installed();
    put('.holdpoint/policy.json', '{"version":1,"deny":["cursor/drop_*"],"allow":["*/get_*"]}', 0o600);
    chmodSync(join(home, '.holdpoint'), 0o700);
    const open = await run(['why', 'cursor/drop_table']);
    expect(open.stdout).toContain('it is NOT wrapped: its calls run unasked');
    expect(open.stdout).toContain(
      'deny: it is refused, and nobody is asked, if it came by here: it does not',
    );
    await run(['wrap', '--yes']);
    const held = await run(['why', 'cursor/drop_table']);
    expect(held.stdout).toMatch(
      /it is wrapped[\s\S]*deny: it is refused[\s\S]*item +deny deny\[0\] +cursor\/drop_\*/,
    );
    expect((await run(['why', 'cursor/get_row'])).stdout).toContain('allow: it runs without a question');
    expect((await run(['why', 'cursor/write'])).stdout).toContain('To let it run: "allow": ["cursor/write"]');
    expect((await run(['why', 'far'])).stdout).toContain('remote and NOT guarded');
    expect((await run(['why', 'far/get_row'])).stdout).toContain('if it came by here: it does not');
    const hosted = (await run(['why', 'figma/get_row'])).stdout;
    expect(hosted).toMatch(/it is wrapped[\s\S]*it is remote: https:\/\/mcp\.figma\.com\/mcp\n/);
    expect(hosted).not.toContain('it does not');
  });

  it('tells what run would do with a tool that is new, one that changed and a server that nobody accepted', async () => {
    const { run, put, home } = installed();
    const items = '"allow":["*/get_*",{"tool":"*/send","caller":"ci"},{"tool":"*/pay","when":"args.n < 5"}]';
    put('.holdpoint/policy.json', `{"version":1,${items}}`, 0o600);
    chmodSync(join(home, '.holdpoint'), 0o700);
    const own = resolveHome(join(home, '.holdpoint'), {});
    const tool = (name: string, text: string) =>
      pinnedAs(JsonSource.of(JSON.stringify({ name, description: text, inputSchema: { type: 'object' } })));
    const tools = { get_row: tool('get_row', 'Gets.'), get_old: tool('get_old', 'Gets.') };
    const set = { command: 'x', at: '', tools };
    mkdirSync(own.state, { mode: 0o700 });
    new PinsFile(own).put('cursor', { ...set, by: 'ada', how: 'approved' });
    new PinsFile(own).saw('cursor', { ...set, tools: { ...tools, get_old: tool('get_old', 'Gets all.') } });
    const told = async (...words: string[]) => (await run(['why', ...words])).stdout;
    expect(await told('cursor/get_row')).toContain('allow: it runs without a question');
    expect(await told('cursor/get_new')).toMatch(
      /escalate: .*[\s\S]*builtin:new-tool[\s\S]*tools accept cursor/,
    );
    expect(await told('cursor/get_old')).toMatch(/escalate: .*[\s\S]*builtin:changed-tool/);
    expect(await told('cursor/send')).toContain('go by who asks');
    expect(await told('cursor/pay')).toContain("go by its arguments (--args '{…}')");
    expect(await told('cursor/pay', '--args', '{"n":1}')).not.toContain('go by');
    put('.holdpoint/policy.json', '{"version":1,"default":"deny"}', 0o600);
    expect((await run(['policy', 'apply', '--yes'])).code).toBe(0);
    expect(await told('cursor/get_row')).toContain('"default": "escalate"');
  });

  it.skipIf(!LONG)('judges a recorded call as asked by whoever asked it', async () => {
    for (const [as, effect] of [
      ['ci', 'allow: it runs'],
      ['me', 'escalate: it waits'],
    ] as const) {
      const home = newHome({ allow: [{ tool: 'srv/echo', caller: 'ci' }] });
      const { proxy } = await toolsProxy({}, { home, words: ['--server', 'srv', '--as', as, '--'] });
      proxy.call(1, 'echo', { n: 1 });
      if (as === 'ci') await proxy.answer(1);
      else await oneHold(home);
      await proxy.end();
      expect((await holdpoint(home, ['why', '1'])).stdout).toContain(effect);
    }
  });

  it('refuses what nobody knows, and arguments that are none', async () => {
    const { run } = installed();
    const unknown = await run(['why', 'nobody']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('nobody is no recorded call'),
    ]);
    const call = await run(['why', '7']);
    expect([call.code, call.stderr]).toEqual([expect.any(Number), expect.stringContaining('7')]);
    expect((await run(['why', 'a/b', '--args', '[]'])).stderr).toContain('must be a JSON object');
  });
});
