import { type Finding, listed, note, shellWord, spell, trouble } from './finding.ts';

/** A server's entry in a client's file, as it stands now. Names are as they may be shown. */
export interface ServerFact {
  name: string;
  state: 'plain' | 'wrapped' | 'remote' | 'built-in' | 'unusable';
  why: string | undefined;
  /** What of the wrapped command is not there or cannot be started: a path, or a name that is not on the PATH. */
  missing: string | undefined;
  /** Why what the entry starts may be no holdpoint, as the end of a sentence. */
  doubt: string | undefined;
  /** The version of the holdpoint that the entry starts, where it is another than this one. */
  otherVersion: string | undefined;
  /** Another home than the one that is looked at, and what of the entry says so. */
  otherHome: { root: string; by: string } | undefined;
  /** A policy of its own. */
  ownPolicy: string | undefined;
  /** Why `run` would not take its words: a sentence. */
  refused: string | undefined;
  /** In seconds: what the client's file gives one call; undefined where nothing bounds it there. */
  limit: number | undefined;
  /** In seconds: what the entry's own words say of it. */
  said: number | undefined;
}

export interface ClientFact {
  /** As `wrap` knows it. */
  id: string;
  name: string;
  file: string;
  /** Why the file could not be read. */
  problem: string | undefined;
  /** Whether its entries have a setting for the time of one call. */
  settable: boolean;
  /** In seconds, for a client without such a setting: when its calls are answered; undefined: it waits as long as a hold. */
  patience: number | undefined;
  /** A project that is not the one where we are. */
  elsewhere: boolean;
  servers: readonly ServerFact[];
}

/** What of the clients' servers is not guarded, or would not start. */
export function serverFindings(clients: readonly ClientFact[], holdSeconds: number): Finding[] {
  if (clients.length === 0) {
    return [
      note(
        'no-client',
        'No configuration of a client that holdpoint knows was found.',
        'What no client starts through holdpoint is not guarded.',
        'holdpoint wrap --file PATH',
      ),
    ];
  }
  return [
    ...clients.flatMap((client) => [
      ...unguarded(client),
      ...broken(client),
      ...ownWays(client),
      ...(client.settable ? limits(client, holdSeconds) : []),
    ]),
    ...remotes(clients),
    ...impatient(clients, holdSeconds),
  ];
}

/** What nobody looked at is not found to be right. */
export function projectFindings(notLookedAt: number): Finding[] {
  if (notLookedAt === 0) return [];
  return [
    note(
      'projects-not-looked-at',
      `${notLookedAt} ${notLookedAt === 1 ? 'project' : 'projects'} of Claude Code more ${notLookedAt === 1 ? 'was' : 'were'} not looked at.`,
      'Servers of a project that nobody looked at may not be wrapped.',
      'holdpoint doctor (in the project)',
    ),
  ];
}

function remotes(clients: readonly ClientFact[]): Finding[] {
  const found = clients.flatMap(({ name, servers }) =>
    servers.filter(({ state }) => state === 'remote').map((server) => `${server.name} (${name})`),
  );
  if (found.length === 0) return [];
  return [
    note(
      'server-remote',
      `${listed(found)} ${found.length === 1 ? 'is' : 'are'} remote and not guarded.`,
      "Only the client's own question stands before their calls.",
      'let the entry start a local bridge (npx -y mcp-remote URL), then wrap it',
    ),
  ];
}

