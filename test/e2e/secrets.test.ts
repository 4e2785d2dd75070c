import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSPHRASE } from '../support/approver.ts';
import { holdpoint, oneHold } from '../support/cli.ts';
import { enrolledHome } from '../support/enrolled.ts';
import { newHome, ONE_KEY, recordsOf } from '../support/home.ts';
import { planted } from '../support/planted-secrets.ts';
import { Terminal } from '../support/terminal.ts';
import { toolsProxy } from '../support/tools-server.ts';

/** The bytes of every file of a home. */
function bytesOf(home: string): string {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

const PASSWORD = `hunt${'er2!'}Zq`;

describe('a thousand calls with secrets', () => {
  it('leave none of them in any file of the home or on stderr, whatever was decided', async () => {
    const home = newHome({ allow: ['echo'], deny: ['no'] });
    const server = await toolsProxy({}, { home });
    const all = planted(1_000).filter(({ source }) => source.length < 100_000);
    for (const [index, { source }] of all.entries()) {
      const name = ['echo', 'no', 'ask'][index % 3];
      // At most 64 wait for a person at a time, and the others are refused: both are recorded.
      server.proxy.write(
        `{"jsonrpc":"2.0","id":${index},"method":"tools/call","params":{"name":"${name}","arguments":${source}}}\n`,
      );
    }
    await server.proxy.answer(Math.floor((all.length - 1) / 3) * 3, 60_000);
    await server.proxy.end();
    const written = bytesOf(home) + server.proxy.stderr;
    expect(all.filter(({ secret }) => written.includes(secret)).map(({ place }) => place)).toEqual([]);
    // Every third is a denial by one rule, of which a flood is counted.
    expect(recordsOf(home, 'decision').length).toBeGreaterThan(600);
  }, 90_000);
});

describe('a secret on the screen', () => {
  it('is hidden in watch until r shows it, and is asked for before a call that asks for more than a key', async () => {
    const home = newHome({ escalate: [{ tool: '*', confirm: 'type' }] });
    const server = await toolsProxy({}, { home });
    const terminal = new Terminal({ words: ['watch', '--home', home], columns: 100, rows: 24 });
    server.proxy.call(1, 'echo', { user: 'ada', password: PASSWORD });
    await terminal.shows('1 secret masked, r shows');
    await terminal.shows('…[password, 10 characters]');
    await terminal.look();
    terminal.type('a');
    await terminal.shows('must be seen first: press r');
    expect(terminal.written).not.toContain(PASSWORD);
    terminal.type('r');
    await terminal.shows(PASSWORD);
    await terminal.look();
    terminal.type('a');
    await terminal.typeToApprove('echo');
    terminal.type('\t');
    await terminal.shows('The call was forwarded');
    await server.proxy.answer(1);
    expect(recordsOf(home, 'verdict')[0]).toMatchObject({ rendered: { masked: 1, revealed: true } });
    expect(recordsOf(home, 'decision')[0]).toMatchObject({
      digest: expect.stringMatching(/^hmac:/),
      callDigest: expect.stringMatching(/^hmac:/),
    });
    expect(bytesOf(home)).not.toContain(PASSWORD);
  });

  it('that could be a command is shown before any approval, whatever it is called', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', { command: 'login --password="$(rm -rf ~)"' });
    const { id } = await oneHold(home);
    const refused = await holdpoint(home, ['approve', id]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('must be seen before') });
    expect(server.executed()).toEqual([]);
    expect((await holdpoint(home, ['approve', id, '--reveal'])).stdout).toContain('rm -rf ~');
    await server.proxy.answer(1);
  });

  it('is hidden in pending and approve, and shown with --reveal', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', { password: PASSWORD });
    const { id } = await oneHold(home);
    for (const words of [['pending'], ['pending', '--json']]) {
      expect((await holdpoint(home, words)).stdout).not.toContain(PASSWORD);
      expect((await holdpoint(home, [...words, '--reveal'])).stdout).toContain(PASSWORD);
    }
    const { stdout } = await holdpoint(home, ['approve', id]);
    expect(stdout).not.toContain(PASSWORD);
    expect(stdout).toContain('forwarded');
    expect(server.executed()).toEqual(['echo']);
    const shown = await holdpoint(home, ['audit', 'show', id]);
    expect(shown.stdout).toContain('[masked password, 10 characters');
  });

  it('is signed for by keyed digests, which verify holds against the record', async () => {
    const home = await enrolledHome({ escalate: [ONE_KEY], approvals: { sign: 'required' } }, 'ada');
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', { password: PASSWORD });
    const { id } = await oneHold(home);
    const terminal = new Terminal({ words: ['approve', id, '--home', home], columns: 120 });
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('forwarded');
    await server.proxy.answer(1);
    await server.proxy.end();
    const [verdict] = recordsOf(home, 'verdict');
    expect((verdict!['signature'] as { statement: string }).statement).toContain('"digest":"hmac:');
    expect((await holdpoint(home, ['audit', 'verify'])).code).toBe(0);
    expect((await holdpoint(home, ['audit', 'show', id])).stdout).toContain('Proven          yes: ada');
    expect(bytesOf(home)).not.toContain(PASSWORD);
  });

  it('is masked by the policy where only the policy knows that it is one', async () => {
    const home = newHome({ allow: ['*'], audit: { redact: ['args.ssn'] } });
    const server = await toolsProxy({}, { home });
    server.proxy.call(1, 'echo', { ssn: '123-45-6789', name: 'Ada' });
    await server.proxy.answer(1);
    await server.proxy.end();
    expect(bytesOf(home)).not.toContain('123-45-6789');
    expect(JSON.stringify(recordsOf(home, 'decision'))).toContain(
      'masked listed by the policy, 11 characters',
    );
  });
});
