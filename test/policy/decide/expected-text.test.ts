import { describe, expect, it } from 'vitest';
import { expectedText } from '../../../src/policy/decide/expected-text.ts';
import { callOf } from '../../support/policy.ts';

const textOf = (args: unknown, { tool = 'do_it', server = 'shop' } = {}, redact: string[][] = []): string =>
  expectedText(callOf(server, tool, args), [], redact);

describe('the text that is typed to approve a call', () => {
  it.each<[string, object, string]>([
    ['the last part of a path', { path: '/home/ada/work/report.txt' }, 'report.txt'],
    ['of a folder too', { path: '/home/ada/work/' }, 'work'],
    ['of a path of Windows', { path: 'C:\\Users\\ada\\x.doc' }, 'x.doc'],
    ['the host of a URL', { url: 'https://evil.example/pay?x=1' }, 'evil.example'],
    ['not who logs in there', { url: 'https://bank.example@evil.example/pay' }, 'evil.example'],
    [
      'the end of a long host',
      { url: 'https://bank.example.login.session.evil.test/' },
      'login.session.evil.test',
    ],
    ['a whole address', { to: 'ada@example.com', subject: 'x' }, 'ada@example.com'],
    ['the domain of a long one', { to: 'somebody.with.a.long.name@example.com' }, 'example.com'],
    ['the first of several', { to: ['ada@example.com', 'bob@example.com'] }, 'ada@example.com'],
    [
      'the first words of a statement',
      { sql: 'DELETE FROM orders WHERE id = 17' },
      'DELETE FROM orders WHERE',
    ],
    ['without its comments', { sql: '/* only reads */ -- x\n DROP TABLE users' }, 'DROP TABLE users'],
    [
      'what does harm, whatever harmless stands beside it',
      { command: 'npm run lint', sql: 'DROP TABLE users' },
      'DROP TABLE users',
    ],
    ['the first words of a command', { command: 'rm -rf   /var/lib/app/data/cache/old' }, 'rm -rf'],
    [
      'what does harm in a long command',
      { command: 'git commit -m "fix: typo" && rm -rf dist' },
      'rm -rf dist',
    ],
    [
      'what does harm behind a harmless statement',
      { sql: 'SELECT name FROM users; DROP TABLE audit' },
      'DROP TABLE audit',
    ],
    ['an amount', { amount: 1900, currency: 'EUR' }, '1900'],
    ['another value where an amount is short', { amount: 5, customer: 'cus_123' }, 'cus_123'],
    ['the end of a long id', { id: '0f8fad5b-d9cb-469f-a165-70867728950e' }, '70867728950e'],
    ['the tool where there is nothing', {}, 'do_it'],
    ['the tool where nothing can be typed', { to: 'аdа@ехаmрlе.com' }, 'do_it'],
    ['the tool instead of yes and no', { recursive: true }, 'do_it'],
  ])('is %s', (_, args, text) => {
    expect(textOf(args)).toBe(text);
  });

  it('is never part of a secret, nor of what the policy masks', () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    expect(textOf({ command: `deploy ${token}`, name: 'billing' })).not.toContain('ghp_');
    expect(textOf({ target: 'hunter2!', password: 'hunter2!' })).toBe('do_it');
    expect(textOf({ name: 'ada lovelace' }, {}, [['name']])).toBe('do_it');
    expect(textOf({ name: 'ada lovelace' })).toBe('ada lovelace');
  });

  it("is the server's name where the tool's cannot be typed, else a plain word", () => {
    expect(textOf({}, { tool: 'löschen' })).toBe('shop');
    expect(textOf({}, { tool: 'ls' })).toBe('shop');
    expect(textOf({}, { tool: 'x'.repeat(25) })).toBe('shop');
    expect(textOf({}, { tool: 'ls', server: 's' })).toBe('approve');
  });

  it('is not looked for in a call that is masked as a whole', () => {
    expect(textOf({ path: '/tmp/report.txt', content: 'x'.repeat(1024 * 1024) })).toBe('do_it');
  });

  it('can always be typed: 3 to 24 printable ASCII characters without a space at their ends', () => {
    const odd = [
      ' a ',
      '\u202eevil',
      '  two  words ',
      '\tx\ty\tz',
      '-'.repeat(99),
      'ä b c',
      'a\u00a0b c',
      '0',
    ];
    for (const value of odd)
      for (const name of ['path', 'url', 'to', 'sql', 'command', 'amount', 'id', 'text', 'x'])
        expect(textOf({ [name]: value })).toMatch(/^(?=.{3,24}$)[!-~](?:[ -~]*[!-~])?$/);
  });
});
