import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdpoint, oneHold } from '../support/cli.ts';
import { newFolder, newHome, ONE_KEY } from '../support/home.ts';
import { BIN, fixture, ProxyProcess } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';

/** How each shell is started bare, and given what `holdpoint completion` prints. */
const SHELLS = {
  bash: { program: ['bash', '--norc', '--noprofile'], load: 'eval "$(holdpoint completion bash)"' },
  zsh: {
    program: ['zsh', '-f'],
    load: 'autoload -U compinit; compinit -D; eval "$(holdpoint completion zsh)"',
  },
  fish: { program: ['fish', '--no-config'], load: 'holdpoint completion fish | source' },
} as const;
type Shell = keyof typeof SHELLS;

const PROMPT = 'READY> ';

function installed(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A shell at its prompt, in a folder of its own, with our completion. */
async function at(shell: Shell, home: string): Promise<Terminal> {
  const cwd = newFolder();
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(BIN, join(bin, 'holdpoint'));
  writeFileSync(join(cwd, 'file-of-mine.json'), '');
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOLDPOINT_HOME: home, HOME: cwd, PS1: PROMPT, TERM: 'xterm' };
  const { program, load } = SHELLS[shell];
  const terminal = new Terminal({ program: [...program], words: [], cwd, env, rows: 30, columns: 100 });
  const prompt = shell === 'fish' ? `function fish_prompt; echo -n '${PROMPT}'; end; ` : '';
  terminal.type(`${prompt}${load}; echo loa''ded\r`);
  await terminal.shows('\nloaded');
  return terminal;
}

/** Types the words and Tab, and waits for what the line then is; gives it back to the shell empty. */
async function completes(terminal: Terminal, typed: string, line: string): Promise<void> {
  terminal.type(`${typed}\t`);
  await terminal.shows(`${PROMPT}${line}`);
  terminal.type('\u0015');
}

describe.each((Object.keys(SHELLS) as Shell[]).filter(installed))('in a real %s, Tab', (shell) => {
  it('completes commands, options, values, what waits, tools, servers and files', async () => {
    const home = newHome({ escalate: [ONE_KEY] });
    const server = ['--server', 'shop', '--trust-first', '--'];
    const proxy = new ProxyProcess({
      home,
      words: server,
      server: ['node', fixture('tools'), join(home, 'calls')],
    });
    proxy.send({ id: 1, method: 'tools/list' });
    await proxy.answer(1);
    proxy.call(2, 'write', { path: '/x' });
    const { id } = await oneHold(home);

    const terminal = await at(shell, home);
    await completes(terminal, 'holdpoint poli', 'holdpoint policy ');
    await completes(terminal, 'holdpoint audit list --eff', 'holdpoint audit list --effect ');
    await completes(terminal, 'holdpoint audit list --effect=es', 'holdpoint audit list --effect=escalate');
    await completes(terminal, 'holdpoint approve ', `holdpoint approve ${id}`);
    await completes(terminal, 'holdpoint policy explain shop/pro', 'holdpoint policy explain shop/progress');
    await completes(terminal, 'holdpoint audit stats --server sh', 'holdpoint audit stats --server shop');
    await completes(terminal, 'holdpoint policy check file-', 'holdpoint policy check file-of-mine.json');
  });
});

describe('holdpoint completion', () => {
  it('refuses a shell that it does not know, in a sentence', async () => {
    const { code, stderr } = await holdpoint(newFolder(), ['completion', 'tcsh']);
    expect([code, stderr]).toEqual([
      2,
      'holdpoint: There is no completion for tcsh. Give one of bash, zsh, fish.\n',
    ]);
  });
});

describe('holdpoint complete', () => {
  it.each([
    [['--', 'approve', '--home', '/nowhere/at/all', '']],
    [['--', 'approve', '--home', 'x\0y', '']],
    [['--', '--home']],
    [['--']],
    [[]],
    [['--', 'approve', '--', '--', '-']],
  ])('never fails and never speaks: %j', async (words) => {
    const { code, stderr } = await holdpoint(
      newFolder(),
      ['complete', ...words].filter((one) => !one.includes('\0')),
    );
    expect([code, stderr]).toEqual([0, '']);
  });
});
