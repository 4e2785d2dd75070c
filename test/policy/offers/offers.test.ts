import { describe, expect, it } from 'vitest';
import type { Obligations } from '../../../src/policy/decide/types.ts';
import {
  isOfferedFor,
  type Offering,
  offersFor,
  offerText,
  whyNoOffer,
} from '../../../src/policy/offers/offers.ts';
import { JsonSource } from '../../../src/protocol/json/json-source.ts';
import type { RiskClass } from '../../../src/risk/classes/risk-class.ts';
import { covers } from '../../support/covers.ts';

const ASKED: Obligations = {
  timeoutMs: 60_000,
  confirm: 'key',
  expected: 'x',
  level: 'low',
  seen: 'told',
  large: false,
  show: [],
  approvals: 1,
  approvers: null,
  sign: false,
  remember: true,
};

function call(tool: string, args: object | string, risk: RiskClass = 'write'): Offering {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return { server: 'srv', tool, arguments: JsonSource.of(text), risk, obligations: ASKED };
}

const bounded = (one: Offering) => offersFor(one).find(({ scope }) => scope === 'bounded');
const PATH = '/home/ada/shop/src/cart.ts';
const edit = call('edit_file', { path: PATH, edits: [{ oldText: 'a', newText: 'b' }] });

describe('a permission that is bounded by a folder', () => {
  it('is the rule that the policy would go by, word for word', () => {
    expect(bounded(edit)).toEqual({
      scope: 'bounded',
      item: {
        tool: 'srv/edit_file',
        risk: 'write',
        when: "args.all(name, name in ['edits', 'path']) && under(args.path, '/home/ada/shop/src') && !args.path.contains('/.') && args.edits.all(one, size(one) == 2 && type(one.newText) == string && type(one.oldText) == string)",
      },
      words: 'in /home/ada/shop/src',
    });
  });

  it.each<[string, object, boolean]>([
    ['another file there', { path: '/home/ada/shop/src/a/b.ts', edits: [] }, true],
    ['a file beside it', { path: '/home/ada/shop/secret.ts', edits: [] }, false],
    ['a way out of it', { path: '/home/ada/shop/src/../../bank/x.ts', edits: [] }, false],
    ['a folder that begins like it', { path: '/home/ada/shop/src2/x.ts', edits: [] }, false],
    ['a hidden file there', { path: '/home/ada/shop/src/.env', edits: [] }, false],
    ['a hidden folder there', { path: '/home/ada/shop/src/.git/hooks/pre-commit', edits: [] }, false],
    ['an argument more', { path: PATH, edits: [], force: true }, false],
    ['another type of path', { path: [PATH], edits: [] }, false],
    ['edits of the same kind', { path: PATH, edits: [{ oldText: 'x', newText: 'y' }] }, true],
    [
      'an edit that names another file',
      { path: PATH, edits: [{ path: '/etc/passwd', newText: 'y' }] },
      false,
    ],
    ['an edit with a member more', { path: PATH, edits: [{ oldText: 'x', newText: 'y', all: true }] }, false],
    [
      'an edit whose text is an object',
      { path: PATH, edits: [{ oldText: 'x', newText: { file: 'y' } }] },
      false,
    ],
    ['another order of its arguments', { edits: [], path: PATH }, true],
  ])('lets %s run: %s, %s', async (_, args, runs) => {
    expect(await covers(bounded(edit)!, call('edit_file', args))).toBe(runs);
  });

  it('is offered whatever ways the text that is written there names', () => {
    const one = call('write_file', { path: PATH, content: "import '../../x.ts';" });
    expect(bounded(one)?.words).toBe('in /home/ada/shop/src');
  });

  it.each<[string, object]>([
    ['all of a home', { path: '/home/ada/notes.txt', content: 'x' }],
    ['a hidden folder', { path: '/home/ada/.ssh/config', content: 'x' }],
    ['a relative path', { path: 'src/cart.ts', content: 'x' }],
    ['a path with a way up', { path: '/home/ada/shop/../bank/x.ts', content: 'x' }],
    ['a fixed way up beside it', { root: '/home/ada/shop/src/x', path: '../x.ts', content: 'x' }],
    ['letters in it that nobody sees', { path: '/home/ada/shop/src/\u200cx.ts', content: 'x' }],
    ['a patch, which names its files itself', { path: PATH, patch: '--- a/x\n+++ b/x' }],
    ['a path with an escape', { path: '/home/ada/shop/%2e%2e/x.ts', content: 'x' }],
  ])('is not offered for %s', (_, args) => expect(bounded(call('write_file', args))).toBeUndefined());
});

