import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ending, type ServerProcess } from '../../../src/proxy/upstream/server-process.ts';
import { Stopper } from '../../../src/proxy/upstream/stopper.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stopper() {
  const kill = vi.fn(() => true);
  const pipes = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const server = Object.assign(new EventEmitter(), { pid: 1, kill, ...pipes });
  const made = new Stopper(server as unknown as ServerProcess);
  const unstoppable = vi.fn();
  void made.unstoppable.then(unstoppable);
  return {
    stopper: made,
    server,
    kill: () => kill.mock.calls.flat() as unknown[],
    letGo: () => pipes.stdout.destroyed && pipes.stderr.destroyed,
    unstoppable,
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('ending a server', () => {
  it('is the end of its input, then SIGTERM, then SIGKILL, then to go without it', async () => {
    const { stopper: it, server, kill, unstoppable } = stopper();
    it.inputEnded();
    expect(server.stdin.writableEnded).toBe(true);
    await pass(1_400);
    expect(kill()).toEqual([]);
    await pass(200);
    expect(kill()).toEqual(['SIGTERM']);
    await pass(700);
    expect(kill()).toEqual(['SIGTERM', 'SIGKILL']);
    expect(unstoppable).not.toHaveBeenCalled();
    await pass(700);
    expect(unstoppable).toHaveBeenCalledWith({ code: 137, how: 'it could not be stopped' });
  });

  it('stops insisting once it has ended', async () => {
    const { stopper: it, server, kill, unstoppable } = stopper();
    it.signal('SIGINT');
    server.emit('exit', 0, null);
    await pass(10_000);
    expect(kill()).toEqual(['SIGINT']);
    expect(unstoppable).not.toHaveBeenCalled();
  });

  it('passes on a second signal and does not wait longer for it', async () => {
    const { stopper: it, kill } = stopper();
    it.signal('SIGINT');
    await pass(600);
    it.signal('SIGTERM');
    await pass(150);
    expect(kill()).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL']);
  });

  it('begins by itself when the server has closed its input', async () => {
    const { server, kill } = stopper();
    server.stdin.destroy(new Error('EPIPE'));
    await pass(2_900);
    expect(kill()).toEqual([]);
    await pass(200);
    expect(kill()).toEqual(['SIGTERM']);
  });
});

describe('the pipes of a server that has exited', () => {
  it('are let go after a quiet while, which is longer when nobody asked for the end', async () => {
    for (const [asked, quiet] of [
      ['nobody', 3_000],
      ['the client by its end', 300],
      ['a signal', 100],
    ] as const) {
      const { stopper: it, server, letGo } = stopper();
      server.stdout.resume();
      if (asked === 'the client by its end') it.inputEnded();
      if (asked === 'a signal') it.signal('SIGTERM');
      server.emit('exit', 0, null);
      await pass(quiet - 60);
      expect([asked, letGo()]).toEqual([asked, false]);
      await pass(120);
      expect([asked, letGo()]).toEqual([asked, true]);
    }
  });

  it('are kept while the client does not read, until it is in a hurry', async () => {
    const { stopper: it, server, letGo } = stopper();
    it.inputEnded();
    server.stdout.pause();
    server.emit('exit', 0, null);
    await pass(30_000);
    expect(letGo()).toBe(false);
    it.signal('SIGTERM');
    await pass(150);
    expect(letGo()).toBe(true);
  });

  it('are kept no longer than a minute for a client that has ended its stream and reads nothing', async () => {
    const { stopper: it, server, letGo } = stopper();
    it.inputEnded();
    server.stdout.pause();
    server.emit('exit', 0, null);
    await pass(60_500);
    expect([letGo(), it.hurried.aborted]).toEqual([true, true]);
  });

  it('are let go though a grandchild goes on talking', async () => {
    const { stopper: it, server, letGo } = stopper();
    server.stdout.on('data', () => {});
    it.inputEnded();
    server.emit('exit', 0, null);
    for (let n = 0; n < 60 && !letGo(); n += 1) {
      server.stdout.write('still here\n');
      await pass(50);
    }
    expect(letGo()).toBe(true);
  });
});

describe('a server that we may not signal', () => {
  it('has started all the same: the fault is no end of it', async () => {
    const { server } = stopper();
    const ended = vi.fn();
    ending(server as unknown as ServerProcess).then(ended, ended);
    server.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
    server.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
    await pass(10);
    expect(ended).not.toHaveBeenCalled();
    server.emit('close', 3, null);
    await pass(10);
    expect(ended).toHaveBeenCalledWith({ code: 3, how: 'exit code 3' });
  });
});
