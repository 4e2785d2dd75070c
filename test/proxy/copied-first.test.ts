import { describe, expect, it, vi } from 'vitest';
import { type RequestId, requestIdOf } from '../../src/protocol/request-id.ts';
import { OpenRequests } from '../../src/proxy/open-requests.ts';
import type { EnforcerPorts, Recorder } from '../../src/proxy/ports.ts';

/** A call whose record is copied when the test says so. */
function oneCall() {
  const copy = { done: (): void => {}, failed: (_: Error): void => {} };
  const toServer: string[] = [];
  const toClient: string[] = [];
  const refused: string[] = [];
  let stopped: string | undefined;
  const ports = {
    toServer: (bytes: Uint8Array) => void toServer.push(Buffer.from(bytes).toString()),
    toClient: (line: string) => void toClient.push(line),
    flush: vi.fn(),
    mono: () => 0,
    stopped: () => stopped,
    copied: () =>
      new Promise<void>((resolve, reject) => {
        copy.done = resolve;
        copy.failed = reject;
      }),
  } as unknown as EnforcerPorts;
  const open = new OpenRequests(ports);
  const recorder = {
    refusal: (cause: string) => void refused.push(cause),
    commit: () => {},
    outcome: () => {},
  } as unknown as Recorder;
  open.governedBy({ recorder, approvals: {} } as unknown as Parameters<OpenRequests['governedBy']>[0]);
  const id = requestIdOf('1') as RequestId;
  open.addCall(id, {
    ...{ number: 1, modern: false, task: false, progressToken: undefined, wasHeld: false },
    ...{ forwardedMono: undefined, repeatable: undefined, line: { bytes: Buffer.from('call'), digest: 'd' } },
  });
  const stop = (why: string): void => {
    stopped = why;
  };
  return { open, id, copy, toServer, toClient, refused, stop };
}

const later = (): Promise<void> => new Promise((next) => setImmediate(next));

describe('a call whose record must be copied first', () => {
  it('goes to the server once the copy is there, and once', async () => {
    const { open, id, copy, toServer } = oneCall();
    expect(open.forward(id.key, 'd')).toBe(true);
    expect(open.forward(id.key, 'd')).toBe(false);
    expect(toServer).toEqual([]);
    copy.done();
    await later();
    expect(toServer).toEqual(['call']);
  });

  it('never goes when its client gave it up meanwhile', async () => {
    const { open, id, copy, toServer } = oneCall();
    open.forward(id.key, 'd');
    const request = open.get(id.key);
    if (request !== undefined) open.cancelled(request);
    copy.done();
    await later();
    expect(toServer).toEqual([]);
  });

  it('is refused in words, and recorded so, where the copy is not to be had', async () => {
    const { open, id, copy, toServer, toClient, refused } = oneCall();
    open.forward(id.key, 'd');
    copy.failed(new Error('The relay is away.'));
    await later();
    expect([toServer, refused]).toEqual([[], ['not-copied']]);
    expect(toClient.join()).toContain('The relay is away.');
  });

  it('is refused when everything was stopped while it waited for the copy', async () => {
    const { open, id, copy, toServer, toClient, stop } = oneCall();
    open.forward(id.key, 'd');
    stop('Everything was stopped.');
    copy.done();
    await later();
    expect(toServer).toEqual([]);
    expect(toClient.join()).toContain('Everything was stopped.');
  });
});
