import { lstatSync, mkdtempSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gather, nobody } from '../../../src/approvals/channel/ask-proxies.ts';
import { type VerdictMessage, WIRE_VERSION } from '../../../src/approvals/channel/messages.ts';
import { readApproverMessage } from '../../../src/approvals/channel/read-approver-message.ts';
import { readProxyMessage } from '../../../src/approvals/channel/read-proxy-message.ts';
import { removeStale } from '../../../src/approvals/channel/socket-client.ts';
import { SocketServer } from '../../../src/approvals/channel/socket-server.ts';
import { holdIds, isHoldId } from '../../../src/platform/hold-ids.ts';
import { holdView, sessionView } from '../../support/held.ts';

const SESSION = sessionView({ ancestors: [{ pid: 2, name: 'client' }], cli: 'any' });
const NOT_STOPPED = { stopped: false, refused: 0, running: 0 };
const SAME = async () => ({ took: 'same' as const, said: '' });
const HELLO = `{"type":"hello","v":${WIRE_VERSION},"attending":true}\n`;
const VERDICT = {
  type: 'verdict',
  ref: 1,
  hold: 'abcde',
  verdict: 'approve',
  digest: 'a'.repeat(64),
  callDigest: 'b'.repeat(64),
  method: 'cli',
  chain: [],
};
const EDIT = {
  type: 'edit',
  ref: 1,
  hold: 'h1',
  digest: 'a'.repeat(64),
  callDigest: 'b'.repeat(64),
  argumentsText: '{}',
  method: 'watch',
  chain: [],
};

async function listening() {
  const folder = join(mkdtempSync('/tmp/hp-sock-'), 'run');
  const path = join(folder, 's1.sock');
  const verdict = vi.fn((_: VerdictMessage, reply: (ok: boolean, message: string) => void) =>
    reply(true, 'done'),
  );
  const server = new SocketServer(path, {
    greeting: () => [{ type: 'hello', v: WIRE_VERSION, ...SESSION }],
    verdict,
    edit: async () => {},
    revoke: () => {},
    brake: () => NOT_STOPPED,
    reread: SAME,
  });
  await server.listen();
  onTestFinished(() => server.close());
  return { folder, path, server, verdict };
}

async function peer(path: string) {
  const socket: Socket = createConnection(path);
  let text = '';
  let closed = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('close', () => {
    closed = true;
  });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((done) => socket.once('connect', done));
  return {
    socket,
    write: (data: string | Uint8Array) => socket.write(data),
    text: () => text,
    closed: () => closed,
  };
}

