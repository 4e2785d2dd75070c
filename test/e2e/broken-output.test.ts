import { describe, expect, it } from 'vitest';
import { ending, onUnreadable, startServer } from '../../src/proxy/upstream/server-process.ts';

describe('a server whose output breaks', () => {
  it('is told of once, and no fault of ours', async () => {
    const server = startServer([process.execPath, '-e', 'setInterval(() => {}, 1000)']);
    const faults: string[] = [];
    onUnreadable(server, ({ message }) => {
      faults.push(message);
      server.kill();
    });
    server.stdout.destroy(new Error('read EIO'));
    server.stderr.destroy(new Error('read EIO'));
    expect((await ending(server)).how).toBe('signal SIGTERM');
    expect(faults).toEqual(['read EIO']);
  });
});
