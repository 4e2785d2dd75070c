import { describe, expect, it } from 'vitest';
import { isGrave } from '../../src/harm/grave.ts';

const grave = (args: unknown): boolean => isGrave(JSON.stringify(args));

describe('the text of a call is grave', () => {
  it.each([
    [{ sql: 'SELECT 1; DROP TABLE customers' }],
    [{ query: 'DELETE FROM customers' }],
    [{ command: 'cd /srv && rm -rf build' }],
    [{ argv: ['sudo', 'rm', '-rf', '/'] }],
  ])('%j', (args) => {
    expect(grave(args)).toBe(true);
  });

  it.each([
    [{ sql: 'SELECT * FROM customers WHERE id = 1' }],
    [{ sql: "UPDATE settings SET value = 'drop table' WHERE name = 'x'" }],
    [{ command: 'npm test' }],
    [{ path: 'a/b', content: 'rm -rf / ; DROP TABLE x' }],
    [{}],
  ])('not %j', (args) => {
    expect(grave(args)).toBe(false);
  });
});
