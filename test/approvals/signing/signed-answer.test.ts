import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HoldView, VerdictMessage } from '../../../src/approvals/channel/messages.ts';
import { keyId, makeKey, type Signer, unlockKey } from '../../../src/approvals/signing/approver-key.ts';
import type { Enrolment } from '../../../src/approvals/signing/enrolment.ts';
import { checkAnswer, signAnswer } from '../../../src/approvals/signing/signed-answer.ts';
import { readClientLine } from '../../../src/protocol/client-message.ts';
import type { CallMessage } from '../../../src/protocol/gated/tools-call.ts';
import { CallDigester } from '../../../src/proxy/call-digest.ts';
import { holdView } from '../../support/held.ts';
import { obligations } from '../../support/obligations.ts';

const SESSION = { session: 's1', command: 'c'.repeat(64), policy: 'p'.repeat(64) };
const NOW = Date.parse('2026-11-25T10:00:30.000Z');

function callOf(params: object): CallMessage {
  const line = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return readClientLine(Buffer.from(line)) as CallMessage;
}

function holdOf(params: { name: string; arguments?: object }, argumentsText: string): HoldView {
  return holdView('abcde', {
    nonce: '0'.repeat(32),
    tool: params.name,
    argumentsText,
    digest: 'd'.repeat(64),
    callDigest: new CallDigester('fs', SESSION.command).of(callOf(params)),
    openedAt: '2026-11-25T10:00:00.000Z',
    expiresAt: '2026-11-25T10:30:00.000Z',
    obligations: obligations({ sign: true }),
  });
}

