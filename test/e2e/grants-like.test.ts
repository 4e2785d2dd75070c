import { describe, expect, it } from 'vitest';
import { RENDERED, rawApprover } from '../support/approver.ts';
import { approveHold, holdpoint, holds, oneHold } from '../support/cli.ts';
import { type Defined, DefinedServer } from '../support/defined-server.ts';
import { recordsOf } from '../support/home.ts';

const EDIT: Defined = {
  name: 'edit_file',
  description: 'Edits a text file: replaces its content.',
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string' }, content: { type: 'string' } },
    required: ['path', 'content'],
  },
};
const POST: Defined = {
  name: 'post_message',
  description: 'Posts a message to a channel.',
  inputSchema: { type: 'object', properties: { channel: { type: 'string' }, text: { type: 'string' } } },
};

const SRC = '/home/ada/shop/src';
const POLICY = { servers: { notes: { newTools: 'policy' } } };

async function server(): Promise<DefinedServer> {
  const one = await DefinedServer.start([EDIT, POST], { policy: POLICY as never });
  await one.list();
  return one;
}

describe('an approval of calls like this one', () => {
  it('lets the next edit of the folder run, asks about the one beside it, and is listed with its rule and revoked', async () => {
    const { home, proxy } = await server();
    proxy.call(1, 'edit_file', { path: `${SRC}/a.ts`, content: 'x' });
    const { id } = await oneHold(home);
    const approved = await holdpoint(home, ['approve', id, '--for', 'session', '--like']);
    expect([approved.code, approved.stderr]).toEqual([0, '']);
    expect(approved.stdout).toContain("under(args.path, '/home/ada/shop/src')");
    await proxy.answer(1);
    proxy.call(2, 'edit_file', { path: `${SRC}/deep/b.ts`, content: 'y' });
    expect((await proxy.answer(2)).result?.isError).not.toBe(true);
    proxy.call(3, 'edit_file', { path: '/home/ada/shop/package.json', content: 'z' });
    const [beside] = await holds(home, 1);
    expect(beside).toMatchObject({ tool: 'edit_file' });
    await holdpoint(home, ['reject', beside!.id]);
    const grants = (await holdpoint(home, ['grants', 'list'])).stdout;
    expect(grants).toContain('calls of its rule');
    expect(grants).toContain('used once, last ');
    expect((await holdpoint(home, ['grants', 'revoke', id])).code).toBe(0);
    proxy.call(4, 'edit_file', { path: `${SRC}/c.ts`, content: 'x' });
    await holds(home, 1);
    expect(recordsOf(home, 'forward')).toMatchObject([{ hold: id }, { grant: id }]);
  });

  it('to one channel lets ten an hour run, and no other channel', async () => {
    const { home, proxy } = await server();
    proxy.call(1, 'post_message', { channel: '#dev', text: 'one' });
    const { id } = await oneHold(home);
    const confirm = ['--confirm', (await oneHold(home)).obligations.expected];
    expect((await holdpoint(home, ['approve', id, '--for', 'session', '--like', ...confirm])).code).toBe(0);
    await proxy.answer(1);
    for (let call = 2; call <= 11; call += 1) {
      proxy.call(call, 'post_message', { channel: '#dev', text: `${call}` });
      await proxy.answer(call);
    }
    proxy.call(12, 'post_message', { channel: '#dev', text: 'one too many' });
    proxy.call(13, 'post_message', { channel: '#all', text: 'x' });
    await holds(home, 2);
  });

  it('by a rule that was not offered for it, as only a false approver asks, is refused', async () => {
    const { home, proxy } = await server();
    proxy.call(1, 'edit_file', { path: `${SRC}/a.ts`, content: 'x' });
    const peer = await rawApprover(home);
    const { id, digest, callDigest } = await peer.hold();
    const rule = '{"allow":{"tool":"notes/*"}}';
    const remember = { scope: 'rule', until: 'session', rule };
    const by = { method: 'watch', chain: [], rendered: RENDERED };
    const answer = await peer.say({ hold: id, digest, callDigest, verdict: 'approve', remember, ...by });
    expect(answer).toMatchObject({
      ok: false,
      message: expect.stringContaining('none of those that are offered'),
    });
    expect(recordsOf(home, 'forward')).toEqual([]);
  });

  it('says why nothing is offered, and approves nothing then', async () => {
    const { home, proxy } = await server();
    proxy.call(1, 'edit_file', { path: '/home/ada/.ssh/config', content: 'x' });
    const { id } = await oneHold(home);
    const said = await holdpoint(home, ['approve', id, '--for', 'session', '--like']);
    expect(said.code).toBe(1);
    expect(said.stderr).toContain('cannot be approved with --like');
    await approveHold(home, id);
    await proxy.answer(1);
  });
});
