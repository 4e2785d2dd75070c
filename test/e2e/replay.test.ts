import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveHold, holdpoint, oneHold } from '../support/cli.ts';
import { type Defined, DefinedServer, READ, WRITE } from '../support/defined-server.ts';
import { eventually } from '../support/eventually.ts';
import { newHome, recordsOf } from '../support/home.ts';
import { part } from '../support/long.ts';
import { replaysAlike } from '../support/replayed.ts';
import { toolsProxy } from '../support/tools-server.ts';

type Call = [tool: string, args?: object, person?: 'approve' | 'reject' | 'for' | 'cancel' | 'leave'];

const PACKS = resolve(import.meta.dirname, '../../policies');
const ANY = { approvals: { cli: 'any' } };

/** Sessions of one home, each under the policy that is put into force for it. */
function sessions() {
  const home = newHome();
  const texts: string[] = [];
  const put = async (policy: object | string): Promise<void> => {
    const text = typeof policy === 'string' ? policy : JSON.stringify({ version: 1, ...ANY, ...policy });
    texts.push(text);
    writeFileSync(join(home, 'policy.jsonc'), text, { mode: 0o600 });
    const { code, stderr } = await holdpoint(home, ['policy', 'apply', '--yes']);
    expect(code, stderr).toBe(0);
  };
  /** Makes the calls one by one, as a client whose person decides, and gives their recorded effects. */
  const run = async (policy: object | string, calls: readonly Call[], words: string[] = []) => {
    await put(policy);
    const before = recordsOf(home, 'decision').length;
    const { proxy } = await toolsProxy({}, { home, words: ['--server', 'srv', ...words, '--'] });
    for (const [id, [tool, args = {}, person]] of calls.entries()) {
      proxy.call(id + 1, tool, args);
      if (person === 'leave') continue;
      if (person === 'cancel') {
        await oneHold(home);
        proxy.cancel(id + 1);
      } else {
        if (person !== undefined) {
          const hold = await oneHold(home);
          const words = person === 'for' ? ['--for', '5m'] : [];
          const said =
            person === 'reject' ? holdpoint(home, ['reject', hold.id]) : approveHold(home, hold.id, ...words);
          expect((await said).code).toBe(0);
        }
        await proxy.answer(id + 1);
      }
    }
    await eventually('all decisions', () => recordsOf(home, 'decision').length === before + calls.length);
    await proxy.end();
    expect(await replaysAlike(home, texts)).toBeGreaterThan(0);
    return recordsOf(home, 'decision').slice(before);
  };
  return { home, run, put, texts };
}

const effects = (decisions: readonly Record<string, unknown>[]): unknown[] =>
  decisions.map(({ effect }) => effect);

