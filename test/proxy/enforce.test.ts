import { describe, expect, it, vi } from 'vitest';
import type { Call, Decision } from '../../src/policy/decide/types.ts';
import { Enforcer } from '../../src/proxy/enforce.ts';
import type { Governed } from '../../src/proxy/governed.ts';
import type { Approvals, Decide, Escalation, Recorder } from '../../src/proxy/ports.ts';
import { ServerLines } from '../../src/proxy/server-lines.ts';
import { obligations } from '../support/obligations.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const call = (id: number | string, tool = 't', more = ''): Uint8Array =>
  bytes(
    `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":"${tool}","arguments":{}${more}}}\n`,
  );
const PING = bytes('{"jsonrpc":"2.0","id":99,"method":"ping"}\n');

function decision(effect: Decision['effect']): Decision {
  const asked = effect === 'escalate' ? obligations({ timeoutMs: 1000 }) : undefined;
  return {
    effect,
    rule: 'r',
    reason: 'because',
    matched: ['r'],
    obligations: asked,
    diagnostics: [],
    counted: [],
  };
}

/** By the tool's name: `allow…`, `deny…`, `escalate…`, anything else throws. */
const byName: Decide = ({ tool }: Call) => {
  const effect = (['allow', 'deny', 'escalate'] as const).find((one) => tool.startsWith(one));
  if (effect === undefined) throw new Error('the policy broke');
  return decision(effect);
};

function enforcer(
  more: {
    commit?: () => void;
    escalated?: (escalation: Escalation) => void;
    cancelled?: () => boolean;
    stopped?: () => string | undefined;
  } = {},
) {
  const toServer: string[] = [];
  const toClient: { id: unknown; text: string; error?: number; resultType?: string | undefined }[] = [];
  const staged: string[] = [];
  const written: string[] = [];
  const policyWanted = vi.fn();
  const settled = vi.fn();
  const escalated = vi.fn(more.escalated ?? (() => {}));
  const recorder: Recorder = {
    decision: ({ tool }, { effect }) => void staged.push(`decision ${tool} ${effect}`),
    refusal: (cause) => void staged.push(`refusal ${cause}`),
    serverLine: (cause) => void staged.push(`server ${cause}`),
    outcome: (record) => void staged.push(`outcome ${record.call} ${record.outcome}`),
    commit: () => {
      more.commit?.();
      written.push(...staged.splice(0));
    },
  };
  const approvals: Approvals = {
    escalated,
    cancelled: more.cancelled ?? (() => false),
    askedAgain: () => {},
    answered: () => false,
    end: () => {},
  };
  const made = new Enforcer(
    { server: 's', commandDigest: 'x', caller: undefined },
    {
      tools: { listed: () => {}, unlisted: () => {} },
      toServer: (line) => {
        toServer.push(`${Buffer.from(line).toString().trim()} after ${written.length}`);
      },
      flush: () => {},
      toClient: (line) => {
        const { id, result, error } = JSON.parse(line) as {
          id: unknown;
          result?: { content: { text: string }[]; resultType?: string };
          error?: { code: number; message: string };
        };
        toClient.push({
          id,
          text: result?.content[0]?.text ?? error?.message ?? '',
          resultType: result?.resultType,
          ...(error ? { error: error.code } : {}),
        });
      },
      policyWanted,
      client: () => {},
      settled,
      mono: () => 0,
      stopped: more.stopped ?? (() => undefined),
    },
  );
  const fromServer = (text: string): void =>
    new ServerLines(made.open, { relay: () => {}, hidden: undefined }).push(bytes(`${text}\n`));
  const govern = (decide: Decide, awaits?: Governed['awaits']): void =>
    made.ready({ decide, awaits, recorder, approvals });
  return {
    enforcer: made,
    govern,
    fromServer,
    toServer,
    toClient,
    staged,
    written,
    escalated,
    policyWanted,
    settled,
  };
}

function ready(more: Parameters<typeof enforcer>[0] = {}) {
  const made = enforcer(more);
  made.govern(byName);
  return made;
}

