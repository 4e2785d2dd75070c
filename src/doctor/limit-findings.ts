import { again, type ClientFact, named } from './client-fact.ts';
import { type Finding, listed, note, spell, trouble } from './finding.ts';

/** Clients whose time for a call nobody can set. */
export function impatient(clients: readonly ClientFact[], holdSeconds: number): Finding[] {
  const short = clients.filter(
    ({ settable, patience, servers }) =>
      !settable &&
      patience !== undefined &&
      patience < holdSeconds &&
      servers.some(({ state }) => state === 'wrapped'),
  );
  if (short.length === 0) return [];
  const names = [...new Set(short.map(({ name, patience = 0 }) => `${name} (${spell(patience)})`))];
  return [
    note(
      'client-patience',
      `${listed(names)} ${names.length === 1 ? 'gives' : 'give'} up on a call before a question may end (${spell(holdSeconds)}), and ${names.length === 1 ? 'has' : 'have'} no setting for it.`,
      'Shortly before, the agent is told that nothing ran and to repeat the call, which then runs once you have approved it.',
      null,
    ),
  ];
}

export function limits(client: ClientFact, holdSeconds: number): Finding[] {
  const { name, servers } = client;
  const wrapped = servers.filter(({ state }) => state === 'wrapped');
  const lowered = wrapped.filter(
    ({ limit, said }) => limit !== undefined && said !== undefined && limit < said,
  );
  const short = wrapped.filter(
    ({ limit, said }) => said === undefined && limit !== undefined && limit < holdSeconds,
  );
  const found: Finding[] = [];
  if (lowered.length > 0)
    found.push(
      trouble(
        'client-limit-lowered',
        `${name} gives up on a call of ${named(lowered)} after ${spell(lowered[0]?.limit ?? 0)}, and its entry says ${spell(lowered[0]?.said ?? 0)}.`,
        'A held call is abandoned before holdpoint can tell the agent to ask again.',
        again(client),
      ),
    );
  if (short.length > 0)
    found.push(
      note(
        'client-limit-short',
        `${name} gives up on a call of ${named(short)} after ${spell(short[0]?.limit ?? 0)}; a question may wait ${spell(holdSeconds)}.`,
        'The agent is told to repeat the call until you have answered.',
        again(client),
      ),
    );
  return found;
}
