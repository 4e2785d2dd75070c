import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Row } from '../../../src/approvals/answering/wrap.ts';
import { type HoldView, type VerdictMessage, WIRE_VERSION } from '../../../src/approvals/channel/messages.ts';
import { SocketServer } from '../../../src/approvals/channel/socket-server.ts';
import { makeKey } from '../../../src/approvals/signing/approver-key.ts';
import type { Rules } from '../../../src/watch/state/drafts.ts';
import { KeyRing } from '../../../src/watch/state/key-ring.ts';
import { Store, type StoreOptions } from '../../../src/watch/state/store.ts';
import { holdView, sessionView } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const PASSPHRASE = 'correct horse battery';
const SESSION = sessionView();
const VIEW = { page: 10, limit: 0, masked: 0, mustReveal: false, rows: 1, unseen: 0 };
const ROWS: readonly Row[] = [{ indent: 0, segments: [] }] as never;

const hold = (id: string, more: Partial<HoldView>): HoldView => holdView(id, { risk: 'read', ...more });

/** A terminal's state at a real socket where these calls wait, looked at long enough. */
async function terminal(
  holds: HoldView[],
  env: NodeJS.ProcessEnv = {},
  { counts = true, ...more }: Partial<StoreOptions> & { counts?: boolean } = {},
) {
  const run = join(mkdtempSync('/tmp/hp-store-'), 'run');
  const verdict = vi.fn((_: VerdictMessage, reply: (ok: boolean, message: string) => void) =>
    reply(counts, 'done'),
  );
  const server = new SocketServer(join(run, 's1.sock'), {
    greeting: () => [
      { type: 'hello', v: WIRE_VERSION, ...SESSION, enrolled: more.rules !== undefined },
      ...holds.map((one) => ({ type: 'hold' as const, hold: one })),
    ],
    verdict,
    edit: async () => {},
    revoke: () => {},
    brake: () => ({ stopped: false, refused: 0, running: 0 }),
    reread: async () => ({ took: 'same' as const, said: '' }),
  });
  await server.listen();
  const key = await makeKey('ada', PASSPHRASE);
  const keys = new KeyRing(
    () => key,
    undefined,
    (digest) => digest,
  );
  const refused = vi.fn();
  const store = new Store({ runFolder: run, env, keys, ring: () => {}, refused, ...more });
  onTestFinished(() => {
    store.stop();
    server.close();
  });
  let now = 0;
  Object.defineProperty(store, 'now', { value: () => now });
  store.start();
  await vi.waitFor(() => expect(store.snapshot().entries).toHaveLength(holds.length));
  store.look({ as: '', rows: ROWS }, 0, 1);
  const press = (...texts: string[]): void => {
    for (const text of texts) {
      now += 2_000;
      store.press({ text, tab: text === '\t', return: text === '\r', escape: text === '\u001b' }, VIEW);
    }
  };
  press('\u001b');
  return {
    store,
    verdict,
    refused,
    press,
    pass: (ms: number) => {
      now += ms;
    },
    screen: () => store.snapshot(),
  };
}

describe('the state of an approval terminal', () => {
  const asks = { obligations: obligations({ timeoutMs: 1, confirm: 'passphrase', sign: true }) };

  it('stays with its call after a wrong passphrase, and asks for it again by a', async () => {
    const { press, screen, verdict } = await terminal([hold('aaaaa', asks), hold('bbbbb', asks)]);
    expect(screen().selected).toBe('s1/aaaaa');
    press('a', ...'wrong', '\t');
    await vi.waitFor(() => expect(screen().message?.text).toContain('not the passphrase of ada'), 20_000);
    expect(screen()).toMatchObject({ selected: 's1/aaaaa', mode: 'ignoring' });
    press('a');
    expect(screen()).toMatchObject({ selected: 's1/aaaaa', mode: 'passphrase' });
    expect(verdict).not.toHaveBeenCalled();
  }, 30_000);

  it('lets an approval through when no other key follows, and moves on', async () => {
    const { press, pass, screen, verdict } = await terminal([hold('aaaaa', {}), hold('bbbbb', {})]);
    press('a');
    expect(verdict).not.toHaveBeenCalled();
    expect(screen().selected).toBe('s1/aaaaa');
    pass(300);
    await vi.waitFor(() => expect(verdict).toHaveBeenCalledTimes(1));
    expect(verdict.mock.calls[0]?.[0]).toMatchObject({ hold: 'aaaaa', verdict: 'approve' });
    expect(screen().selected).toBe('s1/bbbbb');
  });

  it('tells of an approval that was refused because an agent seems to be here', async () => {
    const { press, pass, screen, verdict, refused } = await terminal([hold('aaaaa', {})], {
      CLAUDECODE: '1',
    });
    press('a');
    pass(300);
    await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(1));
    expect(refused.mock.calls[0]).toEqual(['aaaaa', expect.stringContaining('CLAUDECODE is set')]);
    expect(screen().message?.text).toContain('CLAUDECODE is set');
    expect(verdict).not.toHaveBeenCalled();
  });
});

