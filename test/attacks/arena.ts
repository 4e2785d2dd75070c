import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Signer } from '../../src/approvals/signing/approver-key.ts';
import { signAnswer } from '../../src/approvals/signing/signed-answer.ts';
import { USER_SLOT } from '../../src/config/applied-state.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { besideLog } from '../../src/session/beside-log.ts';
import {
  bare,
  keyedIn,
  PASSPHRASE,
  type RawApprover,
  RENDERED,
  rawApprover,
  signerOf,
} from '../support/approver.ts';
import { verifyAudit } from '../support/audit.ts';
import { applies, templateOf } from '../support/enrolled.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome } from '../support/home.ts';
import { BIN, cleanEnv, fixture } from '../support/proxy-process.ts';
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

  /** The approver, at tier 1. */
  readonly signer: Signer;

  private constructor(tier: Tier, home: string, signer: Signer) {
    this.tier = tier;
    this.home = home;
    this.signer = signer;
  }

  static open(tier: Tier, { home: template, signer }: Template): Arena {
    const home = newHome(undefined, true);
    if (tier === 1) cpSync(template, home, { recursive: true });
    return new Arena(tier, home, signer);
  }

  /** The policy that its person wrote; without `cli: any`, for here somebody is not the person. */
  policy(policy: Policy = {}): void {
    const signed = this.tier === 1 ? { sign: 'required' } : {};
    const approvals = { ...signed, ...policy.approvals };
    const text = JSON.stringify({ version: 1, ...policy, approvals });
    const path = join(this.home, 'policy.json');
    writeFileSync(path, text, { mode: 0o600 });
    if (this.tier === 1) this.applies(USER_SLOT, path, text);
  }

  applies(slot: string, path: string, text: string): void {
    applies(this.home, slot, { path, text }, this.tier === 1 ? this.signer : undefined);
  }

  /** The person approves the one call that waits, with their key where they have one. */
  async approves(): Promise<void> {
    const peer = await this.socket();
    const hold = await peer.hold();
    if (this.tier === 0) return void (await peer.say(bare(hold)));
    const session = await peer.session;
    const to = { session, hold, verdict: bare(hold), rendered: RENDERED, keyed: keyedIn(this.home) };
    const made = signAnswer({ ...to, confirmation: 'key', now: Date.now() }, this.signer);
    if ('refusal' in made) throw new Error(made.refusal);
    await peer.say(made.verdict);
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

  /** What `audit verify` concludes: 0 fine, 1 incomplete, 5 tampered. */
  verify(checkpoints: string[] = []): number {
    const beside = besideLog(resolveHome(this.home, {}));
    return verifyAudit(join(this.home, 'audit'), { checkpoints, beside }).exitCode;
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

export async function templateHome(): Promise<Template> {
  const home = await templateOf(['ada']);
  return { home, signer: await signerOf(home, 'ada') };
}

/** A home with an enrolled approver. */
export interface Template {
  home: string;
  signer: Signer;
}

/** Whatever is left running must not outlive the test. */
export function atEnd(act: () => void): void {
  onTestFinished(act);
}

/** Starts a client by a script, which starts holdpoint by another and runs `holdpoint approve` itself. True: its call ran. */
export async function clientByScript(arena: Arena): Promise<boolean> {
  arena.policy();
  const log = join(newFolder(), 'log');
  const holdpoint = (words: string[]): string =>
    [process.execPath, BIN, ...words].map((word) => `'${word}'`).join(' ');
  const server = [
    '--server',
    'srv',
    '--',
    process.execPath,
    fixture('tools'),
    log,
    join(arena.home, 'audit'),
  ];
  const run = `${holdpoint(['run', '--home', arena.home, ...server])}; true`;
  const client = `
    const { spawn, spawnSync } = require('node:child_process');
    const child = spawn('bash', ['-c', ${JSON.stringify(run)}], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}\\n');
    setTimeout(() => {
      const pending = spawnSync('bash', ['-c', ${JSON.stringify(`${holdpoint(['pending', '--json', '--home', arena.home])}`)}]);
      for (const [, id] of pending.stdout.toString().matchAll(/"id": ?"([a-z0-9]{5})"/g))
        spawnSync('bash', ['-c', ${JSON.stringify(`${holdpoint(['approve'])} "$0" --home '${arena.home}'`)}, id]);
      console.log(pending.stdout.toString());
      setTimeout(() => child.stdin.end(), 500);
    }, 2500);
    child.on('exit', () => process.exit(0));`;
  const starter = spawn('sh', ['-c', `exec ${process.execPath} -e '${client.replaceAll("'", `'"'"'`)}'`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: cleanEnv(),
  });
  let said = '';
  starter.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((ended) => starter.once('close', ended));
  // An attack that asked for nothing would prove nothing.
  if (!/"id"/.test(said)) throw new Error(`The client saw no call to approve: ${said}`);
  return existsText(log) && readFileSync(log, 'utf8').includes('"call"');
}
