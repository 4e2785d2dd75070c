import { describe, expect, it } from 'vitest';
import { rows, view } from '../../support/views.ts';

const first = (args: object): string[] => rows(view(args).lines).slice(0, 2);

describe('an amount', () => {
  it.each([
    [
      { amount: 129900, currency: 'eur' },
      '= 129,900 EUR, or 1,299.00 EUR if it counts the smallest unit: the call does not say',
    ],
    [{ amount: 129900, currency: 'eur', unit: 'cents' }, '= 1,299.00 EUR, counted in the smallest unit'],
    [{ amount_cents: 5, currency: 'USD' }, '= 0.05 USD, counted in the smallest unit'],
    [{ amount: '1299.5', currency: 'GBP' }, '= 1,299.5 GBP'],
    [{ amount: 129900, currency: 'JPY' }, '= 129,900 JPY'],
    [{ amount_minor: 1299, currency: 'KWD' }, '= 1.299 KWD, counted in the smallest unit'],
    [
      { amountUsd: 25000 },
      '= 25,000 USD, or 250.00 USD if it counts the smallest unit: the call does not say',
    ],
    [{ total: -1234567 }, '= -1,234,567'],
  ])('of %j says %s, below the number as it is spelled', (args, words) => {
    const [key, value] = Object.entries(args)[0] ?? [];
    expect(first(args)).toEqual([`"${key}": ${JSON.stringify(value)}`, `  ${words}`]);
  });

  it('that is small, or no plain number, is left as it is', () => {
    expect(rows(view({ quantity: 3 }).lines)).toEqual(['"quantity": 3']);
    expect(view({ amount: '1e9', currency: 'EUR' }).lines).toHaveLength(2);
  });
});
