import { type ChainLink, controllingTerminal, processChain } from '../../platform/process-chain.ts';
import type { SessionView } from '../channel/messages.ts';
import { agentMark } from './agent-marks.ts';
import { meetingOf } from './meeting.ts';

/** Where a command was typed, as far as the system tells. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  chain: readonly ChainLink[];
  isTerminal: boolean;
  /** The controlling terminal; undefined for none. */
  terminal: string | undefined;
}

export function surroundings(env: NodeJS.ProcessEnv, isTerminal: boolean): Surroundings {
  return { env, chain: processChain(), isTerminal, terminal: controllingTerminal() };
}

/** What of a session tells who started its proxy. */
export type StartedBy = Pick<SessionView, 'pid' | 'ancestors' | 'terminal'>;

/** A person seems to be there; `place` where that is less sure than elsewhere, for the record. */
export type Judged = { refusal: string } | { refusal: undefined; place: string | undefined };

const ADVICE = 'Only a person may do this: open a terminal of your own and do it there.';
export const EDITOR_TERMINAL = 'editor terminal (claimed)';

/**
 * Why this is not a person's own shell, as a sentence. It stops the helpful agent that would approve its own call; one
 * that means to can go around it (docs/audit.md, tier 0). `sessions` are those the command concerns.
 */
export function judgePerson(
  { env, chain, isTerminal, terminal }: Surroundings,
  cli: SessionView['cli'],
  sessions: readonly StartedBy[],
): Judged {
  const fine: Judged = { refusal: undefined, place: undefined };
  if (cli === 'any') return fine;
  if (cli === 'off')
    return {
      refusal: 'The policy turns this off on the command line (approvals.cli). Use holdpoint watch.',
    };
  const mark = agentMark(env);
  if (mark !== undefined) return { refusal: `This shell was opened by an agent (${mark} is set). ${ADVICE}` };
  const meetings = sessions.map((session) => {
    const proxy = [{ pid: session.pid, name: 'holdpoint' }, ...session.ancestors];
    return meetingOf(chain, proxy, { approver: terminal, proxy: session.terminal ?? undefined });
  });
  const client = meetings.find(({ kind }) => kind === 'client');
  if (client?.kind === 'client')
    return {
      refusal: `This shell belongs to the MCP client that made the call: both were started by ${client.name}. ${ADVICE}`,
    };
  if (cli === 'tty' && !isTerminal)
    return { refusal: 'The policy takes this from a terminal only (approvals.cli).' };
  const editor = meetings.find(({ kind }) => kind === 'editor');
  if (editor?.kind !== 'editor') return fine;
  if (cli === 'outside')
    return {
      refusal: `This is a terminal of ${editor.name}, the client itself, and the policy takes approvals from outside of it only (approvals.cli). ${ADVICE}`,
    };
  return { refusal: undefined, place: EDITOR_TERMINAL };
}

/** The same, as the refusal alone. */
export function notAPerson(
  here: Surroundings,
  cli: SessionView['cli'],
  sessions: readonly StartedBy[],
): string | undefined {
  return judgePerson(here, cli, sessions).refusal;
}
