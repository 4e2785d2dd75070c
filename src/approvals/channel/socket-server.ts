import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { fileFault } from '../../platform/file-fault.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Approver } from '../holding/hold.ts';
import type { Channel, Desk } from './channel.ts';
import {
  type ApproverMessage,
  type LookMessage,
  MAX_APPROVER_LINE,
  type ProxyMessage,
  type VerdictMessage,
  WIRE_VERSION,
  wireLine,
} from './messages.ts';
import { Outbox } from './outbox.ts';
import { readApproverMessage } from './read-approver-message.ts';
import { MAX_SOCKET_PATH } from './socket-path.ts';

const MAX_PEERS = 32;
const HELLO_WITHIN_MS = 5_000;
const BUSY_WITHIN_MS = 1_000;
/** A terminal that stops reading is let go rather than buffered for without end. */
const MAX_BACKLOG = 64 * 1024 * 1024;

interface Peer {
  socket: Socket;
  attending: boolean;
  /** It speaks our version; only then it takes part. */
  fluent: boolean;
  greeted: boolean;
  /** It has given an answer. */
  answered: boolean;
  buffered: string;
  timer: NodeJS.Timeout;
}

/** The proxy's end of the approval socket: 0600 in a 0700 folder, many approvers, nothing kept for the absent. */
export class SocketServer implements Channel {
  private readonly peers = new Set<Peer>();
  private readonly desk: Desk;
  private readonly path: string;
  private server: Server | undefined;
  private readonly outbox = new Outbox();

  constructor(path: string, desk: Desk) {
    this.path = path;
    this.desk = desk;
  }

  /** Throws a PlainError when the path is too long, or rejects when it cannot be listened on. */
  async listen(): Promise<void> {
    const bytes = Buffer.byteLength(this.path);
    if (bytes > MAX_SOCKET_PATH) {
      throw new PlainError(
        `The socket path ${this.path} is ${bytes} bytes long; at most ${MAX_SOCKET_PATH} work everywhere. Choose a shorter --home.`,
      );
    }
    try {
      await this.bind();
    } catch (error) {
      throw fileFault(error, this.path, 'made');
    }
  }

  private async bind(): Promise<void> {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const server = createServer((socket) => this.welcome(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const mask = process.umask(0o177);
      server.listen(this.path, () => {
        server.off('error', reject);
        resolve();
      });
      process.umask(mask);
    });
    server.on('error', () => {});
    if (lstatSync(this.path).isSocket()) chmodSync(this.path, 0o600);
    server.unref();
  }

  /** How many approval terminals are attached; a command that only asks does not count. */
  get attending(): number {
    return [...this.peers].filter((peer) => peer.attending).length;
  }

  /** Whoever can open the socket is this user of the system, and nothing more is known of them (tier 0). */
  unsigned({ method, chain, place }: Pick<VerdictMessage, 'method' | 'chain' | 'place'>): Approver {
    return { name: userInfo().username, method, tier: 0, chain, ...(place === undefined ? {} : { place }) };
  }

  broadcast(message: ProxyMessage): void {
    const to = [...this.peers].filter((peer) => peer.greeted);
    if (to.length > 0) this.post(to, message);
  }

  close(): void {
    this.outbox.empty();
    for (const peer of this.peers) peer.socket.end();
    this.server?.close();
    try {
      rmSync(this.path, { force: true });
    } catch {
      // Its folder went away or is read-only by now: a session must not end as a fault of ours for that.
    }
  }

  private welcome(socket: Socket): void {
    if (this.peers.size >= MAX_PEERS) this.makeRoom();
    const timer = setTimeout(() => socket.destroy(), HELLO_WITHIN_MS);
    const peer: Peer = {
      socket,
      attending: false,
      fluent: false,
      greeted: false,
      answered: false,
      buffered: '',
      timer,
    };
    this.peers.add(peer);
    socket.setEncoding('utf8');
    socket.unref();
    socket.on('data', (chunk: string) => this.read(peer, chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      this.peers.delete(peer);
    });
  }

