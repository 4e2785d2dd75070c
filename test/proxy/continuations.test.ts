import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/policy/decide/types.ts';
import { Enforcer } from '../../src/proxy/enforce.ts';
import type { Approvals, Decide, Escalation, Recorder } from '../../src/proxy/ports.ts';
import { ServerLines } from '../../src/proxy/server-lines.ts';
import { broker } from '../support/broker.ts';
import { obligations } from '../support/obligations.ts';

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const MINUTE = 60_000;

interface Params {
  name?: string;
  arguments?: object;
  requestState?: string;
  inputResponses?: object;
  _meta?: object;
}

interface Answer {
  id: unknown;
  result?: { content: { text: string }[] };
  error?: { message: string };
}

/** The enforcement point in front of a waiting room that approves at once, unless told not to. */
function room() {
  const at = { mono: 0, wall: 0 };
  const forwarded: unknown[] = [];
  const answers: { id: unknown; text: string }[] = [];
  const staged: string[] = [];
  const asked: Escalation[] = [];
  let latest: Escalation | undefined;
  const state = { approves: true, disk: true, effect: 'escalate' as Decision['effect'], timeoutMs: 1000 };
  const recorder: Recorder = {
    decision: ({ call }, decision) => void staged.push(`decision ${call} ${decision.effect}`),
    refusal: (cause) => void staged.push(`refusal ${cause}`),
    serverLine: (cause) => void staged.push(`server ${cause}`),
    outcome: () => {},
    commit: () => {},
  };
  const { broker: waiting } = broker({
    now: () => at,
    record: (records) => {
      if (!state.disk) throw new Error('the disk is full');
      for (const one of records) {
        const { type, call, continues } = one as { type: string; call: number; continues?: number };
        if (type === 'forward' && continues !== undefined) staged.push(`continued ${call} of ${continues}`);
      }
    },
    forward: (request, digest) => pep.open.forward(request, digest),
    refuse: (request, refusal) => pep.open.refuse(request, refusal),
    show: ({ id, held: { digest, callDigest } }) => {
      if (latest !== undefined) asked.push(latest);
      if (!state.approves) return;
      const rendered = { digest, masked: 0, revealed: false, seen: 'printed' as const };
      const by = { name: 'ada', method: 'watch' as const, tier: 0 as const, chain: [] };
      const said = { confirmation: undefined, reason: undefined, definition: null, dwellMs: undefined };
      waiting.verdict({ hold: id, verdict: 'approve', digest, callDigest, by, rendered, ...said }, 1);
    },
  });
  const approvals: Approvals = {
    escalated: (escalation, request) => {
      const { arguments: args, task, inputResponses, continues, ...rest } = escalation;
      const held = { ...rest, argumentsText: args.text, task: task?.text, keyed: false, lines: 1 };
      const repeats = inputResponses === undefined ? continues?.call : undefined;
      latest = escalation;
      waiting.escalated({ ...held, server: 's', caller: undefined }, request, {
        hasProgressToken: false,
        repeats,
      });
    },
    askedAgain: (call, terms) => waiting.askedAgain(call, terms),
    cancelled: () => false,
    answered: (request) => waiting.answered(request),
    end: () => {},
  };
  const pep: Enforcer = new Enforcer(
    { server: 's', commandDigest: 'x', caller: undefined },
    {
      tools: { listed: () => {}, unlisted: () => {} },
      toServer: (line) =>
        void forwarded.push((JSON.parse(Buffer.from(line).toString()) as { id: unknown }).id),
      flush: () => {},
      toClient: (line) => {
        const { id, result, error } = JSON.parse(line) as Answer;
        answers.push({ id, text: result?.content[0]?.text ?? error?.message ?? '' });
      },
      policyWanted: () => {},
      client: () => {},
      settled: () => {},
      mono: () => at.mono,
      stopped: () => undefined,
    },
  );
  const decide: Decide = () => ({
    effect: state.effect,
    rule: 'r',
    reason: 'because',
    matched: ['r'],
    obligations: obligations({ timeoutMs: state.timeoutMs }),
    diagnostics: [],
    counted: [],
  });
  pep.ready({ decide, recorder, approvals });
  const server = new ServerLines(pep.open, { relay: () => {}, hidden: undefined });
  const call = (id: number, params: Params = {}): void => {
    const whole = { name: 't', arguments: { a: 1 }, _meta: MODERN, ...params };
    pep.take([
      Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: whole })}\n`),
    ]);
  };
  const asks = (id: number, result: object): void => {
    const answer = { jsonrpc: '2.0', id, result: { resultType: 'input_required', ...result } };
    server.push(Buffer.from(`${JSON.stringify(answer)}\n`));
  };
  return { at, forwarded, answers, staged, asked, state, call, asks };
}

/** A first call that was approved, and that its server asked to be repeated with the state "s". */
function repeated(result: object = {}) {
  const made = room();
  made.call(1);
  made.asks(1, { requestState: 's', ...result });
  return made;
}

describe('a call that its server asks to be repeated', () => {
  it('goes on under the first approval, with a record of its own, once for each state', () => {
    const { call, asked, forwarded, staged } = repeated();
    call(2, { requestState: 's' });
    expect(asked).toHaveLength(1);
    expect(forwarded).toEqual([1, 2]);
    expect(staged).toEqual(['decision 1 escalate', 'decision 2 escalate', 'continued 2 of 1']);
    call(3, { requestState: 's' });
    expect(asked).toHaveLength(2);
  });

  it('goes on again when its server gives it a new state', () => {
    const { call, asks, asked, staged } = repeated();
    call(2, { requestState: 's' });
    asks(2, { requestState: 's2' });
    call(3, { requestState: 's2', arguments: { a: 1 } });
    expect(asked).toHaveLength(1);
    expect(staged.at(-1)).toBe('continued 3 of 2');
  });

  it('is a new call when it brings answers, and is held with the question and the first call', () => {
    const { call, asked, forwarded, state } = repeated({
      inputRequests: { k: { method: 'elicitation/create' } },
    });
    state.approves = false;
    call(2, { requestState: 's', inputResponses: { k: { action: 'accept' } } });
    expect(forwarded).toEqual([1]);
    expect(asked[1]).toMatchObject({
      continues: { call: 1, questions: '{"k":{"method":"elicitation/create"}}' },
      inputResponses: { text: '{"k":{"action":"accept"}}' },
    });
    expect(asked[1]?.callDigest).not.toBe(asked[0]?.callDigest);
  });

  it.for([
    ['a state that no server gave', { requestState: 'other' }],
    ['other arguments', { requestState: 's', arguments: { a: 2 } }],
    ['the same arguments spelled as another number', { requestState: 's', arguments: { a: '1' } }],
    ['another tool', { requestState: 's', name: 'u' }],
    [
      'another client',
      { requestState: 's', _meta: { ...MODERN, 'io.modelcontextprotocol/clientInfo': { name: 'x' } } },
    ],
    ['no protocol version', { requestState: 's', _meta: {} }],
    ['answers to a state that no server gave', { requestState: 'other', inputResponses: {} }],
  ] as const)('is refused, for nobody was shown what its state says, when it has %s', ([, params]) => {
    for (const effect of ['allow', 'escalate'] as const) {
      const { call, asked, forwarded, state, answers, staged } = repeated();
      state.effect = effect;
      call(2, params);
      expect(asked).toHaveLength(1);
      expect(forwarded).toEqual([1]);
      expect(answers[0]?.text).toContain('not one that the server gave for this very call');
      expect(staged.at(-1)).toBe('refusal unknown-state');
    }
  });

  it('is asked about again under other obligations than those that were approved', () => {
    const { call, asked, state } = repeated();
    state.timeoutMs = 5;
    call(2, { requestState: 's' });
    expect(asked).toHaveLength(2);
  });

  it('is asked about again once the first approval is 15 minutes old, by either clock', () => {
    for (const clock of ['mono', 'wall'] as const) {
      const { at, call, asked } = repeated();
      at[clock] = 15 * MINUTE;
      call(2, { requestState: 's' });
      expect(asked).toHaveLength(2);
    }
  });

  it('is denied when the policy denies it now', () => {
    const { call, forwarded, state, answers } = repeated();
    state.effect = 'deny';
    call(2, { requestState: 's' });
    expect(forwarded).toEqual([1]);
    expect(answers[0]?.text).toContain('policy denies');
  });

  it('is refused when its record cannot be written, and its state is spent', () => {
    const { call, asked, forwarded, state, answers } = repeated();
    state.disk = false;
    call(2, { requestState: 's' });
    expect(forwarded).toEqual([1]);
    expect(answers[0]?.text).toContain('could not be recorded');
    state.disk = true;
    call(3, { requestState: 's' });
    expect(asked).toHaveLength(2);
  });

  it('gets nothing from a server that answers a call it never got', () => {
    const { call, asks, asked, state, forwarded, answers } = room();
    state.approves = false;
    call(1);
    asks(1, { requestState: 's' });
    call(2, { requestState: 's' });
    expect(asked).toHaveLength(1);
    expect(forwarded).toEqual([]);
    expect(answers[0]?.text).toContain('not one that the server gave');
  });

  it('gets nothing from a call that the policy allowed by itself', () => {
    const { call, asks, asked, state } = room();
    state.effect = 'allow';
    call(1);
    asks(1, { requestState: 's' });
    state.effect = 'escalate';
    call(2, { requestState: 's' });
    expect(asked).toHaveLength(1);
  });
});
