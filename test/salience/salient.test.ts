import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { salientValues } from '../../src/salience/salient.ts';

const said = (args: unknown, show: string[] = []): string[] =>
  salientValues(JSON.stringify(args), { show }).map(
    ({ path, kind, value }) => `${path.join('.')} ${kind} ${value}`,
  );

describe('the most telling value', () => {
  it.each([
    [{ cwd: '/srv', command: 'npm test' }, 'command command npm test'],
    [{ argv: ['rm', '-rf', 'a b'] }, "argv command rm -rf 'a b'"],
    [{ constructor: 'fine', sql: 'DROP TABLE x' }, 'sql statement DROP TABLE x'],
    [{ limit: 5, sql: 'DROP TABLE x' }, 'sql statement DROP TABLE x'],
    [{ q: 'delete from t where 1=1' }, 'q statement delete from t where 1=1'],
    [{ content: 'hello', path: 'a/b.txt' }, 'path path a/b.txt'],
    [
      { body: 'x', subject: 'y', to: ['a@b.example', 'c@d.example'] },
      'to recipient a@b.example, c@d.example',
    ],
    [{ text: 'hi', channel: '#ops' }, 'channel recipient #ops'],
    [{ charge: 'ch_1', amount: 129900, currency: 'eur' }, 'amount amount 129900'],
    [{ payment_intent: 'pi_3PqX2eLk', amount: 4990 }, 'amount amount 4990'],
    [{ payment_intent: 'pi_3PqX2eLk' }, 'payment_intent target pi_3PqX2eLk'],
    [{ price: 'EUR 49.00' }, 'price amount EUR 49.00'],
    [{ amount: '1.5 ETH', to: 'x' }, 'amount amount 1.5 ETH'],
    [{ amount: { currency_code: 'KWD', value: '120.00' } }, 'amount.value amount 120.00'],
    [{ headers: { a: 'b' }, url: 'https://x.example/y' }, 'url url https://x.example/y'],
    [{ version: '1.2', service: 'shop', environment: 'production' }, 'environment target production'],
    [{ owner: 'acme', repo: 'shop', branch: 'main' }, 'branch target main'],
    [{ zweck: 'x', ziel: 'https://evil.example/' }, 'ziel url https://evil.example/'],
    [{ x: '/* a */ (-- b\nDROP TABLE c' }, 'x statement /* a */ (-- b\nDROP TABLE c'],
    [{ inReplyTo: 'x', name: 'thing' }, 'name target thing'],
  ])('of %j is %s', (args, first) => {
    expect(said(args)[0]).toBe(first);
  });

  it('is what the rule wants shown first, in its order', () => {
    const args = { command: 'ls', note: 'n', id: '7' };
    expect(said(args, ['id', 'note']).slice(0, 2)).toEqual(['id target 7', 'note text n']);
  });
});

describe('values that tell', () => {
  it('are at most eight, of any arguments, and none of a text that is no JSON', () => {
    expect(salientValues('{"a":', { show: [] })).toEqual([]);
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(salientValues(text, { show: [] }).length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('are found in time, whatever is made to be long to read', () => {
    const hostile = ['/**/', '--', '/*', 'a=b ', '((', 'select ', 'a/', 'with ', '\\n', '@', 'a.', '~/'];
    for (const unit of hostile) {
      const args = `{"x":"${unit.repeat(4_000)}","y":"${unit.repeat(1_000)}!"}`;
      expect(salientValues(args, { show: [] })).toHaveLength(2);
    }
  });

  it('are cut where they are very long, never within an escape or a letter, and say so', () => {
    for (const unit of ['\\n', '\\u00e9', '\\ud83d\\ude00', 'é', '😀', 'a', '\\\\']) {
      const [one] = salientValues(`{"command":"${unit.repeat(20_000)}"}`, { show: [] });
      const decoded = JSON.parse(`"${unit}"`) as string;
      expect(one?.whole).toBe(false);
      expect(one?.value).toBe(decoded.repeat(Math.floor((one?.value.length ?? 0) / decoded.length)));
      expect(one?.value.length).toBeGreaterThan(1_000);
    }
  });
});
