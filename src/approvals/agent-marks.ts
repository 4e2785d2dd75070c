/**
 * Environment variables that agents set in the shells they open. Data, not code: an entry is a name, or a prefix
 * ending in `*`. Sources: the agents' own documentation and research/clients.md 3.
 */
const AGENT_MARKS = ['CLAUDECODE', 'GEMINI_CLI', 'OPENCODE', 'CURSOR_AGENT', 'CODEX_*', 'AGENT'];
/** Where a person keeps codex's files and key; an ordinary shell has these too. */
const NOT_A_MARK = new Set(['CODEX_HOME', 'CODEX_API_KEY']);

/** The variable that shows that an agent opened this shell, if any. */
export function agentMark(env: NodeJS.ProcessEnv): string | undefined {
  return Object.keys(env).find(
    (name) =>
      (env[name] ?? '') !== '' &&
      !NOT_A_MARK.has(name) &&
      AGENT_MARKS.some((mark) => (mark.endsWith('*') ? name.startsWith(mark.slice(0, -1)) : name === mark)),
  );
}
