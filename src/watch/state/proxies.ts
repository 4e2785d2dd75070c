import type { FSWatcher } from 'node:fs';
import { watch as watchFolder } from 'node:fs';
import { basename } from 'node:path';
import type { VerdictMessage } from '../../approvals/channel/messages.ts';
import { BUSY, Connection, socketPaths } from '../../approvals/channel/socket-client.ts';
import type { News } from './screen.ts';

/** Looking is cheap, and a folder watch alone misses what a network or container file system does not report. */
const LOOK_EVERY_MS = 500;

interface Attached {
  connection: Connection;
  session: string | undefined;
}

/** Every proxy of a home: attaches to those that come, lets go of those that end, tells their news. */
export class Proxies {
  private readonly folder: string;
  private readonly tell: (news: News) => void;
  private readonly attached = new Map<string, Attached>();
  /** Proxies that speak another version: said once, not attached to again. */
  private readonly shunned = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private watcher: FSWatcher | undefined;
  private refs = 0;

  constructor(folder: string, tell: (news: News) => void) {
    this.folder = folder;
    this.tell = tell;
  }

  start(): void {
    this.look();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    try {
      this.watcher = watchFolder(this.folder, () => this.look());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // No folder yet, or no watches left: looking goes on.
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.watcher?.close();
    for (const { connection } of this.attached.values()) connection.close();
  }

  /** Sends a verdict to the proxy of this session; false when it is gone. */
  send(session: string, verdict: Omit<VerdictMessage, 'type' | 'ref'>): boolean {
    const proxy = [...this.attached.values()].find((one) => one.session === session);
    if (proxy === undefined) return false;
    this.refs += 1;
    proxy.connection.send({ type: 'verdict', ref: this.refs, ...verdict });
    return true;
  }

  private look(): void {
    for (const path of socketPaths(this.folder)) {
      if (!this.attached.has(path) && !this.shunned.has(path)) this.attach(path);
    }
  }

  private attach(path: string): void {
    const connection = new Connection(path, true, {
      message: (message) => {
        const { session } = proxy;
        if (message.type === 'hello') {
          proxy.session = message.session;
          this.tell({ type: 'attached', session: message });
        } else if (session === undefined) return;
        else if (message.type === 'hold') this.tell({ type: 'hold', session, hold: message.hold });
        else if (message.type === 'closed')
          this.tell({ type: 'closed', session, hold: message.hold, how: message.how, by: message.by });
        else if (message.type === 'result')
          this.tell({ type: 'result', ok: message.ok, message: message.message });
      },
      closed: (why) => {
        this.attached.delete(path);
        // It is attached to again as soon as there is room.
        if (why !== undefined && why !== BUSY) this.shunned.add(path);
        if (proxy.session !== undefined) this.tell({ type: 'detached', session: proxy.session, why });
        else if (why !== undefined)
          this.tell({ type: 'result', ok: false, message: `Cannot attach to ${basename(path)}: ${why}.` });
      },
    });
    const proxy: Attached = { connection, session: undefined };
    this.attached.set(path, proxy);
  }
}
