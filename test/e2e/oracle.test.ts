import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type BypassCase, bypassCases, caseBytes } from '../support/bypass-corpus.ts';
import { LONG, part } from '../support/long.ts';
import {
  AFTER,
  type Call,
  isSameCall,
  LAXEST_SERVER,
  NODE_SERVER,
  PYTHON_SERVER,
  probe,
  type Result,
} from '../support/oracle.ts';
import { respell, seeded } from '../support/respell.ts';

const cases = bypassCases();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const SERVERS: [name: string, command: string[], available: boolean, index: number][] = [
  ['a plain Node server', NODE_SERVER, true, 0],
  ['a plain Python server', PYTHON_SERVER, hasPython, 1],
  ['the laxest server', LAXEST_SERVER, hasPython, 2],
];
const AT_ONCE = 4;
const MINUTES = 60_000;

const show = (calls: readonly Call[]): string => JSON.stringify(calls).slice(0, 400);

/** A probe of every case takes minutes: in the gate every fortieth goes to each probe. */
type Which = { of: number; first: number };

/** Some at a time; gives back what `judge` objects to. */
async function all(
  { of, first }: Which,
  judge: (one: BypassCase) => Promise<string | undefined>,
): Promise<string[]> {
  const left = part(cases, of, first);
  const objections: string[] = [];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const objection = await judge(one);
      if (objection !== undefined) objections.push(`${one.id} ${one.name}: ${objection}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return objections;
}

/** Everything executed was decided, by name and arguments. */
function undecided({ executed, decided }: Result): string | undefined {
  const strangers = executed.filter((call) => !decided.some((one) => isSameCall(call, one)));
  return strangers.length === 0 ? undefined : `executed ${show(strangers)}, decided ${show(decided)}`;
}

/** A case that must run does, with exactly its calls, in order. */
function missing({ expected }: BypassCase, { executed }: Result): string | undefined {
  const { outcome, also_ok = [], calls } = expected;
  if (outcome !== 'gate' || also_ok.includes('reject') || also_ok.includes('drop')) return undefined;
  const right =
    executed.length === calls.length &&
    calls.every((call, i) =>
      // Some expectations only describe their arguments.
      typeof call.arguments === 'string'
        ? call.name === executed[i]?.name
        : isSameCall(executed[i]!, { name: call.name, arguments: call.arguments }),
    );
  return right ? undefined : `executed ${show(executed)}, not ${JSON.stringify(calls).slice(0, 400)}`;
}

/** What reached the server is whole lines of what was sent, unchanged and in order; all of them if nothing is refused. */
function changed({ expected }: BypassCase, sent: Buffer, received: Buffer): string | undefined {
  const { outcome, also_ok = [], calls } = expected;
  const whole = Buffer.concat([sent, Buffer.from(`\n${AFTER}`)]);
  const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n');
  const plain = lines(Buffer.from(AFTER)).length;
  const sentLines = lines(whole);
  let at = 0;
  for (const line of lines(received)) {
    const found = sentLines.indexOf(line, at);
    if (found === -1) return `the server got a line that was not sent: ${line.slice(0, 200)}`;
    at = found + 1;
  }
  const one = sentLines.length <= plain + 2 && calls.length <= 1;
  const passes = outcome === 'forward' || (outcome === 'gate' && !also_ok.includes('reject') && one);
  return passes && also_ok.every((other) => other === 'gate') && !received.equals(whole)
    ? `the server got ${received.length} of ${whole.length} bytes`
    : undefined;
}

describe.skipIf(cases.length === 0)('the bypass corpus', () => {
  describe.each(SERVERS)('in front of %s', (_, server, available, index) => {
    it.skipIf(!available)(
      'makes it execute nothing under a policy that denies everything',
      async () => {
        const objections = await all({ of: 40, first: index }, async (one) => {
          const { executed } = await probe(caseBytes(one), server, { deny: ['*'] });
          return executed.length > 0 ? `executed ${show(executed)}` : undefined;
        });
        expect(objections).toEqual([]);
      },
      5 * MINUTES,
    );

    it.skipIf(!available)(
      'makes it execute only what was decided, with the arguments that were decided, and all that should be',
      async () => {
        const objections = await all({ of: 40, first: 4 * index + 1 }, async (one) => {
          const result = await probe(caseBytes(one), server, { allow: ['*'] });
          return undecided(result) ?? missing(one, result);
        });
        expect(objections).toEqual([]);
      },
      5 * MINUTES,
    );

    it.skipIf(!available)(
      're-spelled at random, some times each, executes nothing denied and nothing undecided',
      async () => {
        const random = seeded(20_261_125);
        const lines = cases
          .filter((one) => one.gen === undefined)
          .flatMap((one) => caseBytes(one).toString('latin1').split('\n'))
          .filter((line) => line !== '');
        let id = 1000;
        // All at once, so no two may share an id.
        const spelled = Array.from({ length: LONG ? 10 : 2 }, () => lines)
          .flat()
          .map((line) =>
            respell(
              line.replace(/"id":[17]\b/, () => `"id":${id++}`),
              random,
            ),
          );
        const bytes = Buffer.from(`${spelled.join('\n')}\n`, 'latin1');
        const denied = await probe(bytes, server, { deny: ['*'] });
        expect(denied.executed).toEqual([]);
        const allowed = await probe(bytes, server, { allow: ['*'] });
        expect(undecided(allowed)).toBeUndefined();
        expect(allowed.executed.length).toBeGreaterThan(LONG ? 100 : 20);
      },
      2 * MINUTES,
    );
  });

  it(
    'reaches a server unchanged, line by line, or not at all',
    async () => {
      const objections = await all({ of: 40, first: 11 }, async (one) => {
        const bytes = caseBytes(one);
        const { received } = await probe(bytes, 'keep', { allow: ['*'] });
        return changed(one, bytes, received ?? Buffer.alloc(0));
      });
      expect(objections).toEqual([]);
    },
    5 * MINUTES,
  );
});