describe('the enforcement point', () => {
  it('forwards an allowed call only after its decision is written', () => {
    const { enforcer: pep, toServer } = ready();
    pep.take([call(1, 'allow')]);
    expect(toServer).toEqual([expect.stringMatching(/"allow".* after 1$/)]);
  });

  it('refuses every call of a chunk whose records cannot be written, and passes the other lines', () => {
    const {
      enforcer: pep,
      toServer,
      toClient,
      escalated,
    } = ready({
      commit: () => {
        throw new Error('The audit log cannot be written: ENOSPC.');
      },
    });
    pep.take([call(1, 'allow'), PING, call(2, 'escalate'), call(3, 'deny')]);
    expect(toServer).toEqual([expect.stringContaining('"ping"')]);
    expect(
      toClient.map(({ id, text }) => [
        id,
        text.includes('nothing runs without a record') && text.includes('ENOSPC'),
      ]),
    ).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(escalated).not.toHaveBeenCalled();
  });

  it('refuses a call whose decision throws', () => {
    const { enforcer: pep, toServer, toClient, written } = ready();
    pep.take([call(1, 'odd')]);
    expect([toServer, toClient[0]?.text]).toEqual([
      [],
      expect.stringContaining('refuses what it cannot decide: the policy broke'),
    ]);
    expect(written).toEqual(['decision odd deny']);
  });

  it('refuses an escalation that the waiting room cannot take', () => {
    const {
      enforcer: pep,
      toServer,
      toClient,
    } = ready({
      escalated: () => {
        throw new Error('no room');
      },
    });
    pep.take([call(1, 'escalate')]);
    expect([toServer, toClient[0]?.text]).toEqual([[], expect.stringContaining('no room')]);
  });

  it('while everything is stopped refuses calls, and nothing else, and records them as any denial', () => {
    let why: string | undefined = 'Everything is stopped since noon.';
    const { enforcer: pep, toServer, toClient, written, escalated } = ready({ stopped: () => why });
    pep.take([call(1, 'allow'), PING, call(2, 'escalate')]);
    expect(toServer).toEqual([expect.stringContaining('"ping"')]);
    expect(toClient.map(({ id, text }) => [id, text])).toEqual(
      [1, 2].map((id) => [id, expect.stringMatching(/stopped since noon\..*"holdpoint resume"/)]),
    );
    expect(escalated).not.toHaveBeenCalled();
    expect(written).toEqual(['decision allow deny', 'decision escalate deny']);
    why = undefined;
    pep.take([call(3, 'allow')]);
    expect(toServer).toHaveLength(2);
  });

  it('says that everything is stopped also where there is no usable policy', () => {
    const { enforcer: pep, toClient } = enforcer({ stopped: () => 'Everything is stopped.' });
    pep.unusable('It has a mistake.');
    pep.take([call(1, 'allow')]);
    expect(toClient[0]?.text).toContain('Everything is stopped.');
  });

  it('refuses every call while there is no usable policy, and passes everything else', () => {
    const { enforcer: pep, toServer, toClient } = enforcer();
    pep.unusable('It has a mistake.');
    pep.take([call(1, 'allow'), PING]);
    expect(toServer).toHaveLength(1);
    expect(toClient[0]?.text).toContain('Nothing can be decided here, so nothing runs: It has a mistake.');
  });

  it('keeps the first call that comes before the policy, and all behind it, in their order, and asks for the policy', () => {
    const { enforcer: pep, govern, toServer, toClient, policyWanted } = enforcer();
    pep.take([PING, call(1, 'allow1'), call(2, 'deny'), call(3, 'allow2')]);
    expect(toServer).toHaveLength(1);
    expect(policyWanted).toHaveBeenCalled();
    govern(byName);
    expect(toServer.map((line) => /"(allow\d|ping)"/.exec(line)?.[1])).toEqual(['ping', 'allow1', 'allow2']);
    expect(toClient.map((answer) => answer.id)).toEqual([2]);
  });

  it('drops a call that is cancelled before the policy is there, and swallows its cancellation', () => {
    const { enforcer: pep, govern, toServer, toClient } = enforcer();
    pep.take([
      call(1, 'allow'),
      bytes('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'),
    ]);
    govern(byName);
    expect([toServer, toClient]).toEqual([[], []]);
  });

  it('drops both of two calls with one id when that id is cancelled before the policy is there', () => {
    const { enforcer: pep, govern, toServer } = enforcer();
    pep.take([
      call(1, 'allow'),
      call(1, 'allow'),
      bytes('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'),
    ]);
    govern(byName);
    expect(toServer).toEqual([]);
  });

  it('cancels no call that comes behind the cancellation with the same id', () => {
    const { enforcer: pep, toServer, written } = ready();
    pep.take([
      call(1, 'allow1'),
      bytes('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}\n'),
      call(2, 'allow2'),
    ]);
    expect(toServer).toHaveLength(3);
    pep.serverGone('exit code 0');
    pep.take([]);
    expect(written.filter((line) => line.startsWith('outcome'))).toEqual([
      'outcome 1 unknown',
      'outcome 2 unknown',
    ]);
  });

  it('refuses an escalation without obligations, and a call beyond 16,384 unanswered ones', () => {
    const made = enforcer();
    made.govern(() => ({ ...decision('escalate'), obligations: undefined }));
    made.enforcer.take([call(1, 't')]);
    expect(made.toClient[0]?.text).toContain('names no obligations');
    const { enforcer: pep, toServer, toClient } = ready();
    pep.take(Array.from({ length: 16_385 }, (_, id) => call(id, 'allow')));
    expect(toServer).toHaveLength(16_384);
    expect(toClient).toEqual([
      expect.objectContaining({ id: 16_384, text: expect.stringContaining('still unanswered') }),
    ]);
  });

  it('drops what waits when the client reads no more', () => {
    const { enforcer: pep, govern, toServer } = enforcer();
    const done = vi.fn();
    pep.take([call(1, 'allow')]);
    pep.clientGone(false, done);
    govern(byName);
    expect(done).toHaveBeenCalledTimes(1);
    expect(toServer).toEqual([]);
  });

  it('decides what waits when the client has only ended its stream, and lets the server go after that', () => {
    const { enforcer: pep, govern, toServer, toClient } = enforcer();
    pep.take([call(1, 'allow'), call(2, 'deny')]);
    pep.clientGone(true, () => toServer.push('the end'));
    expect(toServer).toEqual([]);
    govern(byName);
    expect(toServer.map((line) => /allow|the end/.exec(line)?.[0])).toEqual(['allow', 'the end']);
    expect(toClient.map(({ id }) => id)).toEqual([2]);
  });

  it('refuses a call with the id of an unanswered request; 7 and "7" are two ids', () => {
    const { enforcer: pep, toServer, toClient, written } = ready();
    pep.take([call(7, 'allow'), call(7, 'allow'), call('7', 'allow'), PING, call(99, 'allow')]);
    expect(toServer).toHaveLength(3);
    expect(toClient.map(({ id, error }) => [id, error])).toEqual([
      [7, -32600],
      [99, -32600],
    ]);
    expect(written.filter((line) => line.startsWith('refusal'))).toEqual([
      'refusal duplicate-id',
      'refusal duplicate-id',
    ]);
  });

  it('takes an id again once it was answered', () => {
    const { enforcer: pep, fromServer, toServer } = ready();
    pep.take([call(7, 'allow')]);
    fromServer('{"jsonrpc":"2.0","result":{},"id":7}');
    pep.take([call(7, 'allow')]);
    expect(toServer).toHaveLength(2);
  });

  it('does not take a server’s word for a call that it never got', () => {
    const { enforcer: pep, fromServer, staged } = ready();
    pep.take([call(1, 'escalate')]);
    fromServer('{"jsonrpc":"2.0","id":1,"result":{}}');
    expect(staged).toEqual(['server answer-before-call']);
    expect(pep.open.forward('n:1', 'not its digest')).toBe(false);
  });

  it('forwards the bytes of the digest it was given, once', () => {
    const { enforcer: pep, toServer, escalated } = ready();
    pep.take([call(1, 'escalate')]);
    const digest = escalated.mock.calls[0]?.[0].digest ?? '';
    expect([pep.open.forward('n:1', digest), pep.open.forward('n:1', digest)]).toEqual([true, false]);
    expect(toServer).toHaveLength(1);
  });

  it('answers in the shape that the call needs: resultType for 2026-07-28, an error for a task', () => {
    const { enforcer: pep, toClient } = ready();
    pep.take([
      call(1, 'deny', ',"task":{"ttl":1}'),
      call(2, 'deny', ',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}'),
      call(3, 'deny'),
    ]);
    expect(toClient.map(({ error, resultType }) => error ?? resultType)).toEqual([
      1001,
      'complete',
      undefined,
    ]);
  });

  it('records an unknown outcome for what the server leaves unanswered, and answers it', () => {
    const { enforcer: pep, toClient, staged } = ready();
    pep.take([call(1, 'allow'), PING]);
    pep.serverGone('exit code 3');
    expect(toClient.map(({ id, error }) => [id, error])).toEqual([
      [1, -32603],
      [99, -32603],
    ]);
    expect(staged).toEqual(['outcome 1 unknown']);
  });
});

