import { describe, expect, it } from 'vitest';
import { misfit } from '../../src/session/fits-schema.ts';

const definition = (inputSchema: unknown): string => JSON.stringify({ name: 't', inputSchema });

describe('arguments and the schema of a tool', () => {
  it.each<[string, unknown, unknown, string | undefined]>([
    ['fit', { properties: { a: { type: 'number' } } }, { a: 1 }, undefined],
    ['of another type', { properties: { a: { type: 'number' } } }, { a: 'x' }, '/a must be number'],
    ['without what is required', { required: ['a'] }, {}, "they must have required property 'a'"],
    [
      'by a pattern, each of its own',
      { properties: { a: { pattern: '^x' }, b: { pattern: '^y' } } },
      { a: 'x', b: 'x' },
      '/b must match pattern "^y"',
    ],
    [
      'by another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'http://x/y', minProperties: 1 },
      {},
      'they must NOT have fewer than 1 properties',
    ],
    [
      'in more than three things',
      { required: ['a', 'b', 'c', 'd', 'e'] },
      {},
      "they must have required property 'a'; they must have required property 'b'; they must have required property 'c'; 2 more",
    ],
    [
      'a pattern that no linear engine has',
      { properties: { a: { pattern: '(?=x)y' } } },
      { a: 'z' },
      undefined,
    ],
    [
      'words that no draft knows, and formats',
      { 'x-order': 1, properties: { a: { format: 'email' } } },
      { a: 'z' },
      undefined,
    ],
    ['no schema', undefined, { a: 1 }, undefined],
  ])('%s', (_, schema, args, said) => {
    expect(misfit(definition(schema), JSON.stringify(args))).toBe(said);
  });

  it('throws for a schema that refers elsewhere: what cannot be read says nothing', () => {
    expect(() => misfit(definition({ $ref: 'http://example.com/schema' }), '{}')).toThrow();
  });

  it('ends for a pattern that takes another engine exponential time', () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' } } };
    expect(misfit(definition(schema), JSON.stringify({ a: `${'a'.repeat(60)}!` }))).toContain('must match');
  });
});