describe('what else bounds a call', () => {
  it.each<[string, Offering, Offering, boolean]>([
    [
      'a repository, of its issues',
      call('create_issue_comment', { owner: 'acme', repo: 'shop', issue_number: 1, body: 'x' }, 'outbound'),
      call('create_issue_comment', { owner: 'acme', repo: 'shop', issue_number: 2, body: 'y' }, 'outbound'),
      true,
    ],
    [
      'a repository, and no other',
      call('create_issue_comment', { owner: 'acme', repo: 'shop', issue_number: 1, body: 'x' }, 'outbound'),
      call('create_issue_comment', { owner: 'acme', repo: 'bank', issue_number: 1, body: 'x' }, 'outbound'),
      false,
    ],
    [
      'the branch that is merged into stays',
      call('create_pull_request', { owner: 'a', repo: 'b', head: 'x', base: 'main', title: 't' }),
      call('create_pull_request', { owner: 'a', repo: 'b', head: 'y', base: 'release', title: 't' }),
      false,
    ],
    [
      'a channel',
      call('post', { channel: '#dev', text: 'x' }, 'outbound'),
      call('post', { channel: '#all', text: 'x' }, 'outbound'),
      false,
    ],
    [
      'a host, whatever is read there',
      call('fetch', { url: 'https://docs.acme.test/a' }, 'read'),
      call('fetch', { url: 'https://docs.acme.test/b?c=1' }, 'read'),
      true,
    ],
    [
      'a host, and none that looks like it',
      call('fetch', { url: 'https://docs.acme.test/a' }, 'read'),
      call('fetch', { url: 'https://docs.acme.test.evil.test/a' }, 'read'),
      false,
    ],
    [
      'a host, by that way alone',
      call('fetch', { url: 'https://docs.acme.test/a' }, 'read'),
      call('fetch', { url: 'http://docs.acme.test/a' }, 'read'),
      false,
    ],
    [
      'a table',
      call('update_row', { table: 'notes', row_id: 1, fields: { a: 1 } }),
      call('update_row', { table: 'users', row_id: 1, fields: { a: 1 } }),
      false,
    ],
  ])('%s', async (_, approved, next, runs) => {
    expect(await covers(bounded(approved)!, next)).toBe(runs);
  });

  it.each<[string, RiskClass, object, object]>([
    ['a port of the host', 'read', { url: 'https://a.test/x' }, { url: 'https://a.test:8443/x' }],
    ['a user before the host', 'read', { url: 'https://a.test/x' }, { url: 'https://a.test@b.test/x' }],
    [
      'an attachment',
      'outbound',
      { to: 'a@b.test', body: 'x', attachments: ['/tmp/a'] },
      { to: 'a@b.test', body: 'x', attachments: ['/home/ada/.ssh/id'] },
    ],
    [
      'who gets the answer',
      'outbound',
      { to: 'a@b.test', body: 'x', replyTo: 'ada@a.test' },
      { to: 'a@b.test', body: 'x', replyTo: 'eve@c.test' },
    ],
    [
      'the telephone that a number is beside a channel',
      'outbound',
      { channel: 'sms', number: '+1', text: 'x' },
      { channel: 'sms', number: '+2', text: 'x' },
    ],
    [
      'an issue that is the address of another repository',
      'outbound',
      { repo: 'a/b', issue: '3', body: 'x' },
      { repo: 'a/b', issue: 'https://git.test/c/d/issues/1', body: 'x' },
    ],
    [
      'an issue number that is a way',
      'outbound',
      { owner: 'a', repo: 'b', issue_number: 3, body: 'x' },
      { owner: 'a', repo: 'b', issue_number: '../../c/issues/1', body: 'x' },
    ],
    [
      'a branch of another repository',
      'write',
      { owner: 'a', repo: 'b', head: 'x', title: 't' },
      { owner: 'a', repo: 'b', head: 'eve:x', title: 't' },
    ],
    [
      'a number where only the owner is known',
      'write',
      { owner: 'a', number: 5, body: 'x' },
      { owner: 'a', number: 6, body: 'x' },
    ],
    [
      "an issue of another project's name",
      'write',
      { project: 'SHOP', issue: 'SHOP-1', comment: 'x' },
      { project: 'SHOP', issue: 'BANK-1', comment: 'x' },
    ],
    [
      'a text that is an object',
      'outbound',
      { channel: '#dev', text: 'x' },
      { channel: '#dev', text: { files: ['/etc/passwd'] } },
    ],
    [
      'a member of a row',
      'write',
      { table: 'notes', row_id: 1, fields: { a: 1 } },
      { table: 'notes', row_id: 1, fields: { a: 1, owner: 'eve' } },
    ],
    [
      'a file of a repository that is hidden',
      'read',
      { owner: 'a', repo: 'b', path: 'src/x.ts' },
      { owner: 'a', repo: 'b', path: 'src/.env' },
    ],
    [
      'the branch of a file, where a server makes an address of it',
      'read',
      { owner: 'a', repo: 'b', path: 'src/x.ts' },
      { owner: 'a', repo: 'b', path: 'src/x.ts?ref=secret' },
    ],
    [
      'a way out of a repository',
      'read',
      { owner: 'a', repo: 'b', path: 'src/x.ts' },
      { owner: 'a', repo: 'b', path: 'x/../../../c/d' },
    ],
  ])('and lets it not change %s', async (_, risk, args, other) => {
    const [approved, next] = [call('x', args, risk), call('x', other, risk)];
    for (const offer of offersFor(approved).filter(({ scope }) => scope !== 'tool'))
      expect([await covers(offer, next), isOfferedFor(offerText(offer), next)]).toEqual([false, false]);
  });

  it.each<[string, RiskClass, object, object]>([
    [
      'a row',
      'write',
      { table: 't', row_id: 1, fields: { a: 1 } },
      { table: 't', row_id: 2, fields: { a: 'x' } },
    ],
    [
      'a file of a repository',
      'read',
      { owner: 'a', repo: 'b', path: 'src/x.ts' },
      { owner: 'a', repo: 'b', path: 'README.md' },
    ],
    [
      'a comment on an issue',
      'outbound',
      { issue_key: 'SHOP-1', comment: 'x' },
      { issue_key: 'SHOP-1', comment: 'y' },
    ],
  ])('and lets %s run, in whatever order its arguments stand', async (_, risk, args, other) => {
    const next = call('x', Object.fromEntries(Object.entries(other).toReversed()), risk);
    const offer = bounded(call('x', args, risk))!;
    expect([await covers(offer, next), isOfferedFor(offerText(offer), next)]).toEqual([true, true]);
  });

  it.each<[RiskClass, object]>([
    ['read', { path: PATH }],
    ['write', { path: PATH, content: 'x' }],
    ['outbound', { channel: '#dev', text: 'x' }],
  ])('of a tool of class %s, not of another one that it has later', async (risk, args) => {
    for (const offer of offersFor(call('x', args, risk)).filter(({ scope }) => scope !== 'exact')) {
      const [same, other] = [call('x', args, risk), call('x', args, 'destructive')];
      expect([await covers(offer, same), await covers(offer, other)]).toEqual([true, false]);
    }
  });

  it('to one recipient it is ten an hour', () => {
    expect(bounded(call('post', { channel: '#dev', text: 'x' }, 'outbound'))?.limit).toMatchObject({
      tool: 'srv/post',
      over: '10/hour',
    });
  });
});

