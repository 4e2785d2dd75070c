import { describe, expect, it } from 'vitest';
import { agentMark } from '../../src/approvals/agent-marks.ts';
import { ClientLimits, isTimeOut } from '../../src/approvals/client-limits.ts';
import { notAPerson } from '../../src/approvals/person.ts';
import { clientPid, processChain } from '../../src/approvals/process-chain.ts';

const HERE = { env: {}, chain: [{ pid: 10, name: 'zsh' }], isTerminal: true };
const CLIENT = [{ clientPid: 10, client: 'claude-code' }];
const OTHER = [{ clientPid: 99, client: 'claude-code' }];

describe('the guard against approving for an agent', () => {
  it.for([
    ['a shell of its own', HERE, 'person', OTHER, undefined],
    ["the client's own shell", HERE, 'person', CLIENT, 'belongs to the MCP client'],
    ["an agent's shell", { ...HERE, env: { CLAUDECODE: '1' } }, 'person', OTHER, 'CLAUDECODE is set'],
    [
      'no terminal where one is asked for',
      { ...HERE, isTerminal: false },
      'tty',
      OTHER,
      'from a terminal only',
    ],
    ['no terminal where none is asked for', { ...HERE, isTerminal: false }, 'person', OTHER, undefined],
    ['anything where the policy says any', { ...HERE, env: { AGENT: '1' } }, 'any', CLIENT, undefined],
    ['anything where the policy says off', HERE, 'off', OTHER, 'turns this off'],
    [
      'init as the client',
      { ...HERE, chain: [{ pid: 1, name: 'init' }] },
      'person',
      [{ clientPid: 1, client: null }],
      undefined,
    ],
  ] as const)('%s', ([, here, cli, sessions, said]) => {
    const refusal = notAPerson({ ...here, chain: [...here.chain] }, cli, sessions);
    if (said === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(said);
  });

  it.for([
    [{ CODEX_SANDBOX_NETWORK_DISABLED: '1' }, 'CODEX_SANDBOX_NETWORK_DISABLED'],
    [{ CODEX_HOME: '/x' }, undefined],
    [{ AGENT: '' }, undefined],
    [{ SSH_AGENT_PID: '1', AGENTS: 'x' }, undefined],
  ] as const)('sees in %j: %s', ([env, mark]) => {
    expect(agentMark(env)).toBe(mark);
  });

  it.for([
    [['claude', 'zsh'], 0],
    [['sh', 'npm exec holdpoint', 'claude', 'zsh'], 2],
    [['sudo', 'Cursor'], 1],
    [['sh', 'npx'], undefined],
    [['shark', 'zsh'], 0],
  ] as const)('takes of %j the %s. as the client behind its runners', ([names, at]) => {
    const chain = names.map((name, i) => ({ pid: 100 + i, name }));
    expect(clientPid(chain, 7)).toBe(at === undefined ? 7 : 100 + at);
  });

  it('knows the ancestors of this very process', () => {
    expect(processChain()[0]?.pid).toBe(process.ppid);
  });
});

describe("a client's limit", () => {
  it.for([
    [undefined, true, 50_000],
    ['whatever', false, 50_000],
    ['constructor', false, 50_000],
    ['codex-mcp-client', true, 290_000],
    ['opencode', true, undefined],
    ['opencode', false, 50_000],
    ['gemini-cli-mcp-client', true, 590_000],
    ['claude-code', true, undefined],
  ] as const)('of %s (with a token: %s) is %s ms', ([client, token, ms]) => {
    expect(new ClientLimits({}, () => {}).answerWithinMs(client, token, 'auto')).toBe(ms);
  });

  it('is learned from a cancellation that says its time was over, and never grows by another', () => {
    const learned: [string, number][] = [];
    const limits = new ClientLimits({ slow: 400_000 }, (...one) => void learned.push(one));
    limits.timedOut('opencode', 60_000.5);
    limits.timedOut('opencode', 90_000);
    limits.timedOut('opencode', 20_000);
    limits.timedOut(undefined, 3);
    expect(learned).toEqual([
      ['opencode', 60_000],
      ['opencode', 20_000],
    ]);
    expect(limits.answerWithinMs('opencode', true, 'auto')).toBe(16_000);
    expect(limits.answerWithinMs('opencode', true, 300_000)).toBe(16_000);
    expect(limits.answerWithinMs('slow', true, 'auto')).toBe(50_000);
    expect(limits.answerWithinMs('claude-code', true, 'auto')).toBeUndefined();
  });

  it.for([
    ['McpError: MCP error -32001: Request timed out', true],
    ['Request timed out', true],
    ['timeout', true],
    ['AbortError: The operation was aborted.', false],
    ['MCP request cancelled by caller', false],
    ['', false],
  ] as const)('is not taught by "%s": %s', ([reason, teaches]) => {
    expect(isTimeOut(reason)).toBe(teaches);
  });
});
