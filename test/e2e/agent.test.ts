import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, ONE_KEY, recordsOf } from '../support/home.ts';
import { part } from '../support/long.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

const PERSON = { escalate: [ONE_KEY], approvals: { cli: 'person' } };

/** A command in a shell that is no descendant of the client: as from a terminal of the person's own. */
async function elsewhere(home: string, words: string[], env: Record<string, string> = {}) {
  const out = join(newFolder(), 'out');
  const command = `${[process.execPath, BIN, ...words, '--home', home].join(' ')} > ${out} 2>&1; echo "exit $?" >> ${out}`;
  // The middle process ends at once, so that the command's parent is init.
  const middle = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(command)}], { detached: true, stdio: 'ignore' }).unref()`;
  spawn(process.execPath, ['-e', middle], { stdio: 'ignore', env: cleanEnv(env) });
  await eventually('the command', () => {
    try {
      return readFileSync(out, 'utf8').includes('exit ');
    } catch {
      return false;
    }
  });
  return readFileSync(out, 'utf8');
}

/** Processes of `holdpoint run` in this home. */
function proxyPids(home: string): number[] {
  const words = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && words(pid).includes(`\0run\0--home\0${home}\0`))
    .filter((pid) => words(pid).split('\0')[1] === BIN)
    .map(Number);
}

describe('an agent that runs holdpoint approve in its own shell', () => {
  it('is refused when its shell descends from the client that made the call, and that is recorded', async () => {
    const { proxy, home, executed } = await toolsProxy(PERSON);
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    const tried = await holdpoint(home, ['approve', id]);
    expect([tried.code, tried.stderr]).toEqual([
      1,
      expect.stringContaining('belongs to the MCP client that made the call'),
    ]);
    expect(executed()).toEqual([]);
    expect(recordsOf(home, 'fault')[0]).toMatchObject({
      cause: 'approval-refused',
      what: expect.stringContaining(id),
    });
  });

  it.each(part(['CLAUDECODE', 'GEMINI_CLI', 'OPENCODE', 'CURSOR_AGENT', 'CODEX_SANDBOX', 'AGENT'], 3))(
    'is refused when its shell carries %s',
    async (mark) => {
      const { proxy, home, executed } = await toolsProxy(PERSON);
      proxy.call(1, 'echo');
      const { id } = await oneHold(home);
      expect(await elsewhere(home, ['approve', id], { [mark]: '1' })).toContain(`(${mark} is set)`);
      expect(executed()).toEqual([]);
    },
  );

  it('may reject: that only tightens', async () => {
    const { proxy, home } = await toolsProxy(PERSON);
    proxy.call(1, 'echo');
    expect((await holdpoint(home, ['reject', (await oneHold(home)).id], { CLAUDECODE: '1' })).code).toBe(0);
    expect(await proxy.text(1)).toContain('The user rejected');
  });

  it('is told by every refusal that only its user may approve', async () => {
    const { proxy } = await toolsProxy({ escalate: ['*'], approvals: { cli: 'person', answerWithin: '1s' } });
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain(
      'Only the user may approve it, in their own terminal; do not run holdpoint yourself.',
    );
  });

  it('cannot put a looser policy into force either', async () => {
    const { home } = await toolsProxy(PERSON);
    const tried = await holdpoint(home, ['policy', 'apply', '--yes'], { CLAUDECODE: '1' });
    expect(tried.stdout + tried.stderr).toMatch(/opened by an agent|in force as it stands/);
  });

  it.skipIf(process.platform !== 'linux')(
    'cannot keep its proxy from being asked: what loosens is refused while one does not answer',
    async () => {
      const { proxy, home } = await toolsProxy({ ...PERSON, allow: ['srv/echo'] }, { ownClient: true });
      proxy.call(1, 'slow', { ms: 1 });
      await oneHold(home);
      const [pid] = proxyPids(home);
      process.kill(pid!, 'SIGSTOP');
      writeFileSync(join(home, 'policy.json'), '{"version":1,"allow":["*"]}', { mode: 0o600 });
      try {
        expect(await elsewhere(home, ['policy', 'apply', '--yes'])).toContain('cannot be told');
      } finally {
        process.kill(pid!, 'SIGCONT');
      }
      expect(await elsewhere(home, ['policy', 'apply', '--yes'])).toContain('Applied.');
    },
  );
});

describe('a person in a terminal of their own', () => {
  it('approves by the same command', async () => {
    const { proxy, home } = await toolsProxy(PERSON);
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    expect(await elsewhere(home, ['approve', id])).toContain('The call was forwarded');
    await proxy.answer(1);
  });

  it('is refused where the policy turns approvals by command off', async () => {
    const { proxy, home, executed } = await toolsProxy({ escalate: ['*'], approvals: { cli: 'off' } });
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    expect(await elsewhere(home, ['approve', id])).toContain('Use holdpoint watch');
    expect(executed()).toEqual([]);
  });

  it('is asked for the name of the tool where the policy wants it typed', async () => {
    const { proxy, home, executed } = await toolsProxy({
      escalate: [{ tool: '*', confirm: 'type' }],
      approvals: { cli: 'any' },
    });
    proxy.call(1, 'echo');
    const { id } = await oneHold(home);
    for (const [answer, said] of [
      ['wrong\r', 'asks you to type'],
      ['echo\r', 'The call was forwarded'],
    ] as const) {
      const terminal = new Terminal({ words: ['approve', id, '--home', home], columns: 120 });
      await terminal.shows('Type echo to approve:');
      terminal.type(answer);
      await terminal.shows(said);
    }
    await proxy.answer(1);
    expect(executed()).toEqual(['echo']);
  });
});