describe('a part of the policy that a call needs and that is not loaded yet', () => {
  /** Loaded when `loaded` is called; wanted by tools whose name says so. */
  function lazily(more: Parameters<typeof enforcer>[0] = {}) {
    const made = enforcer(more);
    let loaded = (): void => {};
    let there = false;
    const loading = new Promise<void>((done) => {
      loaded = () => {
        there = true;
        done();
      };
    });
    const awaits = vi.fn((tool: string) => (!there && tool.includes('lazy') ? loading : undefined));
    const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
    const load = (): Promise<void> => {
      loaded();
      return turn();
    };
    return { ...made, awaits, load };
  }

  it('holds that call and all that follows it, in order, and nothing before it', async () => {
    const { enforcer: pep, govern, awaits, load, toServer, written, settled } = lazily();
    govern(byName, awaits);
    pep.take([call(1, 'allow'), call(2, 'allow_lazy'), PING, call(3, 'allow')]);
    pep.take([PING]);
    expect(toServer.map((line) => /"id":(\d+)/.exec(line)?.[1])).toEqual(['1']);
    expect([pep.waits, written]).toEqual([true, ['decision allow allow']]);
    await load();
    expect(toServer.map((line) => /"id":(\d+)/.exec(line)?.[1])).toEqual(['1', '2', '99', '3', '99']);
    expect([pep.waits, settled.mock.calls.length]).toEqual([false, 2]);
    pep.take([call(4, 'deny_lazy')]);
    expect(written.at(-1)).toBe('decision deny_lazy deny');
  });

  it('is waited for by calls that waited for the policy itself', async () => {
    const { enforcer: pep, govern, awaits, load, toServer, written } = lazily();
    pep.take([call(1, 'allow'), call(2, 'allow_lazy')]);
    govern(byName, awaits);
    expect([pep.waits, toServer, written]).toEqual([true, [], []]);
    await load();
    expect([pep.waits, toServer.length, written.length]).toEqual([false, 2, 2]);
  });

  it('lets a call be cancelled meanwhile, which then never runs', async () => {
    const { enforcer: pep, govern, awaits, load, toServer, written } = lazily();
    govern(byName, awaits);
    pep.take([call(1, 'allow_lazy')]);
    pep.take([bytes('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n')]);
    await load();
    expect([toServer, written]).toEqual([[], []]);
  });

  it('is waited for when the client has ended and reads, and not when it is gone', async () => {
    for (const reads of [true, false]) {
      const { enforcer: pep, govern, awaits, load, toServer } = lazily();
      govern(byName, awaits);
      pep.take([call(1, 'allow_lazy')]);
      const done = vi.fn();
      pep.clientGone(reads, done);
      expect(done.mock.calls.length).toBe(reads ? 0 : 1);
      await load();
      expect([done.mock.calls.length, toServer.length]).toEqual([1, reads ? 1 : 0]);
    }
  });

  it('leaves a call that waits for it when its server ends with an answer, once', async () => {
    const { enforcer: pep, govern, awaits, load, toServer, toClient } = lazily();
    govern(byName, awaits);
    pep.take([call(1, 'allow_lazy')]);
    pep.serverGone('exit code 0');
    await load();
    expect([toServer, toClient.length]).toEqual([[], 1]);
  });
});
