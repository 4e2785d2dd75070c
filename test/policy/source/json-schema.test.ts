import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from '../../../src/policy/source/json-schema.ts';

const FILE = resolve(import.meta.dirname, '../../../schema/policy.schema.json');

describe('schema/policy.schema.json', () => {
  const made = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
  if (process.env['UPDATE_SCHEMA'] === '1') {
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(FILE, made);
  }

  it('is what the schema that reads policies says (UPDATE_SCHEMA=1 writes it anew)', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(made);
  });

  it('refuses unknown keys everywhere, as the reader does', () => {
    const objects: Record<string, unknown>[] = [];
    JSON.parse(made, (_, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'properties' in value) objects.push(value as never);
      return value;
    });
    const open = objects.filter(
      ({ type, additionalProperties }) => type === 'object' && additionalProperties !== false,
    );
    expect(objects.length).toBeGreaterThan(5);
    expect(open).toEqual([]);
  });
});
