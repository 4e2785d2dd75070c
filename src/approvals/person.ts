import { agentMark } from './agent-marks.ts';
import type { ChainLink } from './process-chain.ts';
import type { SessionView } from './wire.ts';

/** Where a command was typed, as far as the system tells. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  chain: readonly ChainLink[];
  isTerminal: boolean;
}

/**
 * Why this is not a person's own shell, as a sentence, or undefined. It stops the helpful agent that would approve
 * its own call; one that means to can go around it (DESIGN 6, tier 0). `sessions` are those the command concerns.
 */
export function notAPerson(
  { env, chain, isTerminal }: Surroundings,
  cli: SessionView['cli'],
  sessions: readonly Pick<SessionView, 'clientPid' | 'client'>[],
): string | undefined {
  if (cli === 'any') return undefined;
  if (cli === 'off')
    return 'The policy turns this off on the command line (approvals.cli). Use holdpoint watch.';
  const advice = 'Only a person may do this: open a terminal of your own and do it there.';
  const mark = agentMark(env);
  if (mark !== undefined) return `This shell was opened by an agent (${mark} is set). ${advice}`;
  const pids = new Set(chain.map((link) => link.pid));
  const client = sessions.find((session) => session.clientPid > 1 && pids.has(session.clientPid));
  if (client !== undefined) return `This shell belongs to the MCP client that made the call. ${advice}`;
  if (cli === 'tty' && !isTerminal) return 'The policy takes this from a terminal only (approvals.cli).';
  return undefined;
}
