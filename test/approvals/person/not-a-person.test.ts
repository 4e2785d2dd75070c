import { describe, expect, it } from 'vitest';
import { ClientLimits, isTimeOut } from '../../../src/approvals/holding/client-limits.ts';
import { agentMark } from '../../../src/approvals/person/agent-marks.ts';
import { EDITOR_TERMINAL, judgePerson, notAPerson } from '../../../src/approvals/person/not-a-person.ts';
import { type ChainLink, processChain } from '../../../src/platform/process-chain.ts';

const shell = { pid: 10, name: 'zsh', leads: true };
const HERE = {
  env: {},
  chain: [shell, { pid: 9, name: 'gnome-terminal-' }],
  isTerminal: true,
  terminal: '34816',
};
/** A session of a proxy below these, nearest first. */
const below = (...ancestors: ChainLink[]) => [{ pid: 99, ancestors, terminal: null }];
const OTHER = below({ pid: 50, name: 'claude' }, { pid: 9, name: 'gnome-terminal-' });

describe('the guard against approving for an agent', () => {
  it.for([
    ['a shell of its own', HERE, 'person', OTHER, undefined],
    ["an agent's shell", { ...HERE, env: { CLAUDECODE: '1' } }, 'person', OTHER, 'CLAUDECODE is set'],
    [
      'no terminal where one is asked for',
      { ...HERE, isTerminal: false },
      'tty',
      OTHER,
      'from a terminal only',
    ],
    ['no terminal where none is asked for', { ...HERE, isTerminal: false }, 'person', OTHER, undefined],
    ['anything where the policy says any', { ...HERE, env: { AGENT: '1' } }, 'any', OTHER, undefined],
    ['anything where the policy says off', HERE, 'off', OTHER, 'turns this off'],
  ] as const)('%s', ([, here, cli, sessions, said]) => {
    const refusal = notAPerson({ ...here, chain: [...here.chain] }, cli, [...sessions]);
    if (said === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(said);
  });

  const client = { pid: 50, name: 'python3' };
  const agentShell = [{ pid: 61, name: 'sh' }, client, shell];
  it.for([
    ['directly', [client, shell]],
    ['by bash -c', [{ pid: 60, name: 'bash' }, client, shell]],
    ['by a launcher in python', [{ pid: 60, name: 'python3' }, client, shell]],
    ['by uv', [{ pid: 60, name: 'uv' }, { pid: 59, name: 'uvx' }, client, shell]],
    ['by mise and direnv', [{ pid: 60, name: 'mise' }, { pid: 59, name: 'direnv' }, client, shell]],
    ['by npx in a shell', [{ pid: 60, name: 'npm exec' }, { pid: 59, name: 'sh' }, client, shell]],
  ] as const)("refuses its client's own shell when that started the proxy %s", ([, ancestors]) => {
    expect(notAPerson({ ...HERE, chain: agentShell }, 'person', below(...ancestors))).toContain(
      'belongs to the MCP client that made the call: both were started by python3',
    );
  });

  it.for([
    ['the same terminal window', { pid: 9, name: 'gnome-terminal-' }],
    ['one tmux server', { pid: 9, name: 'tmux: server' }],
    ['one login', { pid: 9, name: 'sshd-session' }],
    ['the user manager', { pid: 9, name: 'systemd' }],
    ['one shell of a terminal', { pid: 9, name: '-zsh', leads: true }],
    ['init', { pid: 1, name: 'whatever' }],
  ] as const)('takes two that meet in %s for two', ([, common]) => {
    const sessions = below({ pid: 50, name: 'claude' }, common);
    expect(
      notAPerson({ ...HERE, chain: [{ pid: 11, name: 'bash' }, common] }, 'person', sessions),
    ).toBeUndefined();
  });

  it.for([
    ['a shell that leads no session', { pid: 9, name: 'bash' }],
    ['a client that leads a terminal of its own', { pid: 9, name: 'claude', leads: true }],
    ['a script', { pid: 9, name: 'python3' }],
  ] as const)('refuses two that meet in %s', ([, common]) => {
    const sessions = below({ pid: 50, name: 'node' }, common);
    expect(notAPerson({ ...HERE, chain: [shell, common] }, 'person', sessions)).toContain(common.name);
  });

  describe("in an editor's own terminal", () => {
    const editor = { pid: 9, name: 'code' };
    const here = { ...HERE, chain: [shell, { pid: 12, name: 'code' }, editor] };
    const sessions = below({ pid: 13, name: 'code' }, editor);

    it('takes an approval from another terminal than the proxy has, and says so in the record', () => {
      expect(judgePerson(here, 'person', sessions)).toEqual({ refusal: undefined, place: EDITOR_TERMINAL });
    });

    it.for([
      ['without a terminal', { ...here, terminal: undefined }, 'person'],
      ['where the policy wants it outside', here, 'outside'],
      ["with an agent's mark", { ...here, env: { CURSOR_AGENT: '1' } }, 'person'],
      ['of a client that is no editor', { ...here, chain: [shell, { pid: 9, name: 'claude' }] }, 'person'],
    ] as const)('takes none %s', ([, from, cli]) => {
      const common = from.chain.at(-1)!;
      expect(judgePerson(from, cli, below({ pid: 13, name: 'code' }, common)).refusal).toBeDefined();
    });

    it('takes none from the terminal that the proxy itself has', () => {
      const one = sessions.map((session) => ({ ...session, terminal: HERE.terminal }));
      expect(judgePerson(here, 'person', one).refusal).toContain('both were started by code');
    });
  });

  it.for([
    [{ CODEX_SANDBOX_NETWORK_DISABLED: '1' }, 'CODEX_SANDBOX_NETWORK_DISABLED'],
    [{ CODEX_HOME: '/x' }, undefined],
    [{ CURSOR_TRACE_ID: 'x' }, undefined],
    ...[
      'CLAUDE_CODE_ENTRYPOINT',
      'GOOSE_TERMINAL',
      'AMP_CURRENT_THREAD_ID',
      'CLINE_ACTIVE',
      'COPILOT_CLI',
      'AI_AGENT',
      'QWEN_CODE',
    ].map((name) => [{ [name]: '1' }, name] as const),
    [{ AGENT: '' }, undefined],
    [{ SSH_AGENT_PID: '1', AGENTS: 'x' }, undefined],
  ] as const)('sees in %j: %s', ([env, mark]) => {
    expect(agentMark(env)).toBe(mark);
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
    ['Visual Studio Code - Insiders', false, undefined],
  ] as const)('of %s (with a token: %s) is %s ms', ([client, token, ms]) => {
    expect(new ClientLimits({}, () => {}).answerWithinMs(client, token, 'auto')).toBe(ms);
  });

  it.for([
    ['codex-mcp-client', 1_800_000, 1_790_000],
    ['gemini-cli-mcp-client', 60_000, 50_000],
    ['whatever', 20_000, 16_000],
  ] as const)('of %s that its configuration raised to %i ms is %i ms', ([client, stated, ms]) => {
    expect(new ClientLimits({}, () => {}, stated).answerWithinMs(client, true, 'auto')).toBe(ms);
  });

  it('that was raised is not shortened by what the client taught before, but by what it teaches since', () => {
    const learned: [string, number][] = [];
    const limits = new ClientLimits({ codex: 60_000 }, (...one) => void learned.push(one), 1_800_000);
    expect(limits.answerWithinMs('codex', true, 'auto')).toBe(1_790_000);
    limits.timedOut('codex', 300_000);
    expect(limits.answerWithinMs('codex', true, 'auto')).toBe(290_000);
    expect(learned).toEqual([['codex (told 1800000 ms)', 300_000]]);
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
