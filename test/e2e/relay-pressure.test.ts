import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { approveHold, oneHold } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { newFolder, newHome, recordsOf, type TestPolicy } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { fixture } from '../support/proxy-process.ts';
import { inPieces, RawClient } from '../support/raw-client.ts';

const node = process.execPath;
const MiB = 1024 * 1024;
/** Memory of a run that keeps little; Node alone takes 45 to 60 MiB. */
const PEAK_MIB = 300;

/** A refusal of more than a thousand bytes. */
const DENY: TestPolicy = { deny: [{ tool: 'no', reason: 'because '.repeat(120) }], escalate: ['ask'] };

const denied = (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"no","arguments":{}}}\n`;
const unclean = (id: number) => `{"jsonrpc":"1.0","id":${id},"method":"ping"}\n`;

/** A client in front of the fixture server with tools, which the proxy has judged a call for: the policy is there. */
async function toolsClient(policy: TestPolicy) {
  const home = newHome(policy);
  const log = join(newFolder(), 'log');
  const client = new RawClient({ home, server: [node, fixture('tools'), log] });
  client.call('first', 'no');
  await eventually('a decision', () => recordsOf(home, 'decision').length === 1, 20_000);
  return { client, home, log };
}

/** A client in front of a server that reads nothing before `go`. */
function deafClient(policy: TestPolicy) {
  const home = newHome(policy);
  const folder = newFolder();
  const received = join(folder, 'received');
  const client = new RawClient({ home, server: [node, fixture('deaf'), join(folder, 'go'), received] });
  const got = () => (existsSync(received) ? readFileSync(received, 'utf8') : '');
  return { client, home, got, go: () => writeFileSync(join(folder, 'go'), '') };
}

const note = (n: number) => `{"jsonrpc":"2.0","method":"n","params":{"n":${n},"x":"${'x'.repeat(1000)}"}}\n`;

describe('a client that asks and does not read', () => {
  it.each([
    ['denied calls', denied, 45_000, 2 * MiB],
    ['lines that are not clean', unclean, 150_000, 4 * MiB],
  ] as const)(
    'is read no further while its answers pile up, and has every answer once and in order when it reads: %s',
    async (_, line, count, limit) => {
      const { client } = await toolsClient(DENY);
      const flood = client.flood(inPieces(count, line));
      expect(await client.stalled()).toBeLessThan(limit);
      expect(client.peak()).toBeLessThan(PEAK_MIB);
      client.read();
      await flood;
      expect(await client.end()).toBe(0);
      const ids = client.messages().flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
      expect(ids).toEqual(Array.from({ length: count }, (_, n) => n));
      expect(client.peak()).toBeLessThan(PEAK_MIB);
    },
    60_000,
  );

  it.skipIf(!LONG)(
    'is told nothing more by keep-alives, and still served by a person: its held call runs and is answered once',
    async () => {
      const { client, home, log } = await toolsClient(DENY);
      client.send({
        id: 'held',
        method: 'tools/call',
        params: { name: 'ask', _meta: { progressToken: 'p' } },
      });
      const hold = await oneHold(home);
      const flood = client.flood(inPieces(45_000, denied));
      await client.stalled();
      // The first keep-alive would come 5 s after the hold, the second 10 s later.
      await sleep(5_000);
      expect((await approveHold(home, hold.id)).code).toBe(0);
      await eventually('the call at the server', () => readFileSync(log, 'utf8').includes('"ask"'));
      client.read();
      await flood;
      await client.end();
      const messages = client.messages();
      expect(messages.filter(({ id }) => id === 'held')).toHaveLength(1);
      expect(messages.filter(({ method }) => method === 'notifications/progress')).toEqual([]);
    },
    60_000,
  );

  it('does not keep the proxy when it dies', async () => {
    const { client } = await toolsClient(DENY);
    const flood = client.flood(inPieces(45_000, denied));
    await client.stalled();
    client.child.stdin!.destroy();
    client.child.stdout!.destroy();
    await flood;
    expect(await client.exit).toBe(0);
    expect(client.stderr).toBe('');
  });

  it('does not stop what it writes to the server: a server that answers much does not shut the other way', async () => {
    const home = newHome({ allow: ['*'] });
    const folder = newFolder();
    const [got, says] = [join(folder, 'got'), join(folder, 'says')];
    writeFileSync(says, 'z'.repeat(8 * MiB));
    const client = new RawClient({ home, server: [node, fixture('bytes'), got, says, '65536'] });
    await client.flood(inPieces(8_000, note));
    await eventually('all at the server', () => readFileSync(got).length === client.accepted);
    expect(client.accepted).toBeGreaterThan(8 * MiB);
    client.read();
    await client.end();
    expect(client.size).toBe(8 * MiB);
  });
});

describe('a server that does not read', () => {
  it('stops the client, and gets the same bytes once it reads', async () => {
    const { client, got, go } = deafClient({ allow: ['*'] });
    const flood = client.flood(inPieces(40_000, note));
    expect(await client.stalled()).toBeLessThan(6 * MiB);
    expect(client.peak()).toBeLessThan(PEAK_MIB);
    go();
    await flood;
    expect(await client.end()).toBe(0);
    let want = '';
    for (const piece of inPieces(40_000, note)) want += piece;
    expect(got() === want).toBe(true);
  }, 40_000);

  it('does not keep a cancellation from us: a held call behind its backlog is withdrawn', async () => {
    const { client, home } = deafClient({ escalate: ['ask'], allow: ['*'] });
    client.call(1, 'ask');
    await oneHold(home);
    // More than the pipe and Node's own mark take, less than the proxy keeps.
    await client.flood(inPieces(700, note));
    client.send({ method: 'notifications/cancelled', params: { requestId: 1 } });
    await eventually('the withdrawal', () => recordsOf(home, 'verdict')[0]?.['verdict'] === 'withdrawn');
  });

  it("does not keep the client's end from us: its holds are withdrawn and the server is ended", async () => {
    const { client, home, got } = deafClient({ escalate: ['ask'], allow: ['*'] });
    client.call(1, 'ask');
    await oneHold(home);
    await client.flood(inPieces(700, note));
    expect(await client.end()).toBe(143);
    expect(recordsOf(home, 'verdict')).toMatchObject([{ verdict: 'withdrawn' }]);
    expect(got()).toBe('');
  });
});

describe('a server that says more than its client reads', () => {
  it('may have gone with its pipe full when its client reads at last, which has all of it', async () => {
    const file = join(newFolder(), 'written');
    const client = new RawClient({ home: newHome(), server: [node, fixture('brimful'), file] });
    const written = await eventually(
      'the server to end',
      () => existsSync(file) && (Number(readFileSync(file, 'utf8')) || false),
    );
    client.child.stdin!.end();
    // Longer than an ended server's pipe is listened to when the client does read.
    await sleep(2_000);
    client.read();
    expect(await client.exit).toBe(0);
    await eventually('all of it', () => client.size === written);
  });

  it('may have gone, and all it said be with us, when its client reads at last, which has all of it', async () => {
    const client = new RawClient({ home: newHome(), server: [node, fixture('endless'), '0.3125', 'end'] });
    await sleep(2_000);
    client.read();
    expect(await client.exit).toBe(0);
    await eventually('all of it', () => client.size === 0.3125 * MiB);
  });

  it('is stopped, and killed when the client tells us to end, though nobody reads', async () => {
    const client = new RawClient({ home: newHome(), server: [node, fixture('endless'), '400'] });
    await sleep(1_000);
    expect(client.peak()).toBeLessThan(150);
    client.child.kill('SIGTERM');
    expect(await client.exit).toBe(143);
  });

  it('may say it to nobody and end in its own way when its client reads no more', async () => {
    const file = join(newFolder(), 'done');
    const script = `read line; head -c 5000000 /dev/zero; read line; echo done > ${file}`;
    const client = new RawClient({ home: newHome(), server: ['sh', '-c', script] });
    client.child.stdout!.destroy();
    client.send({ method: 'go' });
    expect(await client.exit).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('done\n');
  });
});
