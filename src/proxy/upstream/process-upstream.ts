import { holdOutput, type ServerProcess } from './server-process.ts';
import type { Upstream } from './upstream.ts';

/** A server that is a child process of ours, on its standard streams. */
export class ProcessUpstream implements Upstream {
  private readonly server: ServerProcess;

  constructor(server: ServerProcess) {
    this.server = server;
  }

  write(bytes: Uint8Array): void {
    const { stdin } = this.server;
    if (!stdin.destroyed && !stdin.writableEnded) stdin.write(bytes);
  }

  /** What a closed stream still counts will never be read. */
  get backlog(): number {
    const { stdin } = this.server;
    return stdin.destroyed ? 0 : stdin.writableLength;
  }

  onBytes(listener: (bytes: Buffer) => void): void {
    this.server.stdout.on('data', listener);
    holdOutput(this.server, false);
    this.resume();
  }

  onFirstBytes(listener: () => void): void {
    this.server.stdout.once('data', listener);
  }

  onTaken(listener: () => void): void {
    for (const event of ['drain', 'error', 'close']) this.server.stdin.on(event, listener);
  }

  pause(): void {
    this.server.stdout.pause();
  }

  resume(): void {
    this.server.stdout.resume();
  }
}
