import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ranToEnd } from '../support/cli.ts';
import { recordsOf } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';

const homeIn = (text: string): string => /--home (\S+)/.exec(text)?.[1] ?? '';

describe('holdpoint demo', () => {
  it('without a terminal plays the whole story by script, ends by itself and tells the truth', async () => {
    const child = spawn(process.execPath, [BIN, 'demo'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnv(),
    });
    const { code, stdout, stderr } = await ranToEnd(child);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['allowed', 'denied', 'approved by', 'rejected by', 'unbroken'])
      expect(stdout).toContain(word);
    const home = homeIn(stdout);
    expect(recordsOf(home, 'decision').map((record) => record['effect'])).toEqual([
      'allow',
      'allow',
      'escalate',
      'deny',
      'escalate',
      'escalate',
      'escalate',
    ]);
    expect(readFileSync(join(home, 'what-the-shop-did.txt'), 'utf8')).toBe(
      'refunded 40.00 EUR of order #1042\ndeployed 2.4.1 to production\n',
    );
  });

  it('puts the approval terminal in front of the person who tries it, and shows what they decided', async () => {
    const terminal = new Terminal({ words: ['demo'], columns: 100, rows: 30 });
    await terminal.shows('Press Enter to begin');
    terminal.type('\r');
    await terminal.shows('refund_order on shop');
    await terminal.look();
    terminal.type('a');
    await terminal.typeToApprove('1042');
    terminal.type('\t');
    await terminal.shows('mail_customers on shop');
    terminal.type('x');
    await terminal.shows('Reason for the agent');
    terminal.type('\r');
    await terminal.shows('deploy on shop');
    await terminal.look();
    terminal.type('a');
    await terminal.typeToApprove('deploy');
    terminal.type('\t');
    const { exitCode } = await terminal.exit;
    expect(exitCode).toBe(0);
    expect(terminal.written).toContain('deployed 2.4.1 to production');
    expect(recordsOf(homeIn(terminal.written), 'verdict').map((record) => record['verdict'])).toEqual([
      'approve',
      'reject',
      'approve',
    ]);
  });
});

describe('a command whose reader stops reading', () => {
  it('ends without a word', async () => {
    const script = `${process.execPath} ${BIN} demo < /dev/null | head -1`;
    const { code, stderr } = await ranToEnd(
      spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], env: cleanEnv() }),
    );
    expect([code, stderr]).toEqual([0, '']);
  });
});
