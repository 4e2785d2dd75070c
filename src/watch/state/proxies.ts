import { basename } from 'node:path';
import type { Link, ProxyDirectory } from '../../approvals/channel/channel.ts';
import type { EditMessage, ProxyMessage, VerdictMessage } from '../../approvals/channel/messages.ts';
import { BUSY } from '../../approvals/channel/socket-client.ts';
import type { News } from './news.ts';

interface Attached {
  connection: Link;
  session: string | undefined;
}

/** What a proxy's word about an answer is told with, and who is called when the answer counts. */
interface Sent {
  about: string;
  counted?: (() => void) | undefined;
}

/** Every proxy of a home: attaches to those that come, lets go of those that end, tells their news. */
export class Proxies {
  private readonly directory: ProxyDirectory;
  private readonly tell: (news: News) => void;
  private readonly attached = new Map<string, Attached>();
  /** Proxies that speak another version: said once, not attached to again. */
  private readonly shunned = new Set<string>();
  private unwatch: () => void = () => {};
  private refs = 0;
  /** By reference: what was answered, for the proxy's word about it. */
  private readonly sent = new Map<number, Sent>();

  constructor(directory: ProxyDirectory, tell: (news: News) => void) {
    this.directory = directory;
    this.tell = tell;
  }

  start(): void {
    this.look();
    this.unwatch = this.directory.watch(() => this.look());
  }

  stop(): void {
    this.unwatch();
    for (const { connection } of this.attached.values()) connection.close();
  }

  /** Sends a verdict to the proxy of this session; false when it is gone. */
  send(session: string, verdict: Omit<VerdictMessage, 'type' | 'ref'>, sent: Sent = { about: '' }): boolean {
    return this.post(session, sent, (ref) => ({ type: 'verdict', ref, ...verdict }));
  }

  /** The same of changed arguments. */
  edit(session: string, edit: Omit<EditMessage, 'type' | 'ref'>): boolean {
    return this.post(session, { about: '' }, (ref) => ({ type: 'edit', ref, ...edit }));
  }

  private post(session: string, sent: Sent, message: (ref: number) => Parameters<Link['send']>[0]): boolean {
    const proxy = [...this.attached.values()].find((one) => one.session === session);
    if (proxy === undefined) return false;
    this.refs += 1;
    this.sent.set(this.refs, sent);
    proxy.connection.send(message(this.refs));
    return true;
  }

  private result({ ref, ok, message }: Extract<ProxyMessage, { type: 'result' }>): void {
    const { about, counted } = this.sent.get(ref) ?? { about: '' };
    this.sent.delete(ref);
    this.tell({ type: 'result', ok, message: about === '' ? message : `${message} (${about})` });
    if (ok) counted?.();
  }

  private look(): void {
    for (const path of this.directory.list()) {
      if (!this.attached.has(path) && !this.shunned.has(path)) this.attach(path);
    }
  }

  private attach(path: string): void {
    const connection = this.directory.connect(path, true, {
      message: (message) => {
        const { session } = proxy;
        if (message.type === 'hello') {
          proxy.session = message.session;
          this.tell({ type: 'attached', session: message });
        } else if (session === undefined) return;
        else if (message.type === 'hold') this.tell({ type: 'hold', session, hold: message.hold });
        else if (message.type === 'session')
          this.tell({ type: 'session', session: message.session, said: message.said });
        else if (message.type === 'brake') this.tell({ ...message, session });
        else if (message.type === 'closed')
          this.tell({
            type: 'closed',
            session,
            hold: message.hold,
            how: message.how,
            by: message.by,
            at: Date.now(),
          });
        else if (message.type === 'result') this.result(message);
      },
      closed: (why) => {
        this.attached.delete(path);
        // It is attached to again as soon as there is room.
        if (why !== undefined && why !== BUSY) this.shunned.add(path);
        if (proxy.session !== undefined)
          this.tell({ type: 'detached', session: proxy.session, why, at: Date.now() });
        else if (why !== undefined)
          this.tell({ type: 'result', ok: false, message: `Cannot attach to ${basename(path)}: ${why}.` });
      },
    });
    const proxy: Attached = { connection, session: undefined };
    this.attached.set(path, proxy);
  }
}