describe('what is offered', () => {
  const scopes = (one: Offering) => offersFor(one).map(({ scope }) => scope);

  it.each<[RiskClass, string[]]>([
    ['read', ['exact', 'bounded', 'tool']],
    ['write', ['exact', 'bounded']],
    ['outbound', ['exact']],
    ['execute', ['exact']],
    ['destructive', ['exact']],
    ['financial', ['exact']],
    ['unknown', ['exact']],
  ])('for class %s is %j', (risk, expected) =>
    expect(scopes(call('x', { path: PATH, note: 'y' }, risk))).toEqual(expected),
  );

  it.each<[string, Partial<Obligations>, string]>([
    ['critical', { level: 'critical' }, 'one by one'],
    ['of two people', { approvals: 2 }, 'more than one person'],
    ['of a passphrase', { confirm: 'passphrase' }, 'the passphrase'],
    ['never remembered', { remember: false }, 'never remembered'],
  ])('for a call that is %s is nothing, and why', (_, asked, why) => {
    const one = { ...edit, obligations: { ...ASKED, ...asked } };
    expect(offersFor(one)).toEqual([]);
    expect(whyNoOffer(one)).toContain(why);
  });

  it.each<[string, object | string]>([
    ['a text of many lines', { command: 'a\nb' }],
    ['letters that nobody sees', { command: 'npm\u200b test' }],
    ['a number that is not exact', '{"amount":9007199254740993}'],
    ['objects', { options: { force: true } }],
    ['no arguments', {}],
  ])('is nothing exact for %s, which cannot be written', (_, args) =>
    expect(scopes(call('x', args, 'execute'))).toEqual([]),
  );
});