describe('a signed answer', async () => {
  const key = await makeKey('ada', 'correct horse battery');
  const signer = (await unlockKey(key, 'correct horse battery')) as Signer;
  const ada = { name: 'ada', key: keyId(key.publicKey), publicKey: key.publicKey, since: '' };
  const enrolment: Enrolment = { approvers: new Map([[ada.key, ada]]), head: null };
  const hold = holdOf({ name: 'write', arguments: { path: '/x', n: 1 } }, '{"path":"/x","n":1}');

  const sign = (view: HoldView) =>
    signAnswer(
      {
        session: SESSION,
        hold: view,
        verdict: {
          hold: view.id,
          verdict: 'approve',
          digest: view.digest,
          callDigest: view.callDigest,
          method: 'watch',
          chain: [],
        },
        keyed: (digest) => `k${digest}`,
        confirmation: 'key',
        rendered: { digest: 'e'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const },
        now: NOW,
      },
      signer,
    );
  const signed = (view = hold): VerdictMessage => {
    const made = sign(view);
    if ('refusal' in made) throw new Error(made.refusal);
    return { type: 'verdict', ref: 1, ...made.verdict };
  };
  const check = (message: VerdictMessage, view = hold, session = SESSION, now = NOW) =>
    checkAnswer(message, view, { session, enrolment, keyed: (digest) => `k${digest}`, now });

  it('counts for the hold that it was given for', () => {
    expect(check(signed())).toMatchObject({ name: 'ada', signature: { key: ada.key } });
  });

  it('is not given for a call of other arguments, tool, server or answers than those shown', () => {
    const shown: Partial<HoldView>[] = [
      { argumentsText: '{"path":"/y","n":1}' },
      { argumentsText: '{"path":"/x","n":1.0}' },
      { argumentsText: '{"path":"/x"}' },
      { tool: 'read' },
      { server: 'other' },
      { task: '{}' },
      { input: { answers: '{}', questions: null, continues: null } },
      { argumentsText: 'no json' },
    ];
    for (const more of shown)
      expect(sign({ ...hold, ...more }), JSON.stringify(more)).toHaveProperty('refusal');
  });

  it('is given however the arguments are spelled, and for a call that has none', () => {
    expect(sign({ ...hold, argumentsText: '{ "n" : 1, "p\\u0061th":"/x" }' })).toHaveProperty('verdict');
    expect(sign(holdOf({ name: 'ping' }, '{}'))).toHaveProperty('verdict');
    expect(sign(holdOf({ name: 'ping', arguments: {} }, '{}'))).toHaveProperty('verdict');
  });

  it('does not count when anything in the hold, the session or the answer is another', () => {
    const good = signed();
    const views: Partial<HoldView>[] = [
      { nonce: '1'.repeat(32) },
      { keyed: true },
      { id: 'fghij' },
      { call: 2 },
      { server: 'x' },
      { tool: 'x' },
      { digest: 'a'.repeat(64) },
      { callDigest: 'a'.repeat(64) },
      { rule: 'x' },
      { expiresAt: '2026-11-25T10:31:00.000Z' },
      { openedAt: '2026-11-25T10:00:01.000Z' },
    ];
    for (const more of views)
      expect(check(good, { ...hold, ...more }), JSON.stringify(more)).toHaveProperty('fault');
    for (const name of ['session', 'command', 'policy'])
      expect(check(good, hold, { ...SESSION, [name]: 'x' }), name).toHaveProperty('fault');
    const answers: Partial<VerdictMessage>[] = [
      { verdict: 'reject' },
      { method: 'cli' },
      { reason: 'x' },
      { rendered: { digest: 'f'.repeat(64), masked: 0, revealed: false, seen: 'printed' as const } },
      { signature: { ...good.signature!, confirmation: 'passphrase' } },
      { signature: { ...good.signature!, decidedAt: '2026-11-25T10:00:31.000Z' } },
      { signature: { ...good.signature!, key: '0'.repeat(32) } },
    ];
    for (const more of answers)
      expect(check({ ...good, ...more }), JSON.stringify(more)).toHaveProperty('fault');
  });

  it('does not count before its hold was opened or from the future', () => {
    const good = signed();
    expect(check(good, hold, SESSION, NOW - 120_000)).toMatchObject({ cause: 'wrong-time' });
  });

  it('does not count after any of its bits was flipped', () => {
    const good = signed();
    const bytes = Buffer.from(good.signature!.value, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const signature = { ...good.signature!, value: flipped.toString('base64url') };
      expect(check({ ...good, signature })).toHaveProperty('fault');
    }
  });

  it('of random bytes never counts', () => {
    const good = signed();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        const signature = { ...good.signature!, value: Buffer.from(bytes).toString('base64url') };
        return 'fault' in check({ ...good, signature });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an answer from another machine to a call that is signed by keyed digests', async () => {
  const key = await makeKey('ada', 'correct horse battery');
  const signer = (await unlockKey(key, 'correct horse battery')) as Signer;
  const ada = { name: 'ada', key: keyId(key.publicKey), publicKey: key.publicKey, since: '' };
  const enrolment: Enrolment = { approvers: new Map([[ada.key, ada]]), head: null };
  const keyed = (digest: string): string => `k${digest}`;
  const real = { ...holdOf({ name: 'write', arguments: { path: '/etc' } }, '{"path":"/etc"}'), keyed: true };

  function answered(shown: HoldView): ReturnType<typeof checkAnswer> | 'not signed' {
    const made = signAnswer(
      {
        ...{ session: SESSION, hold: shown, confirmation: 'key', now: NOW, keyed: (one: string) => one },
        verdict: {
          ...{ hold: shown.id, verdict: 'approve', method: 'watch', chain: [] },
          ...{ digest: real.digest, callDigest: real.callDigest },
        },
        rendered: { digest: 'e'.repeat(64), masked: 0, revealed: false, seen: 'printed' },
      },
      signer,
    );
    if ('refusal' in made) return 'not signed';
    const message: VerdictMessage = { type: 'verdict', ref: 1, ...made.verdict };
    return checkAnswer(message, real, { session: SESSION, enrolment, keyed, now: NOW, elsewhere: true });
  }

  const keyedAs = { digest: keyed(real.digest), callDigest: keyed(real.callDigest) };

  it('counts where that call was shown', () => {
    expect(answered({ ...real, keyedAs })).toMatchObject({ name: 'ada' });
  });

  it("does not count where another call was shown with this one's digests under the machine's key", () => {
    const shown = holdOf({ name: 'write', arguments: { path: '/tmp' } }, '{"path":"/tmp"}');
    expect(answered({ ...shown, keyed: true, keyedAs })).toMatchObject({ cause: 'other-call' });
    // Nor with its plain digests: then what is shown is not the call that they name.
    expect(answered({ ...real, argumentsText: '{"path":"/tmp"}', keyedAs })).toBe('not signed');
  });
});
