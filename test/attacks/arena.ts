import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { initApprover, PASSPHRASE, type RawApprover, rawApprover } from '../support/approver.ts';
import { verifyAudit } from '../support/audit.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome } from '../support/home.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { Terminal } from '../support/terminal.ts';
import { type ToolsProxy, toolsProxy } from '../support/tools-server.ts';

/** What became of an attack, seen from outside. */
export type Outcome = 'prevented' | 'detected' | 'not covered' | '–';
/** 0: as installed. 1: an enrolled approver, and `approvals.sign: required`. */
export type Tier = 0 | 1;

export interface Attack {
  /** For the table in the README: what somebody does who runs as the same user. */
  title: string;
  run(arena: Arena): Promise<Outcome>;
}

type Policy = Record<string, unknown> & { approvals?: object };

/** A home of the tier that an attack is tried on, with a server whose executed calls are counted by itself. */
export class Arena {
  readonly tier: Tier;
  readonly home: string;

  private constructor(tier: Tier, home: string) {
    this.tier = tier;
    this.home = home;
  }

  /** `template`: a home with an enrolled approver, made once. */
  static open(tier: Tier, template: string): Arena {
    const home = newHome();
    if (tier === 1) cpSync(template, home, { recursive: true });
    return new Arena(tier, home);
  }

  /** The policy that its person wrote; without `cli: any`, for here somebody is not the person. */
  policy(policy: Policy = {}): void {
    const signed = this.tier === 1 ? { sign: 'required' } : {};
    const approvals = { ...signed, ...policy.approvals };
    const text = JSON.stringify({ version: 1, ...policy, approvals });
    writeFileSync(join(this.home, 'policy.json'), text, { mode: 0o600 });
  }

  /** `cwd`: the folder that the agent works in. */
  server(cwd = '/tmp'): Promise<ToolsProxy> {
    return toolsProxy({}, { home: this.home, ownClient: true, cwd });
  }

  /** A first session, until the policy was applied by it. */
  async appliedPolicy(): Promise<void> {
    const { proxy } = await this.server();
    await eventually('the policy to be applied', () =>
      existsSync(join(this.home, 'state/policies.json')) ? true : undefined,
    );
    await proxy.end();
  }

  socket(): Promise<RawApprover> {
    return rawApprover(this.home);
  }

  /** The approver's terminal, unlocked where there is a key. */
  async watch(env: Record<string, string> = {}): Promise<Terminal> {
    const terminal = new Terminal({ words: ['watch', '--home', this.home], columns: 100, env });
    if (this.tier === 0) {
      await terminal.shows('holdpoint');
      return terminal;
    }
    await terminal.shows('Passphrase of ada');
    terminal.type(`${PASSPHRASE}\r`);
    await terminal.shows('signs as ada');
    return terminal;
  }

  /** A command of holdpoint that no client is an ancestor of, as any program of the user can start it. */
  async orphan(words: string[], env: Record<string, string> = {}): Promise<void> {
    const done = join(newFolder(), 'done');
    const quoted = [process.execPath, BIN, ...words, '--home', this.home]
      .map((word) => `'${word}'`)
      .join(' ');
    const script = `(sleep 0.3; ${quoted} </dev/null >/dev/null 2>&1; echo x > '${done}') &`;
    const shell = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore', env: cleanEnv(env) });
    await new Promise((ended) => shell.once('exit', ended));
    for (let waited = 0; waited < 100; waited += 1) {
      if (existsText(done)) return;
      await new Promise((later) => setTimeout(later, 100));
    }
  }

  /** What `audit verify` concludes: 0 fine, 1 incomplete, 2 tampered. */
  verify(checkpoints: string[] = []): number {
    return verifyAudit(join(this.home, 'audit'), { checkpoints }).exitCode;
  }

  /** The file of the last `run` session. */
  log(): string {
    return auditFiles(this.home).findLast((file) => readFileSync(file, 'utf8').includes('"kind":"run"'))!;
  }
}

function existsText(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') !== '';
  } catch {
    return false;
  }
}

/** Made once: each key takes a second of scrypt. */
export async function templateHome(): Promise<string> {
  const home = mkdtempSync('/tmp/hp-');
  await initApprover(home, 'ada');
  return home;
}

/** Whatever is left running must not outlive the test. */
export function atEnd(act: () => void): void {
  onTestFinished(act);
}
