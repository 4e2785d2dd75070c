import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fuzzLines } from '../support/fuzz-lines.ts';
import { LONG } from '../support/long.ts';
import { LAXEST_SERVER, NODE_SERVER, PYTHON_SERVER, probe } from '../support/oracle.ts';

/** The same on every run; HOLDPOINT_FUZZ_SEED chooses other lines. test/proxy/fuzz.test.ts sends a million in process. */
const SEED = Number(process.env['HOLDPOINT_FUZZ_SEED'] ?? 20_261_125);
const MINUTES = 60_000;
/** In the gate a quarter of the lines. */
const SHARE = LONG ? 1 : 1 / 4;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasServers = existsSync(NODE_SERVER[1]!);

describe.skipIf(!hasServers).each([
  ['a plain Node server', NODE_SERVER, true, 40_000 * SHARE],
  ['a plain Python server', PYTHON_SERVER, hasPython, 40_000 * SHARE],
  ['the laxest server', LAXEST_SERVER, hasPython, 20_000 * SHARE],
] as const)('spoilt lines through a real proxy, in front of %s', (_, server, available, count) => {
  it.skipIf(!available)(
    'make it execute nothing under a policy that denies everything; the session goes on',
    async () => {
      const { executed } = await probe(Buffer.concat(fuzzLines(SEED, count)), [...server], { deny: ['*'] });
      expect(executed).toEqual([]);
    },
    3 * MINUTES,
  );

  it.skipIf(!available)(
    'make it execute only what was decided, no call twice; the session goes on',
    async () => {
      const { executed, decided } = await probe(Buffer.concat(fuzzLines(SEED + 1, count)), [...server], {
        allow: ['*'],
        // A line may well be a list of tools, and most names stand in none.
        servers: { srv: { newTools: 'policy' } },
      });
      const left = new Map<string, number>();
      for (const { name } of decided) left.set(name, (left.get(name) ?? 0) + 1);
      for (const { name } of executed) left.set(name, (left.get(name) ?? 0) - 1);
      expect([...left].filter(([, times]) => times < 0)).toEqual([]);
      expect(executed.length).toBeGreaterThan(count / 20);
    },
    3 * MINUTES,
  );
});