/** Clients whose time for a call nobody can set. */
function impatient(clients: readonly ClientFact[], holdSeconds: number): Finding[] {
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

function named(servers: readonly ServerFact[]): string {
  return listed(servers.map(({ name }) => name));
}

function unguarded({ id, name, file, problem, servers, elsewhere }: ClientFact): Finding[] {
  const found: Finding[] = [];
  const where = `${name} (${file})`;
  const wrap = elsewhere ? `holdpoint wrap --file ${shellWord(file)}` : `holdpoint wrap ${id}`;
  if (problem !== undefined)
    found.push(
      trouble('config-unreadable', problem, `Nobody can say which servers of ${name} are guarded.`, null),
    );
  const plain = servers.filter(({ state }) => state === 'plain');
  if (plain.length > 0)
    found.push(
      trouble(
        'server-not-wrapped',
        `${named(plain)} of ${where} ${plain.length === 1 ? 'is' : 'are'} not wrapped.`,
        'Their calls run unasked, and leave no record.',
        wrap,
      ),
    );
  const odd = servers.filter(({ state }) => state === 'unusable');
  for (const { name: server, why } of odd)
    found.push(
      trouble(
        'server-not-understood',
        `${server} of ${where} cannot be wrapped: ${why ?? 'it is not understood'}.`,
        'If its client can start it, its calls run unasked.',
        null,
      ),
    );
  return found;
}

function again({ id, file, elsewhere }: ClientFact): string {
  const which = elsewhere ? `--file ${shellWord(file)}` : id;
  return `holdpoint unwrap ${which} && holdpoint wrap ${which}`;
}

function broken(client: ClientFact): Finding[] {
  const { name, servers } = client;
  const found: Finding[] = [];
  for (const missing of new Set(servers.flatMap((one) => one.missing ?? []))) {
    const theirs = servers.filter((one) => one.missing === missing);
    found.push(
      trouble(
        'program-missing',
        `${name} starts ${named(theirs)} with ${missing}, which is not there.`,
        'The server does not start at all: Node or holdpoint was moved, removed or upgraded.',
        missing.includes('/')
          ? again(client)
          : 'npm install -g . (in the clone), or holdpoint wrap --no-portable',
      ),
    );
  }
  for (const doubt of new Set(servers.flatMap((one) => one.doubt ?? []))) {
    const theirs = servers.filter((one) => one.doubt === doubt);
    found.push(
      trouble(
        'not-holdpoint',
        `${named(theirs)} of ${name} ${theirs.length === 1 ? 'looks' : 'look'} wrapped, and ${doubt}.`,
        'Another program may start the server and ask nobody.',
        again(client),
      ),
    );
  }
  const older = servers.filter(({ otherVersion }) => otherVersion !== undefined);
  if (older.length > 0)
    found.push(
      note(
        'other-version',
        `${name} starts ${named(older)} with holdpoint ${listed([...new Set(older.map((one) => one.otherVersion ?? ''))])}.`,
        'Another holdpoint than this one decides there; the two may not understand each other.',
        again(client),
      ),
    );
  return found;
}

/** Entries that go by something else than this home. */
function ownWays(client: ClientFact): Finding[] {
  const { name } = client;
  return client.servers.flatMap(({ name: server, otherHome, ownPolicy, refused }) => {
    const which = `${server} of ${name}`;
    const found: Finding[] = [];
    if (refused !== undefined)
      found.push(
        trouble(
          'words-refused',
          `holdpoint does not take the words of ${which}: ${refused}`,
          'The server does not start at all.',
          again(client),
        ),
      );
    if (otherHome !== undefined)
      found.push(
        // Whoever wrote --home meant it; a variable is mostly meant for the server.
        (otherHome.by === '--home' ? note : trouble)(
          'other-home',
          `${which} has its policy and its record in ${otherHome.root} (${otherHome.by}).`,
          'What it holds is not shown here, and by what it decides was not looked at now.',
          otherHome.by === '--home' ? `holdpoint doctor --home ${shellWord(otherHome.root)}` : again(client),
        ),
      );
    if (ownPolicy !== undefined)
      found.push(
        note(
          'own-policy',
          `${which} decides by ${ownPolicy}.`,
          'The policy of this home does not count there.',
          `holdpoint policy check ${shellWord(ownPolicy)}`,
        ),
      );
    return found;
  });
}

function limits(client: ClientFact, holdSeconds: number): Finding[] {
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
