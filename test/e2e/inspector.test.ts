import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ran, ranToEnd } from '../support/cli.ts';
import { newFolder, newHome, recordsOf } from '../support/home.ts';
import { part } from '../support/long.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';

const MODULES = resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol');
const INSPECTOR = join(MODULES, 'inspector/clients/launcher/build/index.js');
const EVERYTHING = [process.execPath, join(MODULES, 'server-everything/dist/index.js')];

/** The MCP Inspector's command line, in front of a server. It keeps files in its home. */
function inspect(server: string[], words: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [INSPECTOR, '--cli', ...server, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnv({ HOME: newFolder() }),
  });
  return ranToEnd(child);
}

/** The same through holdpoint, without `--`: the Inspector has a use of its own for that. */
async function both(server: string[], words: string[]) {
  const home = newHome({ allow: ['*'] });
  const [direct, wrapped] = await Promise.all([
    inspect(server, words),
    inspect([process.execPath, BIN, 'run', '--home', home, ...server], words),
  ]);
  return { home, direct, wrapped };
}

function filesystem(): string[] {
  const folder = newFolder();
  writeFileSync(join(folder, 'note.txt'), 'Grüße\n');
  return [process.execPath, join(MODULES, 'server-filesystem/dist/index.js'), folder];
}

describe('the MCP Inspector', { timeout: 60_000 }, () => {
  const SAME = [
    [['--method', 'tools/list'], '"echo"'],
    [['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=naïve \u{1f680}'], 'naïve'],
    [['--method', 'tools/call', '--tool-name', 'get-sum', '--tool-arg', 'a=2', 'b=40'], '42'],
    [['--method', 'resources/list'], 'uri'],
    [['--method', 'prompts/list'], 'prompts'],
  ] as const;
  it.for(part<(typeof SAME)[number]>(SAME, 2))(
    'prints the same of server-everything through holdpoint: %s',
    async ([words, said]) => {
      const { home, direct, wrapped } = await both(EVERYTHING, [...words]);
      expect(direct.stdout).toContain(said);
      expect({ code: wrapped.code, stdout: wrapped.stdout }).toEqual({
        code: direct.code,
        stdout: direct.stdout,
      });
      expect(recordsOf(home, 'decision')).toHaveLength(words[1] === 'tools/call' ? 1 : 0);
    },
  );

  it('prints the same of server-filesystem through holdpoint: its tools, and a file', async () => {
    const server = filesystem();
    const path = join(server.at(-1)!, 'note.txt');
    const read = ['--method', 'tools/call', '--tool-name', 'read_text_file', '--tool-arg'];
    const calls: [string, string[]][] = [
      ['read_text_file', ['--method', 'tools/list']],
      ['Grüße', [...read, `path=${path}`]],
      ['Access denied', [...read, 'path=/etc/hosts']],
    ];
    for (const [part, words] of calls) {
      const { direct, wrapped } = await both(server, words);
      expect(direct.stdout).toContain(part);
      expect({ code: wrapped.code, stdout: wrapped.stdout }).toEqual({
        code: direct.code,
        stdout: direct.stdout,
      });
    }
  });

  it('shows a denial as the result that it is', async () => {
    const home = newHome({ deny: ['*'] });
    const server = [process.execPath, BIN, 'run', '--home', home, ...EVERYTHING];
    const words = ['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=hi'];
    const { stdout } = await inspect(server, words);
    expect(stdout).toContain('Not executed.');
    expect(stdout).not.toContain('Echo: hi');
  });
});
