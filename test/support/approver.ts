import { readdirSync, readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HoldView, ProxyMessage, SessionView } from '../../src/approvals/channel/messages.ts';
import { WIRE_VERSION } from '../../src/approvals/channel/messages.ts';
import { type LockedKey, type Signer, unlockKey } from '../../src/approvals/signing/approver-key.ts';
import { resolveHome } from '../../src/platform/home.ts';
import { keyedFor } from '../../src/session/keyed-for.ts';
import { eventually } from './eventually.ts';
import { sockets } from './home.ts';
import { Terminal } from './terminal.ts';

export const PASSPHRASE = 'correct horse battery';

/** Runs `holdpoint approver init` as a person does. */
export async function initApprover(home: string, name: string, passphrase = PASSPHRASE): Promise<Terminal> {
  const terminal = new Terminal({
    words: ['approver', 'init', '--name', name, '--home', home],
    columns: 120,
    rows: 30,
  });
  await terminal.shows('10 characters at least');
  terminal.type(`${passphrase}\r`);
  await terminal.shows('The same once more');
  terminal.type(`${passphrase}\r`);
  await terminal.exit;
  return terminal;
}

/** An enrolled approver lets another's key count. */
export async function enroll(
  home: string,
  name: string,
  as: string,
  passphrase = PASSPHRASE,
): Promise<Terminal> {
  const file = join(home, 'keys', `${name}.pub`);
  const terminal = new Terminal({
    words: ['approver', 'enroll', file, '--as', as, '--home', home],
    columns: 120,
    rows: 30,
  });
  await terminal.shows(`Passphrase of ${as}`);
  terminal.type(`${passphrase}\r`);
  await terminal.exit;
  return terminal;
}

export function lockedKey(home: string, name: string): LockedKey {
  return JSON.parse(readFileSync(join(home, 'keys', `${name}.key`), 'utf8')) as LockedKey;
}

/** By what is sealed: homes are copied, and a key takes a second to unlock. */
const unlocked = new Map<string, Signer>();

export async function signerOf(home: string, name: string): Promise<Signer> {
  const locked = lockedKey(home, name);
  const known = JSON.stringify(locked);
  const signer = unlocked.get(known) ?? (await unlockKey(locked, PASSPHRASE));
  if (signer === undefined) throw new Error('wrong passphrase');
  unlocked.set(known, signer);
  return signer;
}

export function keyNames(home: string): string[] {
  return readdirSync(join(home, 'keys')).sort();
}

/** Whatever an attacker of the same user may say to a proxy's socket. */
export class RawApprover {
  readonly heard: ProxyMessage[] = [];
  private socket: Socket;
  private refs = 0;

  constructor(path: string) {
    this.socket = this.connect(path);
    onTestFinished(() => {
      this.socket.destroy();
    });
  }

  /** A socket that was just made is not listened on for a moment. */
  private connect(path: string): Socket {
    let text = '';
    const socket = createConnection(path);
    socket.setEncoding('utf8');
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') {
        setTimeout(() => {
          this.socket = this.connect(path);
        }, 50);
      }
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.heard.push(JSON.parse(line) as ProxyMessage);
    });
    socket.write(`${JSON.stringify({ type: 'hello', v: WIRE_VERSION, attending: true })}\n`);
    return socket;
  }

  get session(): Promise<SessionView> {
    return eventually('a greeting', () => {
      const found = this.heard.find((one) => one.type === 'hello');
      return found as SessionView | undefined;
    });
  }

  /** The newest view of the only hold, or of the named one. */
  hold(id?: string): Promise<HoldView> {
    return eventually('a hold', () => {
      const views = this.heard.flatMap((one) => (one.type === 'hold' ? [one.hold] : []));
      return views.findLast((view) => id === undefined || view.id === id);
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** Sends a verdict and waits for what the proxy says of it. */
  async say(verdict: object): Promise<{ ok: boolean; message: string }> {
    this.refs += 1;
    const ref = this.refs;
    this.write(`${JSON.stringify({ type: 'verdict', ref, ...verdict })}\n`);
    return eventually('a result', () =>
      this.heard.flatMap((one) => (one.type === 'result' && one.ref === ref ? [one] : [])).at(0),
    );
  }
}

/** Attached to the home's only proxy. */
export async function rawApprover(home: string): Promise<RawApprover> {
  const [path] = await eventually('a socket', () => {
    const found = sockets(home);
    return found.length > 0 ? found : undefined;
  });
  return new RawApprover(path!);
}

export const RENDERED = { digest: '0'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const };

/** Digests under a home's key, as its terminals make them. */
export const keyedIn = (home: string) => keyedFor(resolveHome(home, {}));

/** A verdict on this hold as nobody's key signed it. */
export function bare(hold: HoldView, more: object = {}) {
  const { id, digest, callDigest, obligations } = hold;
  return {
    hold: id,
    verdict: 'approve' as 'approve' | 'reject',
    digest,
    callDigest,
    method: 'watch' as const,
    chain: [],
    rendered: RENDERED,
    // Whoever can see the hold can see it, and it does no harm where nobody asks for it.
    confirmation: obligations.expected,
    ...more,
  };
}