describe('a terminal that is given to the shell', () => {
  it('sends no answer meanwhile, says so when it comes back, and has every card looked at anew', async () => {
    const risky = { risk: 'outbound' as const, obligations: obligations({ level: 'high' }) };
    const { press, pass, screen, store, verdict } = await terminal([hold('aaaaa', risky)]);
    press('a');
    pass(300);
    await vi.waitFor(() => expect(screen().outgoing).toHaveLength(1));
    store.leave();
    pass(60_000);
    store.resumed();
    await new Promise((done) => setTimeout(done, 50));
    expect(verdict).not.toHaveBeenCalled();
    expect(screen().message?.text).toContain('Not sent');
    expect(screen()).toMatchObject({ away: false, outgoing: [] });
    expect(screen().dwelt.size).toBe(0);
  });
});

describe('the page of the record', () => {
  it('is read by one reading at a time, however slow it is', async () => {
    let done: (read: { calls: []; faults: [] }) => void = () => {};
    const calls = vi.fn(() => new Promise<{ calls: []; faults: [] }>((settle) => (done = settle)));
    const none = async (): Promise<string[]> => [];
    const record = { calls, show: none, numbers: none, grants: none };
    const { press, screen, store } = await terminal([], {}, { record });
    press('l');
    for (let second = 0; second < 30; second += 1) store.tick();
    expect(calls).toHaveBeenCalledTimes(1);
    done({ calls: [], faults: [] });
    await vi.waitFor(() => expect(screen().record.calls).toEqual([]));
    for (let second = 0; second < 5; second += 1) store.tick();
    expect(calls).toHaveBeenCalledTimes(2);
  });
});

describe('a rule that is permitted always', () => {
  const EDIT = '{"path":"/home/ada/shop/src/a.ts","content":"x"}';
  const edit = () => hold('aaaaa', { tool: 'edit_file', risk: 'write', argumentsText: EDIT });
  const rules = () => ({
    barred: vi.fn<Rules['barred']>(() => undefined),
    draft: vi.fn<Rules['draft']>(async (rule) => ({ rule, title: 'always', lines: ['+ it'] })),
    write: vi.fn<Rules['write']>(async () => ({ done: 'Done.', but: [] })),
  });
  const always = ['g', 'g', 'w', 'w', 'w', 'w', 'a'];

  it('is shown once its approval counts, and written under the passphrase alone', async () => {
    const port = rules();
    const { press, pass, screen, verdict } = await terminal([edit()], {}, { rules: port });
    press(...always);
    expect(port.draft).not.toHaveBeenCalled();
    pass(300);
    await vi.waitFor(() => expect(screen().mode).toBe('rule'));
    expect(verdict.mock.calls[0]?.[0]).not.toHaveProperty('remember');
    const [rule] = port.draft.mock.calls[0] ?? [];
    expect(rule).toContain("under(args.path, '/home/ada/shop/src')");
    press('\r', ...'wrong', '\r');
    await vi.waitFor(() => expect(screen().message?.text).toContain('not the passphrase of ada'), 20_000);
    expect([screen().mode, port.write.mock.calls.length]).toEqual(['rule', 0]);
    press('\r', ...PASSPHRASE, '\r');
    await vi.waitFor(() => expect(screen().message?.text).toBe('Done.'), 20_000);
    expect(screen()).toMatchObject({ mode: 'list', drafts: [] });
    expect(port.write.mock.calls).toEqual([[rule, expect.objectContaining({ name: 'ada' })]]);
  }, 40_000);

  it('is not shown where the proxy does not take the approval', async () => {
    const port = rules();
    const { press, pass, screen } = await terminal([edit()], {}, { rules: port, counts: false });
    press(...always);
    pass(300);
    await vi.waitFor(() => expect(screen().message?.text).toContain('done'));
    expect(port.draft).not.toHaveBeenCalled();
    expect(screen().mode).toBe('list');
  });

  it('that cannot be drafted or written is told, with the approval that stands', async () => {
    const port = rules();
    port.draft.mockRejectedValueOnce(new Error('No policy.'));
    const { press, pass, screen } = await terminal(
      [edit(), { ...edit(), id: 'bbbbb', callDigest: 'b'.repeat(64) }],
      {},
      { rules: port },
    );
    press(...always);
    pass(300);
    await vi.waitFor(() => expect(screen().mode).toBe('rule'));
    expect(screen().drafts).toMatchObject([
      { over: true, lines: ['No policy.', expect.stringContaining('that stands')] },
    ]);
    press('\r');
    port.write.mockRejectedValueOnce(new Error('No disk.'));
    press(...always);
    pass(300);
    await vi.waitFor(() => expect(screen().drafts).toMatchObject([{ title: 'always' }]));
    press('\r', ...PASSPHRASE, '\r');
    await vi.waitFor(() => expect(screen().drafts[0]?.lines[0]).toBe('No disk.'), 20_000);
    expect(screen().drafts).toHaveLength(1);
  }, 30_000);
});
