import { describe, expect, it } from 'vitest';
import { said, view } from '../../support/views.ts';

const text = (value: string, name = 'text'): string[] => said(view({ [name]: value }));
const PROSE = Array.from({ length: 12 }, (_, at) => `Sentence ${at} of a letter.`).join('\n');

describe('a link under other words', () => {
  it.each([
    '<https://evil.test/x|https://acme.test/login>',
    '[https://acme.test/login](https://evil.test/x)',
    '<a class=b href="https://evil.test/x">https://acme.test</a>',
    '[www.acme.test](https://evil.test/x)'.replace('acme.test', 'acme.com'),
  ])('that name another host is warned of: %s', (link) => {
    expect(text(`Hello. ${link}`)[0]).toMatch(
      /^danger: A link that reads acme\.(?:test|com) leads to evil\.test\.$/,
    );
    expect(text(`${PROSE}\n${link}`)[0]).toMatch(/^danger: A link/);
  });

  it.each([
    '[https://acme.test/a](https://acme.test/b)',
    '[acme.com](https://www.acme.com/)',
    '[acme.com](https://docs.acme.com/)',
    '[README.md](https://git.test/a/README.md)',
    '[version 2.10](https://git.test/a)',
    '<https://git.test/a|the release>',
  ])('that name the same host, or none, is not: %s', (link) => {
    expect(text(link).filter((one) => one.startsWith('danger'))).toEqual([]);
  });
});

describe('a long text', () => {
  it('is told by the hosts that it names', () => {
    expect(text(`${PROSE}\nhttps://User@Acme.test:8443/a http://b.test`)).toEqual([
      'note: It names 2 hosts: acme.test, b.test.',
    ]);
    expect(text('see https://acme.test/a')).toEqual([]);
  });
});

describe('a document within a text', () => {
  const yaml = (line: string) =>
    ['kind: Pod', 'spec:', '  containers:', '    - name: a', `      ${line}`, '  x: 1', '  y: 2'].join('\n');
  const json = (more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ a: 'x'.repeat(400) }, more] });

  it('is told by its switches that widen', () => {
    const words = ['warn: It goes further than without: privileged: true.'];
    expect(text(yaml('privileged: true'), 'manifest')).toEqual(words);
    expect(text(yaml('"privileged": "yes"'), 'manifest')).toEqual(words);
    expect(text(json({ privileged: true }), 'config')).toEqual(words);
    expect(text(yaml('privileged: false'), 'manifest')).toEqual([]);
  });

  it('is told by what it gives to all or for everything', () => {
    expect(text(json({ Action: '*' }), 'policy')).toEqual(['warn: It is for everything: Action *.']);
    expect(text(json({ Action: ['iam:*'], Resource: '*' }), 'policy')).toEqual([
      'warn: It is for everything: Action iam:*, Resource *.',
    ]);
    expect(text(yaml('verbs: ["*"]'), 'manifest')).toEqual(['warn: It is for everything: verbs *.']);
    expect(text(json({ Action: 's3:GetObject', pattern: '*' }), 'policy')).toEqual([]);
  });

  it('is none that is prose or code', () => {
    expect(text(`${PROSE}\nforce: true, he said`)).toEqual([]);
    expect(text(`${'f({ recursive: true });\n'.repeat(9)}`, 'content')).toEqual([]);
  });
});

describe('a plain value', () => {
  it('that gives to all or for everything is told of', () => {
    expect(said(view({ inbound_source: '0.0.0.0/0' }))).toEqual([
      'warn: It is for everything: inbound_source 0.0.0.0/0.',
    ]);
    expect(said(view({ actions: ['s3:*'] }))).toEqual(['warn: It is for everything: actions s3:*.']);
    expect(said(view({ pattern: '*', query: '*' }))).toEqual([]);
  });
});

describe('a text that stands as it is', () => {
  const lines = Array.from({ length: 12 }, (_, at) => `step${at}: actions/checkout@v4`).join('\n');

  it('in which a digit stands for a letter of a word that it has too is warned of', () => {
    expect(text(`${lines}\nlast: acti0ns/checkout@v4`)).toEqual([
      'danger: A digit stands for a letter in acti0ns/checkout@v4, beside actions.',
    ]);
    expect(text('pay paypal, not paypa1')).toEqual([
      'danger: A digit stands for a letter in paypa1, beside paypal.',
    ]);
    expect(text('node v10, es2015, i18n, sha1sum, base64 and utf16')).toEqual([]);
  });

  it("that is a shell's script is told by its gravest commands", () => {
    expect(text(`#!/bin/bash\n${'echo a\n'.repeat(20)}rm -rf "$DIR/"*`, 'content')).toEqual([
      'danger: In the script: It removes whole folders: rm -rf "$DIR/"*',
    ]);
    expect(text(`#!/usr/bin/env bash\n${'echo a\n'.repeat(20)}`, 'content')).toEqual([]);
  });

  it('that is a document is told by the places of keys that it names', () => {
    const mount = (path: string) => text(`${lines}\nvolumes:\n  - ${path}:/x`, 'content');
    expect(mount('/var/run/docker.sock')).toEqual([
      'warn: It names places of keys, or of what rules the machine: /var/run/docker.sock.',
    ]);
    expect(mount('~/.ssh/id_rsa')).toEqual([
      'warn: It names places of keys, or of what rules the machine: ~/.ssh/id_rsa.',
    ]);
    expect(mount('/srv/data')).toEqual([]);
  });
});
