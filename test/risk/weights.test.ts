import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('the weights of the risk classes', () => {
  it('are data of less than 300 kB', () => {
    const file = resolve(import.meta.dirname, '../../src/risk/weights.ts');
    expect(statSync(file).size).toBeLessThan(300_000);
  });
});
