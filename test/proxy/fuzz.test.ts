import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide/decide.ts';
import { compilePolicy } from '../../src/policy/source/compile.ts';
import { Enforcer } from '../../src/proxy/enforce.ts';
import type { Approvals, Recorder } from '../../src/proxy/ports.ts';
import { fuzzLines } from '../support/fuzz-lines.ts';
import { mayExecute } from '../support/lenient.ts';
import { LONG } from '../support/long.ts';
import { FACTS } from '../support/policy.ts';

/** Together a million lines in the long run, the same on every run; HOLDPOINT_FUZZ_SEED chooses others. */
const SEED = Number(process.env['HOLDPOINT_FUZZ_SEED'] ?? 20_261_125);
const RUNS = LONG ? 1_000 : 100;
const LINES_A_RUN = 1_000;
const MINUTES = 60_000;

const { policy } = await compilePolicy('{"version":1,"deny":["*/deny_*"],"allow":["*/allow_*"]}');
const places = {
  holdpointHome: '/home/ada/.holdpoint',
  userHome: '/home/ada',
  workingFolder: '/work',
  besides: [],
};

/** The enforcement point with a waiting room in which nobody ever answers. */
function session() {
  const allowed: string[] = [];
  const staged: string[] = [];
  const counts = { decided: 0, refused: 0, passed: 0, executed: 0 };
  const held = new Set<string>();
  const answers: string[] = [];
  const recorder: Recorder = {
    decision: ({ tool }, decision) => {
      counts.decided += 1;
      if (decision.effect === 'allow') staged.push(tool);
    },
    refusal: () => {
      counts.refused += 1;
    },
    serverLine: () => {},
    outcome: () => {},
    commit: () => void allowed.push(...staged.splice(0)),
  };
  const approvals: Approvals = {
    escalated: (_, request) => void held.add(request),
    askedAgain: () => {},
    answered: () => false,
    cancelled: (request) => {
      if (!held.delete(request)) return false;
      pep.open.forget(request);
      return true;
    },
    end: () => {},
  };
  const pep = new Enforcer(
    { server: 's', commandDigest: 'x', caller: undefined },
    {
      tools: { listed: () => {}, unlisted: () => {} },
      toServer: (bytes) => {
        counts.passed += 1;
        for (const name of mayExecute(bytes)) {
          counts.executed += 1;
          // Decided, recorded, and not used up by another call.
          const place = allowed.indexOf(name);
          if (place === -1)
            throw new Error(`unjudged: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`);
          allowed.splice(place, 1);
        }
      },
      flush: () => {},
      toClient: (line) => void answers.push(line),
      policyWanted: () => {},
      client: () => {},
      settled: () => {},
      mono: () => 0,
      stopped: () => undefined,
    },
  );
  pep.ready({ decide: (call) => decide(call, policy!, { ...FACTS, places }), recorder, approvals });
  return { pep, counts, answers, allowed };
}

describe(LONG ? 'a million spoilt lines' : 'a hundred thousand spoilt lines', () => {
  it(
    'make nothing run that was not judged, and crash and hang nothing',
    () => {
      const totals = { decided: 0, refused: 0, passed: 0, executed: 0 };
      const run = (seed: number): void => {
        const { pep, counts, answers, allowed } = session();
        const lines = fuzzLines(seed, LINES_A_RUN);
        for (let at = 0; at < lines.length; at += 10) pep.take(lines.slice(at, at + 10));
        pep.serverGone('exit code 0');
        // An allowed call was forwarded at once, and every answer of ours is one line of JSON.
        expect(allowed).toEqual([]);
        for (const line of answers) JSON.parse(line);
        for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += counts[key];
      };
      fc.assert(fc.property(fc.integer({ min: 0 }), run), { seed: SEED, numRuns: RUNS, endOnFailure: true });
      // The lines are neither all spoilt nor all clean.
      for (const count of Object.values(totals)) expect(count).toBeGreaterThan(RUNS * LINES_A_RUN * 0.05);
    },
    10 * MINUTES,
  );
});
