import { describe, expect, it } from 'vitest';
import { said, view } from '../../support/views.ts';

const path = (text: string, folder: string | null = '/home/ada/shop'): string[] =>
  said(view({ path: text }, { folder }));

describe('a path', () => {
  it.each(['src/a.ts', '/home/ada/shop/src/a.ts', './a', 'src/../b.ts', '/home/ada/shop'])(
    'inside of the folder is not warned of: %s',
    (text) => {
      expect(path(text).filter((one) => !one.includes('climbs'))).toEqual([]);
    },
  );

  it.each([
    [
      '/home/ada/other/a.ts',
      "warn: It lies outside of the server's folder /home/ada/shop: /home/ada/other/a.ts",
    ],
    ['../other', "warn: It lies outside of the server's folder /home/ada/shop: ../other"],
    ['src/../../x', "warn: It lies outside of the server's folder /home/ada/shop: src/../../x"],
    ['/home/ada/shop2', "warn: It lies outside of the server's folder /home/ada/shop: /home/ada/shop2"],
    [
      '/home/ada/.ssh/config',
      'danger: It is a place of keys, or of what runs by itself: /home/ada/.ssh/config',
    ],
    [
      '.git/hooks/pre-commit',
      'danger: It is a place of keys, or of what runs by itself: .git/hooks/pre-commit',
    ],
    ['/etc/hosts', 'warn: It is a place of the system: /etc/hosts'],
    ['src/аdmin.ts', 'danger: A word mixes letters of two scripts that look alike: аdmin (U+0430).'],
  ])('is told of in words: %s', (text, words) => {
    expect(path(text)).toContain(words);
  });

  it('without a known folder only says that it climbs', () => {
    expect(path('../a', null)).toEqual(['warn: It climbs folders: ../a']);
    expect(path('/srv/a', null)).toEqual([]);
  });
});

describe('letters that look alike', () => {
  it('in a command, a branch or an address are told of, in prose of another script not', () => {
    expect(said(view({ command: 'сurl x' }))[0]).toContain('сurl (U+0441)');
    expect(said(view({ branch: 'mаin' }))[0]).toContain('mаin (U+0430)');
    expect(said(view({ text: 'Привет, это test' }))).toEqual([]);
    expect(said(view({ branch: 'главная' }))).toEqual([]);
  });
});

describe('a path elsewhere', () => {
  it('says nothing of folders where it is on another machine, or within a document', () => {
    expect(said(view({ remotePath: '/srv/a' }, { folder: '/home/ada/shop' }))).toEqual([]);
    expect(said(view({ path_prefix: '/shop/' }, { folder: '/home/ada/shop' }))).toEqual([]);
    const patch = { op: 'replace', path: '/environments/production/on', value: 1 };
    expect(said(view({ patch: [patch] }, { folder: '/home/ada/shop' }))).toEqual([]);
  });

  it('that is only called like a place of what runs by itself is none', () => {
    expect(path('src/config/autostart.ts')).toEqual([]);
    expect(path('keys/id_ed25519.pub')).toEqual([]);
    expect(path('keys/id_ed25519')[0]).toMatch(/^danger: It is a place of keys/);
    expect(path('.config/autostart/a.desktop')[0]).toMatch(/^danger: It is a place of keys/);
  });
});

describe('a switch', () => {
  it.each(['recursive', 'force', 'allNamespaces', 'all_users', 'hardDelete', 'delete_volumes', 'multi'])(
    'that is on is told of: %s',
    (name) => {
      expect(said(view({ [name]: true }))).toEqual([`warn: It goes further than without: ${name}: true.`]);
      expect(said(view({ [name]: false }))).toEqual([]);
    },
  );

  it.each(['confirmed', 'dryRun', 'draft', 'allowed', 'forceful_name', 'submit', 'fullPage'])(
    'of another name is not: %s',
    (name) => expect(said(view({ [name]: true }))).toEqual([]),
  );
});
