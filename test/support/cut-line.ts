import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server on this machine that can go dead, as a network does: nothing arrives any more, and nobody is told. */
export class CutLine {
  readonly url: string;
  private readonly pairs = new Set<[Socket, Socket]>();
  private dead = false;

  private constructor(port: number, server: Server) {
    this.url = `nats://127.0.0.1:${port}`;
    onTestFinished(() => {
      for (const pair of this.pairs) for (const end of pair) end.destroy();
      server.close();
    });
  }

  static async to(port: number): Promise<CutLine> {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      const pair: [Socket, Socket] = [near, far];
      line.pairs.add(pair);
      for (const [from, into] of [pair, [far, near]] as const) {
        from.on('data', (bytes) => line.dead || into.write(bytes));
        from.on('close', () => {
          line.pairs.delete(pair);
          if (!line.dead) into.destroy();
        });
        from.on('error', () => {});
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const line = new CutLine((server.address() as { port: number }).port, server);
    return line;
  }

  cut(): void {
    this.dead = true;
  }

  /** What was under way is lost: each connection of before is broken off. */
  mend(): void {
    this.dead = false;
    for (const pair of this.pairs) for (const end of pair) end.destroy();
  }
}
