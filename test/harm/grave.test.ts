import { describe, expect, it } from 'vitest';
import { isGrave } from '../../src/harm/grave.ts';

const grave = (args: unknown): boolean => isGrave(JSON.stringify(args));

describe('the text of a call is grave', () => {
  it.each([
    [{ sql: 'SELECT 1; DROP TABLE customers' }],
    [{ query: 'DELETE FROM customers' }],
    [{ command: 'cd /srv && rm -rf build' }],
    [{ query: ';DROP TABLE users' }],
    [{ query: 'SELECT 1;/**/DROP TABLE users' }],
    [{ query: 'BEGIN; DROP TABLE users; COMMIT' }],
    [{ query: 'EXPLAIN ANALYZE DELETE FROM users' }],
    [{ queries: ['SELECT 1', 'DROP TABLE users'] }],
    [{ filter: '1=1; DROP TABLE users' }],
    [{ command: 'rm', args: ['-rf', '/'] }],
    [{ argv: ['sudo', 'rm', '-rf', '/'] }],
  ])('%j', (args) => {
    expect(grave(args)).toBe(true);
  });

  it.each([
    [{ sql: 'SELECT * FROM customers WHERE id = 1' }],
    [{ sql: "UPDATE settings SET value = 'drop table' WHERE name = 'x'" }],
    [{ command: 'npm test' }],
    [{ query: 'how to drop a table' }],
    [{ query: 'SELECT 1;' }],
    [{ command: 'ls', args: ['-l', 'src'] }],
    [{ path: 'a/b', content: 'rm -rf / ; DROP TABLE x' }],
    [{}],
  ])('not %j', (args) => {
    expect(grave(args)).toBe(false);
  });
});

describe('what an agent adds to a grave text', () => {
  const SQL = { sql: 'SELECT 1; DROP TABLE users' };
  const names = (count: number) => Array.from({ length: count }, (_, at) => [`v${at}`, 'x']);

  it.each([
    [
      'eight commands before it',
      { ...Object.fromEntries([...'abcdefghi'].map((a) => [`${a}_command`, 'ls'])), ...SQL },
    ],
    ['400 values', { ...Object.fromEntries(names(400)), ...SQL }],
    ['more values than are looked at', { ...Object.fromEntries(names(20_001)), ...SQL }],
    ['more values than are read', { ...SQL, pad: Array(250_000).fill(1) }],
    ['two megabytes', { ...SQL, pad: 'x'.repeat(2_000_000) }],
    ['a comment of 17 kB', { sql: `/*${'x'.repeat(17_000)}*/ DROP TABLE users` }],
    ['a comment of 200 kB', { sql: `/*${'x'.repeat(200_000)}*/ DROP TABLE users` }],
    ['a query with a comment of 100 kB', { query: `/*${'x'.repeat(100_000)}*/ DROP TABLE users` }],
  ])('takes it out of sight by no means: %s', (_, args) => {
    expect(grave(args)).toBe(true);
  });
});
