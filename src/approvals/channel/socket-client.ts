import { type FSWatcher, lstatSync, rmSync, watch } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { namesIn } from '../../platform/names-in.ts';
import type { Link, LinkHandlers, ProxyDirectory } from './channel.ts';
import {
  type EditMessage,
  type LookMessage,
  MAX_PROXY_LINE,
  type RevokeMessage,
  type VerdictMessage,
  WIRE_VERSION,
  wireLine,
} from './messages.ts';
import { readProxyMessage } from './read-proxy-message.ts';

/** The sockets in a home's run folder, oldest session first (session ids begin with their time). */
export function socketPaths(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.sock'))
    .sort()
    .map((name) => join(folder, name));
}

/** Looking is cheap, and a folder watch alone misses what a network or container file system does not report. */
const LOOK_EVERY_MS = 500;

/** The proxies that listen in a home's run folder. `sweeps` false: what killed ones left there stays. */
export function socketDirectory(folder: string, sweeps = true): ProxyDirectory {
  return {
    list: () => socketPaths(folder),
    connect: (path, attending, handlers) => new Connection(path, attending, handlers, sweeps),
    watch: (changed) => {
      const timer = setInterval(changed, LOOK_EVERY_MS);
      let watcher: FSWatcher | undefined;
      try {
        watcher = watch(folder, changed);
        watcher.on('error', () => watcher?.close());
      } catch {
        // No folder yet, or no watches left: looking goes on.
      }
      return () => {
        clearInterval(timer);
        watcher?.close();
      };
    },
  };
}

/** A proxy that has just made its socket may not listen yet, and must not lose it to a terminal that was too quick. */
const STALE_AFTER_MS = 5_000;

/**
 * Removes a socket that a killed proxy left behind: ours, a socket, some seconds old, and nobody answered there. A
 * session's name is used once, so no living proxy can be about to listen on it.
 */
export function removeStale(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isSocket() || stat.uid !== process.getuid?.()) return;
  if (Date.now() - stat.ctimeMs > STALE_AFTER_MS) rmSync(path, { force: true });
}

/** Why a proxy let go of us: others came. */
export const BUSY = 'it has too many terminals attached; close one, and try again';

/** An approver's end of one proxy's socket. */
export class Connection implements Link {
  readonly path: string;
  private readonly socket: Socket;
  private readonly handlers: LinkHandlers;
  private parts: string[] = [];
  private size = 0;
  private why: string | undefined;

  constructor(path: string, attending: boolean, handlers: LinkHandlers, sweeps: boolean) {
    this.path = path;
    this.handlers = handlers;
    this.socket = createConnection(path);
    this.socket.setEncoding('utf8');
    this.socket.on('connect', () =>
      this.socket.write(wireLine({ type: 'hello', v: WIRE_VERSION, attending })),
    );
    this.socket.on('data', (chunk: string) => this.read(chunk));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      if (sweeps && error.code === 'ECONNREFUSED') removeStale(path);
    });
    this.socket.on('close', () => this.handlers.closed(this.why));
  }

  send(message: VerdictMessage | EditMessage | RevokeMessage | LookMessage): void {
    this.socket.write(wireLine(message));
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: string): void {
    let start = 0;
    for (let lf = chunk.indexOf('\n'); lf !== -1; lf = chunk.indexOf('\n', start)) {
      const line = this.parts.join('') + chunk.slice(start, lf);
      this.parts = [];
      this.size = 0;
      start = lf + 1;
      this.take(line);
    }
    this.parts.push(chunk.slice(start));
    this.size += chunk.length - start;
    if (this.size > MAX_PROXY_LINE) this.leave('it sent a line without end');
  }

  private take(line: string): void {
    const message = readProxyMessage(line);
    if (message === undefined) return this.leave('it speaks in a way that this version does not know');
    if (message.type === 'hello' && message.v !== WIRE_VERSION) {
      return this.leave(
        `it is holdpoint's wire version ${message.v} and this is ${WIRE_VERSION}; restart the older one`,
      );
    }
    if (message.type === 'busy') return this.leave(BUSY);
    this.handlers.message(message);
  }

  private leave(why: string): void {
    this.why = why;
    this.socket.destroy();
  }
}
