import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Line } from '../../src/protocol/line-splitter.ts';
import { ClientInput } from '../../src/proxy/client-input.ts';
import { ClientOutput } from '../../src/proxy/client-output.ts';
import type { Enforcer } from '../../src/proxy/enforce.ts';
import { ProcessUpstream } from '../../src/proxy/upstream/process-upstream.ts';
import type { ServerProcess } from '../../src/proxy/upstream/server-process.ts';

const MiB = 1024 * 1024;
const turn = () => new Promise((done) => setImmediate(done));

/** Takes what it is given and does not say that it is written before `free`. */
class Stuck extends Writable {
  private waiting: (() => void)[] = [];
  private isFree = false;

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    if (this.isFree) done();
    else this.waiting.push(done);
  }

  free(): void {
    this.isFree = true;
    for (const done of this.waiting.splice(0)) done();
  }
}

function clientInput() {
  const input = new PassThrough();
  const toClient = new Stuck();
  const toServer = new Stuck();
  const output = new ClientOutput(toClient);
  const lines: Line[] = [];
  const enforcer = {
    take: (some: Line[]) => void lines.push(...some),
    unfinished: vi.fn(),
  } as unknown as Enforcer;
  const policyWanted = vi.fn();
  const server = new ProcessUpstream({ stdin: toServer } as unknown as ServerProcess);
  const made = new ClientInput({ input, server, output, enforcer, policyWanted });
  const ended = vi.fn();
  made.start(ended);
  for (const stream of [toClient, toServer]) stream.on('drain', () => made.look());
  return { made, input, toClient, toServer, output, enforcer, lines, policyWanted, ended };
}

describe("the client's input", () => {
  it('is read no further when 4 MiB wait for the policy, which is then wanted, and goes on once it is there', async () => {
    const { made, input, lines, policyWanted } = clientInput();
    const line = `${'x'.repeat(MiB - 1)}\n`;
    for (let n = 0; n < 8; n += 1) input.write(line);
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([4, true]);
    expect(policyWanted).toHaveBeenCalled();
    made.policySettled();
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([8, false]);
  });

  it('is read no further either when so much waits for a part of the policy that is loaded later', async () => {
    const { made, input, lines, enforcer } = clientInput();
    const line = `${'x'.repeat(MiB - 1)}\n`;
    made.policySettled();
    for (let n = 0; n < 8; n += 1) input.write(line);
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([8, false]);
    const waiting = enforcer as { waits: boolean };
    waiting.waits = true;
    for (let n = 0; n < 8; n += 1) input.write(line);
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([12, true]);
    waiting.waits = false;
    made.policySettled();
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([16, false]);
  });

  it('counts a short line that waits for the policy as more than its bytes', async () => {
    const { input, lines } = clientInput();
    for (let n = 0; n < 64; n += 1) input.write('x\n'.repeat(1024));
    await turn();
    expect(input.isPaused()).toBe(true);
    expect(lines.length).toBeLessThan(10_000);
  });

  it('is not stopped by any amount once the policy is there', async () => {
    const { made, input, lines } = clientInput();
    made.policySettled();
    for (let n = 0; n < 64; n += 1) input.write(`${'x'.repeat(MiB - 1)}\n`);
    await turn();
    expect([lines.length, input.isPaused()]).toEqual([64, false]);
  });

  it('stops while the server leaves more than 1 MiB with us, and its end is still told', async () => {
    const { input, toServer, lines, ended } = clientInput();
    toServer.write(Buffer.alloc(MiB / 2));
    input.write('one\n');
    await turn();
    expect(input.isPaused()).toBe(false);
    toServer.write(Buffer.alloc(MiB));
    input.write('two\n');
    await turn();
    input.end('three\n');
    await turn();
    expect([lines.length, ended.mock.calls.length]).toEqual([2, 0]);
    toServer.free();
    await turn();
    await turn();
    expect(lines.length).toBe(3);
    expect(ended).toHaveBeenCalled();
  });

  it('is not stopped by a server that has closed its input', async () => {
    const { made, input, toServer } = clientInput();
    toServer.write(Buffer.alloc(2 * MiB));
    made.look();
    expect(input.isPaused()).toBe(true);
    toServer.destroy();
    made.look();
    expect(input.isPaused()).toBe(false);
  });

  it('stops while 4 MiB of answers are unread, also of those that wait for the end of a half line', async () => {
    const { made, input, toClient, output } = clientInput();
    output.own(`${'x'.repeat(3 * MiB)}\n`);
    made.look();
    expect(input.isPaused()).toBe(false);
    output.relay(Buffer.from('half'));
    output.own(`${'y'.repeat(MiB)}\n`);
    made.look();
    expect(input.isPaused()).toBe(true);
    output.relay(Buffer.from('\n'));
    toClient.free();
    await turn();
    expect(input.isPaused()).toBe(false);
  });

  it('is not stopped by answers that nobody will ever read', () => {
    const { made, input, output } = clientInput();
    output.own(`${'x'.repeat(5 * MiB)}\n`);
    made.look();
    expect(input.isPaused()).toBe(true);
    output.broke();
    made.look();
    expect(input.isPaused()).toBe(false);
    output.own(`${'x'.repeat(5 * MiB)}\n`);
    expect([output.unread, output.relay(Buffer.from('x'))]).toEqual([0, true]);
  });

  it('is read no more when the server is gone', async () => {
    const { made, input, lines } = clientInput();
    made.serverEnded();
    input.write('late\n');
    await turn();
    expect(lines).toEqual([]);
  });

  it('says how many bytes had no line end', async () => {
    const { input, enforcer, ended } = clientInput();
    input.end('whole\nhalf');
    await turn();
    await turn();
    expect(enforcer.unfinished).toHaveBeenCalledWith(4);
    expect(ended).toHaveBeenCalled();
  });

  it('that breaks has ended', async () => {
    const { input, ended } = clientInput();
    input.destroy(new Error('ECONNRESET'));
    await turn();
    expect(ended).toHaveBeenCalled();
  });
});