describe('the approval socket', () => {
  it("can be opened by its owner alone: 0600 in a folder of 0700, which the process's mask does not widen", async () => {
    const { folder, path } = await listening();
    expect(lstatSync(path).isSocket()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('at a path of more than 103 bytes is refused instead of cut', async () => {
    const path = `/tmp/${'é'.repeat(50)}.sock`;
    await expect(
      new SocketServer(path, {
        greeting: () => [],
        verdict: () => {},
        edit: async () => {},
        revoke: () => {},
        brake: () => NOT_STOPPED,
        reread: SAME,
      }).listen(),
    ).rejects.toThrow('at most 103');
  });

  it('greets, takes a verdict and answers it', async () => {
    const { path, verdict, server } = await listening();
    const one = await peer(path);
    one.write(HELLO);
    await vi.waitFor(() => expect(one.text()).toContain('"ready"'));
    expect(server.attending).toBe(1);
    one.write(`${JSON.stringify(VERDICT)}\n`);
    await vi.waitFor(() =>
      expect(one.text()).toContain('{"type":"result","ref":1,"ok":true,"message":"done"}'),
    );
    expect(verdict).toHaveBeenCalledTimes(1);
  });

  it.for([
    ['a verdict before the greeting', `${JSON.stringify(VERDICT)}\n`],
    ['two greetings', HELLO + HELLO],
    ['no JSON', 'approve abcde\n'],
    ['a list', '[]\n'],
    ['an unknown message', '{"type":"approve-all"}\n'],
    ['a verdict with a key of its own', `${HELLO}${JSON.stringify({ ...VERDICT, by: { name: 'root' } })}\n`],
    ['a verdict with a short digest', `${HELLO}${JSON.stringify({ ...VERDICT, digest: 'abc' })}\n`],
    ['a verdict "allow"', `${HELLO}${JSON.stringify({ ...VERDICT, verdict: 'allow' })}\n`],
    ['a verdict without a hold', `${HELLO}${JSON.stringify({ ...VERDICT, hold: undefined })}\n`],
    ['a line without end', 'x'.repeat(1_100_000)],
    ['an edit by a command', `${HELLO}${JSON.stringify({ ...EDIT, method: 'cli-tty' })}\n`],
    ['an edit of no text', `${HELLO}${JSON.stringify({ ...EDIT, argumentsText: { a: 1 } })}\n`],
    [
      'an edit that is too long',
      `${HELLO}${JSON.stringify({ ...EDIT, argumentsText: 'x'.repeat(300_000) })}\n`,
    ],
    ['an edit that is more than one', `${HELLO}${JSON.stringify({ ...EDIT, verdict: 'approve' })}\n`],
    ['a long line', `${HELLO}${JSON.stringify({ ...VERDICT, reason: 'x'.repeat(70_000) })}\n`],
    ['NUL and invalid UTF-8', Buffer.from([0, 255, 254, 10])],
  ] as const)('drops a peer that sends %s, hears nothing of it, and goes on serving', async ([, bytes]) => {
    const { path, verdict } = await listening();
    const bad = await peer(path);
    bad.write(bytes);
    await vi.waitFor(() => expect(bad.closed()).toBe(true));
    expect(verdict).not.toHaveBeenCalled();
    const good = await peer(path);
    good.write(HELLO);
    await vi.waitFor(() => expect(good.text()).toContain('"ready"'));
  });

  it('does not wait for ever for a peer that says nothing, and takes 32 at most', async () => {
    const { path } = await listening();
    const peers = await Promise.all(Array.from({ length: 40 }, () => peer(path)));
    await vi.waitFor(() => expect(peers.filter((one) => one.closed())).toHaveLength(8));
    await vi.waitFor(() => expect(peers.every((one) => one.closed())).toBe(true), 8_000);
  }, 15_000);

  it('lets whoever comes in when 32 others sit there idle, and tells the one that has to go', async () => {
    const { path, folder } = await listening();
    const asking = HELLO.replace('true', 'false');
    const idle: Awaited<ReturnType<typeof peer>>[] = [];
    for (let i = 0; i < 32; i += 1) {
      const one = await peer(path);
      one.write(i % 2 === 0 ? HELLO : asking);
      await vi.waitFor(() => expect(one.text()).toContain('"ready"'));
      idle.push(one);
    }
    const { attached, silent } = await gather(folder);
    expect([attached.length, silent]).toEqual([1, []]);
    // The oldest that only asks.
    await vi.waitFor(() => expect(idle.filter((one) => one.closed())).toEqual([idle[1]]));
    expect(idle[1]?.text()).toContain('{"type":"busy"}');
    for (const one of attached) one.close();
  });

  it.for([
    ['that only ask', HELLO.replace('true', 'false')],
    ['that say they attend', HELLO],
    ['that say nothing', ''],
  ] as const)(
    'keeps the terminal that attends, and one that has answered, in a flood of others %s',
    async ([, hello]) => {
      const { path, verdict } = await listening();
      const attending = await peer(path);
      attending.write(HELLO);
      const answered = await peer(path);
      answered.write(`${HELLO}${JSON.stringify(VERDICT)}\n`);
      await vi.waitFor(() => expect(verdict).toHaveBeenCalledTimes(1));
      for (let i = 0; i < 70; i += 1) (await peer(path)).write(hello);
      const late = await peer(path);
      late.write(HELLO);
      await vi.waitFor(() => expect(late.text()).toContain('"ready"'));
      expect([attending.closed(), answered.closed()]).toEqual([false, false]);
      attending.write(`${JSON.stringify(VERDICT)}\n`);
      await vi.waitFor(() => expect(verdict).toHaveBeenCalledTimes(2));
    },
  );

  it('takes no answer from a peer that it has let go', async () => {
    const { path, verdict } = await listening();
    const gone = await peer(path);
    gone.write(HELLO.replace('true', 'false'));
    await vi.waitFor(() => expect(gone.text()).toContain('"ready"'));
    for (let i = 0; i < 32; i += 1) await peer(path);
    gone.write(`${JSON.stringify(VERDICT)}\n`);
    await vi.waitFor(() => expect(gone.closed()).toBe(true));
    expect(verdict).not.toHaveBeenCalled();
  });

  it('tells an approver of another version its own and lets it take no part', async () => {
    const { path, verdict, server } = await listening();
    const old = await peer(path);
    old.write(`{"type":"hello","v":1,"attending":true}\n${JSON.stringify(VERDICT)}\n`);
    await vi.waitFor(() => expect(old.text()).toContain(`"v":${WIRE_VERSION}`));
    await sleep(100);
    expect([verdict.mock.calls.length, server.attending]).toEqual([0, 0]);
  });

  it('reads a message that comes byte by byte', async () => {
    const { path, verdict } = await listening();
    const slow = await peer(path);
    for (const letter of HELLO + JSON.stringify({ ...VERDICT, reason: 'größer' })) slow.write(letter);
    slow.write('\n');
    await vi.waitFor(() => expect(verdict).toHaveBeenCalledTimes(1));
    expect(verdict.mock.calls[0]?.[0].reason).toBe('größer');
  });
});

describe('an approver', () => {
  it('asks every proxy of a home and leaves out what does not speak its language', async () => {
    const { folder } = await listening();
    const odd = createServer((socket) =>
      socket.end('{"type":"hello","v":9,"session":"x","notices":[]}\n'),
    ).listen(join(folder, 'odd.sock'));
    onTestFinished(() => void odd.close());
    const { attached, silent } = await gather(folder);
    for (const one of attached) one.close();
    expect(attached.map((one) => one.session.session)).toEqual(['s1']);
    expect(silent).toEqual([expect.stringContaining('wire version 9')]);
  });

  it('says of a proxy that lets it go for others that it is busy, and not that none runs', async () => {
    const folder = mkdtempSync('/tmp/hp-busy-');
    const busy = createServer((socket) => socket.end('{"type":"busy"}\n')).listen(join(folder, 's2.sock'));
    onTestFinished(() => void busy.close());
    const { attached, silent } = await gather(folder);
    expect(attached).toEqual([]);
    expect(silent).toEqual([
      'the proxy of session s2: it has too many terminals attached; close one, and try again',
    ]);
    expect(nobody(silent)).toContain('so what waits is not known: the proxy of session s2');
  });

  it('removes an old socket that nobody serves, and never a fresh one or another file', async () => {
    const folder = mkdtempSync('/tmp/hp-stale-');
    const server = createServer().listen(join(folder, 'x.sock'));
    await new Promise((done) => server.once('listening', done));
    removeStale(join(folder, 'x.sock'));
    expect(lstatSync(join(folder, 'x.sock')).isSocket()).toBe(true);
    writeFileSync(join(folder, 'y.sock'), '');
    utimesSync(join(folder, 'y.sock'), 0, 0);
    removeStale(join(folder, 'y.sock'));
    expect(lstatSync(join(folder, 'y.sock')).isFile()).toBe(true);
    vi.useFakeTimers({ now: Date.now() + 6_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    removeStale(join(folder, 'x.sock'));
    expect(lstatSync(join(folder, 'x.sock'), { throwIfNoEntry: false })).toBeUndefined();
    server.close();
  });
});

describe('the wire', () => {
  it('reads exactly its own messages', () => {
    expect(readApproverMessage(JSON.stringify(VERDICT))).toEqual(VERDICT);
    expect(readApproverMessage('{"type":"hello","v":1,"attending":1}')).toBeUndefined();
    expect(readProxyMessage('{"type":"closed","hold":"a","how":"x","by":null}')).toBeDefined();
    expect(readProxyMessage('{"type":"hold","hold":{"id":"a"}}')).toBeUndefined();
    expect(readProxyMessage('{"type":"nonsense"}')).toBeUndefined();
    expect(readProxyMessage('{"type":"brake","on":true,"enrolled":false}')).toBeDefined();
    expect(readProxyMessage('{"type":"brake","on":"yes","enrolled":false}')).toBeUndefined();
  });

  it('reads a hold only with all that says how it is answered', () => {
    const hold = holdView('aaaaa');
    const read = (view: object) => readProxyMessage(JSON.stringify({ type: 'hold', hold: view }));
    const before = { approved: 1, at: 'x', by: 'ada', argumentsText: null };
    expect(read(hold)).toBeDefined();
    expect(read({ ...hold, before, answerBy: 'x' })).toBeDefined();
    for (const key of ['confirm', 'expected', 'seen', 'level', 'large'] as const)
      expect(read({ ...hold, obligations: { ...hold.obligations, [key]: undefined } })).toBeUndefined();
    for (const wrong of [
      { lines: '1' },
      { before: {} },
      { answerBy: 5 },
      { unsure: 'no' },
      { listing: '' },
      { offers: [{}] },
    ])
      expect(read({ ...hold, ...wrong })).toBeUndefined();
  });
});

describe('a signed answer on the wire', () => {
  const SIGNED = {
    ...VERDICT,
    rendered: { digest: 'c'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const },
    signature: {
      key: 'd'.repeat(32),
      value: 'A'.repeat(86),
      confirmation: 'key',
      decidedAt: '2026-11-25T10:00:00.000Z',
    },
  };
  const { signature, rendered } = SIGNED;

  it('is read', () => {
    expect(readApproverMessage(JSON.stringify(SIGNED))).toEqual(SIGNED);
  });

  it.for<[string, object]>([
    ['a key that is none', { signature: { ...signature, key: 'ada' } }],
    ['a signature of another length', { signature: { ...signature, value: 'A'.repeat(85) } }],
    ['a confirmation that is none', { signature: { ...signature, confirmation: 'touch' } }],
    ['a time in other words', { signature: { ...signature, decidedAt: 'Wed Nov 25 2026 10:00' } }],
    ['one member more', { signature: { ...signature, more: 1 } }],
    ['one member less', { signature: { ...signature, key: undefined } }],
    ['no object', { signature: 'x' }],
    ['a view without its digest', { rendered: { masked: 0, revealed: false, seen: 'printed' as const } }],
    ['a view with a count that is none', { rendered: { ...rendered, masked: -1 } }],
  ])('is refused with %s', ([, more]) => {
    expect(readApproverMessage(JSON.stringify({ ...SIGNED, ...more }))).toBeUndefined();
  });
});

describe('a hold id', () => {
  it('is five letters that nobody confuses, and none is given twice in a home', () => {
    const folder = join(mkdtempSync('/tmp/hp-ids-'), 'ids');
    const [one, two] = [holdIds(folder, Date.now), holdIds(folder, Date.now)];
    const ids = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? one() : two()));
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^[abcdefghjkmnpqrstuvwxyz2-9]{5}$/.test(id) && isHoldId(id))).toBe(true);
  });
});