  /**
   * Lets one go, so that whoever comes gets in: the oldest that only asks, else the oldest terminal that never gave an
   * answer. The terminal that has been here longest stays: many that come later must not push it out.
   */
  private makeRoom(): void {
    const all = [...this.peers];
    const first = all.find((peer) => peer.attending);
    const gone =
      all.find((peer) => !peer.attending && !peer.answered) ??
      all.find((peer) => !peer.answered && peer !== first) ??
      all.find((peer) => peer !== first);
    if (gone === undefined) return;
    this.peers.delete(gone);
    gone.socket.end(wireLine({ type: 'busy' }));
    clearTimeout(gone.timer);
    // Whoever does not read that is not waited for.
    gone.timer = setTimeout(() => gone.socket.destroy(), BUSY_WITHIN_MS);
    gone.timer.unref();
  }

  private read(peer: Peer, chunk: string): void {
    // What a peer says after it was let go counts for nothing.
    if (!this.peers.has(peer)) return;
    peer.buffered += chunk;
    for (let lf = peer.buffered.indexOf('\n'); lf !== -1; lf = peer.buffered.indexOf('\n')) {
      const line = peer.buffered.slice(0, lf);
      peer.buffered = peer.buffered.slice(lf + 1);
      const message = line.length > MAX_APPROVER_LINE ? undefined : readApproverMessage(line);
      if (message === undefined || !this.take(peer, message)) {
        peer.socket.destroy();
        return;
      }
    }
    if (peer.buffered.length > MAX_APPROVER_LINE) peer.socket.destroy();
  }

  /** False when the message is out of place. */
  private take(peer: Peer, message: ApproverMessage): boolean {
    if (message.type === 'hello') {
      if (peer.greeted) return false;
      clearTimeout(peer.timer);
      peer.greeted = true;
      peer.fluent = message.v === WIRE_VERSION;
      peer.attending = message.attending && peer.fluent;
      for (const one of this.desk.greeting()) this.post([peer], one);
      this.post([peer], { type: 'ready' });
      // A stranger's version learns ours from the greeting and can say so; it takes no part.
      if (!peer.fluent) this.outbox.add(false, () => peer.socket.end());
      return true;
    }
    if (!peer.fluent) return false;
    if (message.type === 'look') {
      this.look(peer, message);
      return true;
    }
    const reply = (ok: boolean, text: string): void =>
      this.post([peer], { type: 'result', ref: message.ref, ok, message: text });
    peer.answered = true;
    if (message.type === 'revoke') this.desk.revoke(message, reply);
    else if (message.type === 'edit') void this.desk.edit(message, reply);
    else this.desk.verdict(message, reply);
    return true;
  }

  private look(peer: Peer, { ref, at }: LookMessage): void {
    if (at === 'stop') return this.post([peer], { type: 'braked', ref, ...this.desk.brake() });
    void this.desk.reread().then((reread) => this.post([peer], { type: 'reread', ref, ...reread }));
  }

  /** In the order of the calls of this, to each of them. */
  private post(to: readonly Peer[], message: ProxyMessage): void {
    this.outbox.add(isBig(message), () => {
      const line = wireLine(message);
      for (const peer of to) this.send(peer, line);
    });
  }

  private send(peer: Peer, line: string): void {
    if (peer.socket.destroyed) return;
    if (peer.socket.writableLength > MAX_BACKLOG) peer.socket.destroy();
    else peer.socket.write(line);
  }
}

/** In UTF-16 units: spelling a longer one takes long enough to be noticed. */
const BIG = 1024 * 1024;

function isBig(message: ProxyMessage): boolean {
  if (message.type !== 'hold') return false;
  const { argumentsText, input, edited } = message.hold;
  return argumentsText.length + (input?.answers.length ?? 0) + (edited?.before.length ?? 0) > BIG;
}
