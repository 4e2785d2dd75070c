/** A variable that an agent sets in the shells it opens: a name, or a prefix ending in `*`; and where that is said. */
interface Mark {
  name: string;
  agent: string;
  source: string;
}

const DETECT_AGENT = 'vercel/vercel packages/detect-agent/src/index.ts';
const AGENTS_MD = 'agentsmd/agents.md issue 136';
const SEEN = 'seen in the shell that it opens';

/** Data, not code. Read in these places on 2026-11-27; those that were seen in real shells say so. */
export const AGENT_MARKS: readonly Mark[] = [
  { name: 'AI_AGENT', agent: 'any (a proposed standard)', source: DETECT_AGENT },
  { name: 'AGENT', agent: 'goose, amp, opencode, pi', source: AGENTS_MD },
  { name: 'AGENT_SESSION_ID', agent: 'goose', source: 'block/goose, environment of its shell tool' },
  { name: 'AGENT_THREAD_ID', agent: 'amp', source: 'the Amp CLI, environment of its shell tool' },
  { name: 'CLAUDECODE', agent: 'Claude Code', source: SEEN },
  { name: 'CLAUDE_CODE', agent: 'Claude Code', source: DETECT_AGENT },
  { name: 'CLAUDE_CODE_ENTRYPOINT', agent: 'Claude Code', source: 'anthropics/claude-agent-sdk-python' },
  {
    name: 'CLAUDE_CODE_CHILD_SESSION',
    agent: 'Claude Code',
    source: 'Claude Code, environment of its children',
  },
  {
    name: 'CLAUDE_CODE_SESSION_ID',
    agent: 'Claude Code',
    source: 'Claude Code, environment of its children',
  },
  { name: 'CLAUDE_CODE_IS_COWORK', agent: 'Cowork', source: DETECT_AGENT },
  { name: 'GEMINI_CLI', agent: 'Gemini CLI', source: SEEN },
  { name: 'QWEN_CODE', agent: 'Qwen Code', source: 'QwenLM/qwen-code shellExecutionService' },
  { name: 'OPENCODE', agent: 'opencode', source: SEEN },
  { name: 'OPENCODE_CLIENT', agent: 'opencode', source: DETECT_AGENT },
  { name: 'CURSOR_AGENT', agent: 'Cursor', source: SEEN },
  { name: 'CODEX_*', agent: 'Codex', source: SEEN },
  {
    name: 'COPILOT_CLI',
    agent: 'Copilot CLI',
    source: 'github/copilot-cli, environment of its hooks and shells',
  },
  { name: 'GOOSE_TERMINAL', agent: 'goose', source: 'block/goose, environment of its shell tool' },
  { name: 'AMP_CURRENT_THREAD_ID', agent: 'Amp', source: 'phpstan/phpstan-src AgentDetector.php' },
  { name: 'CLINE_ACTIVE', agent: 'Cline', source: 'cline/cline discussion 5366' },
  { name: 'AUGMENT_AGENT', agent: 'Auggie', source: DETECT_AGENT },
  { name: 'ANTIGRAVITY_AGENT', agent: 'Antigravity', source: DETECT_AGENT },
  { name: 'TRAE_AI_SHELL_ID', agent: 'Trae', source: AGENTS_MD },
  { name: 'CRUSH', agent: 'Crush', source: 'charmbracelet/crush, environment of its shell' },
  { name: 'PI_CODING_AGENT', agent: 'pi', source: AGENTS_MD },
  { name: 'OPENCLAW_SHELL', agent: 'OpenClaw', source: 'openclaw, environment of its exec tool' },
  { name: 'VSCODE_AGENT', agent: 'VS Code agent mode', source: AGENTS_MD },
];

/**
 * What people's own shells have too: codex's files and key; CURSOR_TRACE_ID stands in every terminal pane of Cursor,
 * and REPL_ID in every shell of Replit, so they are not in the list.
 */
const NOT_A_MARK = new Set(['CODEX_HOME', 'CODEX_API_KEY']);

/** The variable that shows that an agent opened this shell, if any. */
export function agentMark(env: NodeJS.ProcessEnv): string | undefined {
  return Object.keys(env).find(
    (name) =>
      (env[name] ?? '') !== '' && !NOT_A_MARK.has(name) && AGENT_MARKS.some((mark) => isMark(mark, name)),
  );
}

function isMark({ name: mark }: Mark, name: string): boolean {
  return mark.endsWith('*') ? name.startsWith(mark.slice(0, -1)) : name === mark;
}
