import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/source/compile.ts';
import { newFolder } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/policy.md'), 'utf8');

/** A fenced block with the words behind its language, or a session that is not shown. */
interface Block {
  lang: string;
  words: Record<string, string>;
  text: string;
}

function blocks(): Block[] {
  const found = PAGE.matchAll(
    /^```(\w+)([^\n]*)\n([\s\S]*?)^```$|^<!-- session home=(\S+) server=(\S+)( listed)? calls=(.*) -->$/gm,
  );
  return [...found].map(([, lang, more = '', text = '', home = '', server = '', listed, calls = '']) => {
    if (lang === undefined)
      return { lang: 'session', words: { home, server, ...(listed && { listed }) }, text: calls };
    const words = Object.fromEntries(
      [...more.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, value]),
    );
    return { lang, words: words as Record<string, string>, text };
  });
}

/** What a server of the page lists, where its client asks. */
const TOOLS = [
  { name: 'list_orders', description: 'Lists the orders.' },
  {
    name: 'get_order',
    description: 'Gets one order.',
    inputSchema: { type: 'object', properties: { id: { type: 'number' } } },
  },
  { name: 'create_refund', description: 'Refunds an order.' },
  { name: 'delete_customer', description: 'Deletes a customer for ever.' },
];

const SERVER = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const result = method === 'initialize' ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } } : method === 'tools/list' ? { tools: ${JSON.stringify(TOOLS)} } : { content: [] };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
});`;

/** Real calls through a real proxy, so that there is a log. */
function session(
  { home, server, listed }: { home: string; server: string; listed: boolean },
  calls: [string, object][],
): Promise<void> {
  const trusted = listed ? ['--trust-first'] : [];
  const words = [
    BIN,
    'run',
    '--home',
    home,
    '--server',
    server,
    ...trusted,
    '--',
    process.execPath,
    '-e',
    SERVER,
  ];
  const proxy = spawn(process.execPath, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: cleanEnv(),
    cwd: '/',
  });
  const send = (message: object) => proxy.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'docs', version: '1' } },
  });
  const callAll = (): void => {
    for (const [n, [name, args]] of calls.entries())
      send({ id: n + 1, method: 'tools/call', params: { name, arguments: args } });
  };
  const before = listed ? 2 : 0;
  // Of a tool that was not listed yet nothing is known, and its call would be held.
  if (listed) send({ id: -1, method: 'tools/list' });
  else callAll();
  let answers = 0;
  proxy.stdout.on('data', (chunk: Buffer) => {
    const earlier = answers;
    answers += chunk.toString().split('\n').length - 1;
    if (listed && earlier < before && answers >= before) callAll();
    if (answers > calls.length + (listed ? 1 : 0)) proxy.stdin.end();
  });
  return new Promise((settle) => proxy.once('close', () => settle()));
}

/** `…` alone on a line stands for any lines, inside a line for anything. */
function asPattern(expected: string): RegExp {
  const lines = expected.split('\n').map((line) => {
    if (line === '…') return '(?:.*\\n?)*?';
    return `${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}\\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
}

function run(folder: string, home: string, block: string): void {
  for (const part of block.split(/^\$ /m).slice(1)) {
    const [line = '', ...rest] = part.split('\n');
    const [, command = '', exit = '0'] = /^(.*?)(?: # exit (\d+))?$/.exec(line) ?? [];
    const path = `${join(folder, 'bin')}:${process.env['PATH']}`;
    const shell = spawnSync('sh', ['-c', command], {
      cwd: folder,
      encoding: 'utf8',
      env: cleanEnv({ PATH: path, HOLDPOINT_HOME: home, HOME: folder, COLUMNS: '100' }),
    });
    const said = `${shell.stdout}${shell.stderr}`;
    expect(shell.status, `${command}\n${said}`).toBe(Number(exit));
    const expected = rest.join('\n').replace(/\n+$/, '');
    if (expected !== '') expect(said, command).toMatch(asPattern(expected));
  }
}

describe('docs/policy.md', () => {
  it('says what really happens: every file of it is written, every command run', {
    timeout: 120_000,
  }, async () => {
    const folder = newFolder();
    const main = join(folder, 'main');
    mkdirSync(join(folder, 'bin'));
    const bin = join(folder, 'bin/holdpoint');
    writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    chmodSync(bin, 0o755);
    const all = blocks();
    const homeOf = ({ words }: Block): string => join(folder, words['home'] ?? 'main');
    for (const block of all) mkdirSync(homeOf(block), { recursive: true, mode: 0o700 });
    for (const block of all) {
      const { lang, words, text } = block;
      const file = words['file'];
      if (file === undefined) continue;
      const inHome = words['home'] !== undefined || file === 'policy.json';
      writeFileSync(join(inHome ? homeOf(block) : folder, file), text, { mode: 0o600 });
      expect(['jsonc', 'json', 'yaml']).toContain(lang);
    }
    for (const block of all) {
      const { lang, words, text } = block;
      if (lang === 'session')
        await session(
          { home: homeOf(block), server: words['server'] ?? '', listed: words['listed'] !== undefined },
          JSON.parse(text) as [string, object][],
        );
      if (lang === 'console') run(folder, words['home'] === undefined ? main : homeOf(block), text);
    }
    expect(all.filter(({ lang }) => lang === 'console').length).toBeGreaterThan(10);
  });

  it('has no policy that does not compile but those that are meant not to', async () => {
    for (const { lang, words, text } of blocks()) {
      const file = words['file'] ?? '';
      if (!['jsonc', 'yaml'].includes(lang) || file.includes('.test.')) continue;
      const { problems } = await compilePolicy(text, lang === 'yaml' ? 'yaml' : 'json');
      expect(problems === undefined, file).toBe(!['trap.yaml', 'mistaken.json'].includes(file));
    }
  });
});
