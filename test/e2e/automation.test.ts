import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ranToEnd } from '../support/cli.ts';
import { newFolder } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const text = (path: string): string => readFileSync(join(DOCS, path), 'utf8');

/** An MCP client that does what the examples' agent would: reads, writes, and says what it was told. */
const AGENT = `
import { readFileSync } from 'node:fs';
import { Client } from '${resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js')}';
import { StdioClientTransport } from '${resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol/sdk/dist/esm/client/stdio.js')}';
const at = process.argv.indexOf('--mcp-config');
const { command, args } = JSON.parse(readFileSync(process.argv[at + 1], 'utf8')).mcpServers.filesystem;
const client = new Client({ name: 'agent', version: '1' });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
for (const [name, more] of [['read_text_file', { path: 'notes.md' }], ['write_file', { path: 'notes.md', content: 'x' }], ['write_file', { path: '.github/x', content: 'x' }]]) {
  const { content, isError } = await client.callTool({ name, arguments: more });
  console.log(name, isError === true ? 'refused' : 'ran', content[0].text);
}
await client.close();
`;

/** A checkout with the examples in it, and on the PATH: holdpoint, the agent, and stand-ins for npm and npx. */
function checkout() {
  const folder = newFolder();
  const project = join(folder, 'project');
  const bin = join(folder, 'bin');
  mkdirSync(join(project, 'docs'), { recursive: true });
  mkdirSync(bin);
  cpSync(join(DOCS, 'examples'), join(project, 'docs/examples'), { recursive: true });
  writeFileSync(join(project, 'notes.md'), 'buy milk\n');
  writeFileSync(join(folder, 'agent.mjs'), AGENT);
  const put = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  symlinkSync(BIN, join(bin, 'holdpoint'));
  put('agent', `exec ${process.execPath} ${join(folder, 'agent.mjs')} "$@"`);
  put('npm', 'test "$1 $2" = "install -g"');
  const server = resolve(
    import.meta.dirname,
    '../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
  );
  put('npx', `shift 2; exec ${process.execPath} ${server} "$@"`);
  const env = {
    HOME: folder,
    PATH: `${bin}:${process.env['PATH']}`,
    HOLDPOINT_HOME: join(folder, 'holdpoint'),
  };
  return {
    project,
    shell: (script: string) =>
      ranToEnd(
        spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
          cwd: project,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: cleanEnv(env),
        }),
      ),
  };
}

interface Step {
  name?: string;
  run?: string;
  uses?: string;
}

describe('docs/examples', () => {
  it('github-actions.yml: its steps check the policy, let reads run, refuse the rest and keep the record', async () => {
    const { shell, project } = checkout();
    const { jobs } = parse(text('examples/github-actions.yml')) as { jobs: { agent: { steps: Step[] } } };
    let said = '';
    for (const { run, name } of jobs.agent.steps) {
      if (run === undefined) continue;
      const ran = await shell(run);
      said += ran.stdout;
      expect([name, ran.code, ran.stderr.replace(/^Secure MCP.*\n|^Client does not.*\n/gm, '')]).toEqual([
        name,
        0,
        expect.any(String),
      ]);
    }
    expect(said).toContain('read_text_file ran buy milk');
    expect(said).toMatch(/write_file refused Not executed\./);
    expect(readFileSync(join(project, 'notes.md'), 'utf8')).toBe('buy milk\n');
    const records = JSON.parse(readFileSync(join(project, 'holdpoint-audit.json'), 'utf8')) as {
      type: string;
    }[];
    expect(records.filter(({ type }) => type === 'decision')).toHaveLength(3);
  }, 60_000);

  it('gitlab-ci.yml: the same by its three scripts', async () => {
    const { shell } = checkout();
    type Job = Record<'before_script' | 'script' | 'after_script', string[]>;
    const { agent } = parse(text('examples/gitlab-ci.yml')) as { agent: Job };
    const lines = [...agent.before_script, ...agent.script, ...agent.after_script];
    const ran = await shell(lines.join('\n'));
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('read_text_file ran buy milk')]);
    expect(ran.stdout).toMatch(/write_file refused[\s\S]*write_file refused/);
  }, 60_000);

  it('Dockerfile: what it starts is a command that holdpoint runs, and its home is the volume', async () => {
    const lines = text('examples/Dockerfile').split('\n');
    const of = (word: string): string =>
      lines.find((line) => line.startsWith(word))?.slice(word.length + 1) ?? '';
    const [program, verb, ...words] = JSON.parse(of('ENTRYPOINT')) as string[];
    expect([program, verb]).toEqual(['holdpoint', 'run']);
    expect(of('ENV')).toBe(`HOLDPOINT_HOME=${of('VOLUME')}`);
    const { shell } = checkout();
    const ran = await shell(
      `holdpoint run ${words.slice(0, words.indexOf('--') + 1).join(' ')} sh -c 'exit 7'`,
    );
    expect(ran.code).toBe(7);
  });
});

describe('docs/automation.md', () => {
  it('shows only commands that end well', async () => {
    const { shell } = checkout();
    const blocks = [...text('automation.md').matchAll(/```sh\n([\s\S]*?)```/g)].map(
      ([, block = '']) => block,
    );
    expect(blocks.length).toBeGreaterThan(1);
    await shell(
      'mkdir -p -m 700 "$HOLDPOINT_HOME"; install -m 600 docs/examples/policy.jsonc "$HOLDPOINT_HOME/"; agent --mcp-config docs/examples/mcp.json',
    );
    for (const block of blocks) {
      const ran = await shell(block);
      expect([block, ran.code, ran.stderr]).toEqual([block, 0, '']);
    }
  }, 60_000);

  it('shows command lines of entries that holdpoint reads as it means them', async () => {
    const entries = [...text('automation.md').matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, block = '']) => JSON.parse(block) as { command: string; args: string[] },
    );
    expect(entries).toHaveLength(2);
    const { wrappedAt } = await import('../../src/clients/wrapped.ts');
    for (const { command, args } of entries) {
      const at = wrappedAt([command, ...args]) ?? 0;
      expect([command, ...args][at - 1]).toBe('--');
    }
  });
});
