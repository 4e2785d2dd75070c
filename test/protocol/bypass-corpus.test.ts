import { describe, expect, it } from 'vitest';
import { readClientLine } from '../../src/protocol/client-message.ts';
import { LineSplitter, withoutEnd } from '../../src/protocol/line-splitter.ts';
import { type BypassCase, bypassCases, caseBytes } from '../support/bypass-corpus.ts';
import { respell, seeded } from '../support/respell.ts';

const cases = bypassCases();
const SPELLINGS = 100;

function read(bytes: Uint8Array) {
  const splitter = new LineSplitter(32 * 1024 * 1024);
  return splitter
    .push(bytes)
    .map((line) => ('overlong' in line ? { kind: 'refused' as const } : readClientLine(withoutEnd(line))));
}

/** What a case must come to, whatever its spelling. */
function check(one: BypassCase, bytes: Uint8Array): void {
  const messages = read(bytes);
  const calls = messages.flatMap((message) => (message.kind === 'call' ? [message] : []));
  const ok = [one.expected.outcome, ...(one.expected.also_ok ?? [])];
  if (calls.length > 0) {
    expect(ok).toContain('gate');
    expect(calls.map((call) => call.tool)).toEqual(one.expected.calls.map((call) => call.name));
    for (const [i, call] of calls.entries()) {
      const wanted = one.expected.calls[i]?.arguments;
      if (typeof wanted === 'object' && wanted !== null)
        expect(JSON.parse(call.arguments?.text ?? '{}')).toEqual(wanted);
    }
  } else if (messages.length === 0)
    expect(ok.some((outcome) => outcome === 'drop' || outcome === 'reject')).toBe(true);
  else if (messages.some((message) => message.kind === 'refused')) expect(ok).toContain('reject');
  else expect(ok).toContain('forward');
}

/** B221 repeats an id that is still in flight: the proxy's matter, not the reading's. */
const NEEDS_STATE = new Set(['B221']);
const named = cases
  .filter((one) => !NEEDS_STATE.has(one.id))
  .map((one) => [`${one.id} ${one.name}`, one] as const);

describe.skipIf(cases.length === 0)('the strict reading of the bypass corpus', () => {
  it.for(named)('%s', ([, one]) => check(one, caseBytes(one)));

  it.for(named.filter(([, one]) => one.gen === undefined))(
    '%s keeps its outcome in any other spelling',
    ([, one]) => {
      const lines = caseBytes(one).toString('latin1').split('\n');
      for (let seed = 1; seed <= SPELLINGS; seed += 1) {
        const random = seeded(seed);
        const text = lines.map((line) => (line === '' ? '' : respell(line, random))).join('\n');
        try {
          check(one, Buffer.from(text, 'latin1'));
        } catch (error) {
          throw new Error(`seed ${seed}: ${JSON.stringify(text)}`, { cause: error });
        }
      }
    },
  );
});
