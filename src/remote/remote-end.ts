import { constants } from 'node:os';
import type { Ending } from '../proxy/upstream/server-process.ts';
import type { Ender } from '../proxy/upstream/upstream.ts';
import type { Bridge } from './bridge.ts';

/** What is under way when the client's stream ends may be answered for so long, as by a local server. */
const AFTER_END_MS = 1_500;
const HURRIED_MS = 200;

/** How the bridge to a remote server ends: it never does by itself, for a server that is away may come back. */
export class RemoteEnd implements Ender {
  private readonly bridge: Bridge;
  private readonly hurry = new AbortController();
  private ending = false;
  private end: (how: Ending) => void = () => {};
  readonly ended = new Promise<Ending>((resolve) => {
    this.end = resolve;
  });

  constructor(bridge: Bridge) {
    this.bridge = bridge;
  }

  get hurried(): AbortSignal {
    return this.hurry.signal;
  }

  inputEnded(): void {
    void this.bridge.settled(AFTER_END_MS).then(() => this.close({ code: 0, how: 'its client ended' }));
  }

  stop(): void {
    void this.close({ code: 0, how: 'stopped' });
  }

  signal(signal: NodeJS.Signals): void {
    this.hurry.abort();
    void this.close({ code: 128 + constants.signals[signal], how: `signal ${signal}` }, HURRIED_MS);
  }

  private async close(how: Ending, withinMs?: number): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    await this.bridge.close(withinMs);
    this.end(how);
  }
}