describe('a log against its own policy', { timeout: 60_000 }, () => {
  it('changes nothing: conditions, limits and what people decided, under several policies of one home', async () => {
    const { run } = sessions();
    const conditions = {
      deny: [{ tool: 'srv/*', when: "anyText(args, t, t.contains('/.ssh/'))", id: 'keys' }],
      escalate: [{ tool: 'srv/put', unless: "under(args.path, '/w')", show: ['path'], confirm: 'type' }],
      allow: ['srv/put', { tool: 'srv/read', when: 'args.n > 5' }],
    };
    const given = await run(conditions, [
      ['put', { path: '/w/a' }],
      ['put', { path: '/etc/a' }, 'reject'],
      ['read', { n: 6 }],
      ['read', { n: 'six' }, 'cancel'],
      ['read', { n: 7, deep: [{ at: '/home/me/.ssh/id' }] }],
      ['read', { id: 2 ** 60, n: 8 }],
      // The record cuts what is long, and masks what is secret: neither makes another call of it.
      ['read', { n: 8, text: 'x'.repeat(300_000) }, 'cancel'],
      ['read', { n: 8, text: 'x'.repeat(90_000) }],
      ['read', { n: 8, password: 'hunter2hunter2' }],
    ]);
    expect(effects(given)).toEqual(
      'allow escalate allow escalate deny allow escalate allow allow'.split(' '),
    );
    const limits = {
      deny: [{ tool: 'srv/post', over: '2/hour', id: 'chatter' }],
      escalate: [{ tool: 'srv/pay', over: { sum: 'args.amount', limit: 10, per: 'day' }, id: 'sum' }],
      allow: ['*'],
    };
    const counted: Call[] = [
      ['post'],
      ['post'],
      ['post'],
      ['pay', { amount: 9.5 }],
      ['pay', { amount: 1 }, 'reject'],
    ];
    expect(effects(await run(limits, [...counted, ['pay', { amount: 0.5 }]]))).toEqual(
      'allow allow deny allow escalate allow'.split(' '),
    );
    // The counts of the session before still hold.
    expect(effects(await run(limits, [['post'], ['pay', { amount: 0.1 }, 'approve']]))).toEqual([
      'deny',
      'escalate',
    ]);
  });

  it('changes nothing: repeats, grants and callers', async () => {
    const { run } = sessions();
    const asks = {
      escalate: ['srv/ask', { tool: 'srv/once', over: '1/hour' }],
      allow: [{ tool: '*', caller: 'ci' }],
    };
    const calls: Call[] = [
      ['ask', { a: 1 }, 'for'],
      ['ask', { a: 1 }],
      ['ask', { a: 2 }, 'reject'],
      // Within the cool-down: nobody is asked.
      ['ask', { a: 2 }],
      ['once'],
      ['once', {}, 'reject'],
      ['other'],
    ];
    expect(effects(await run(asks, calls, ['--as', 'ci']))).toEqual(
      'escalate escalate escalate escalate allow escalate allow'.split(' '),
    );
    expect(effects(await run({ ...asks, default: 'deny' }, [['other']], ['--as', 'me']))).toEqual(['deny']);
    expect(
      effects(await run({ mode: 'observe', deny: ['srv/a'], allow: ['srv/b'] }, [['a'], ['b'], ['c']])),
    ).toEqual(['deny', 'allow', 'escalate']);
  });

  it('changes nothing: what is built in counts as it did', async () => {
    const { home, run } = sessions();
    const given = await run({ allow: ['*'] }, [
      ['read', { path: join(home, 'policy.jsonc') }],
      ['read', { path: '/w/.policyrc' }, 'cancel'],
      [`re\u202ead`, {}, 'reject'],
      ['x'.repeat(300)],
      ['read', { path: '/w/a' }],
    ]);
    expect(effects(given)).toEqual('deny escalate escalate deny allow'.split(' '));
  });

  it.for(part(['filesystem', 'github', 'postgres', 'slack', 'playwright'], 3))(
    'changes nothing: the pack %s',
    async (pack) => {
      const { run } = sessions();
      const text = readFileSync(join(PACKS, pack, 'policy.jsonc'), 'utf8');
      const open = text.replace('"version": 1,', '"version": 1, "approvals": { "cli": "any" },');
      // Every name that the pack speaks of, with arguments that its conditions do and do not like, and with none.
      const names = [...new Set([...text.matchAll(/[a-z]+_[a-z_]+/g)].map(([name]) => name))].slice(0, 12);
      const args = [
        {},
        {
          path: '/w/.env',
          sql: 'drop table x',
          query: 'select 1',
          owner: 'a',
          repo: 'b',
          url: 'https://a.b/',
        },
      ];
      const calls = names.flatMap((name) => args.map((one): Call => [name, one, 'leave']));
      await run(open, calls, ['--server', pack]);
    },
  );

  it('changes nothing: tools that are new, that changed, and by their class', async () => {
    const { home, put, texts } = sessions();
    const changed: Defined = { ...READ, description: 'Gets one note and deletes it.' };
    const added: Defined = { ...READ, name: 'get_more' };
    const policy = {
      deny: [{ risk: 'destructive', except: 'notes/delete_*' }],
      escalate: [{ risk: 'destructive' }],
      allow: ['notes/*'],
    };
    for (const servers of [{}, { notes: { newTools: 'policy' } }]) {
      await put({ ...policy, servers });
      const server = await DefinedServer.start([READ, WRITE], { home });
      for (const tools of [
        [READ, WRITE],
        [changed, WRITE],
        [READ, WRITE, added],
      ]) {
        server.tools(tools);
        await server.list();
        for (const [at, { name }] of tools.entries())
          server.proxy.call(`${tools.length}${at}${name}`, name, { id: 'n' });
      }
      await server.proxy.end();
      expect(await replaysAlike(home, texts)).toBeGreaterThan(0);
    }
    expect(new Set(effects(recordsOf(home, 'decision')))).toEqual(new Set(['allow', 'deny', 'escalate']));
  });
});
