import { again, type ClientFact, named } from './client-fact.ts';
import { type Finding, listed, note, shellWord, trouble } from './finding.ts';
import { impatient, limits } from './limit-findings.ts';

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
      'holdpoint clients (it says why, and what to write)',
    ),
  ];
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
