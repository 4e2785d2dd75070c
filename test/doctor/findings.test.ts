import { describe, expect, it } from 'vitest';
import type { ClientFact, ServerFact } from '../../src/doctor/client-fact.ts';
import { type Finding, listed, shellWord, spell } from '../../src/doctor/finding.ts';
import { type HomeFact, homeFindings, sessionFindings } from '../../src/doctor/home-findings.ts';
import { proofFindings, terminalFindings, toolsFindings } from '../../src/doctor/people-findings.ts';
import { type PolicyFact, policyFindings } from '../../src/doctor/policy-findings.ts';
import { projectFindings, serverFindings } from '../../src/doctor/server-findings.ts';

const ids = (findings: readonly Finding[]): string[] => findings.map(({ id, level }) => `${level} ${id}`);

const SERVER: ServerFact = {
  name: 'github',
  state: 'wrapped',
  why: undefined,
  missing: undefined,
  doubt: undefined,
  otherHome: undefined,
  ownPolicy: undefined,
  refused: undefined,
  otherVersion: undefined,
  limit: undefined,
  said: undefined,
};
const client = (servers: Partial<ServerFact>[], parts: Partial<ClientFact> = {}): ClientFact => ({
  id: 'cursor',
  name: 'Cursor',
  file: '/h/.cursor/mcp.json',
  problem: undefined,
  settable: true,
  patience: undefined,
  elsewhere: false,
  servers: servers.map((one) => ({ ...SERVER, ...one })),
  ...parts,
});
const POLICY: PolicyFact = {
  fault: undefined,
  file: '/h/policy.json',
  mode: 'enforce',
  problems: [],
  unapplied: [],
  fresh: [],
  gone: [],
  leftAside: [],
  unnamed: [],
  notifier: undefined,
};
const HOME: HomeFact = {
  root: '/h/.holdpoint',
  open: [],
  damaged: [],
  stopped: undefined,
  unwritable: undefined,
  log: { bytes: 10, sessions: 1 },
  verify: { exitCode: 0, said: ['OK'] },
};

describe('a command that mends', () => {
  it('has paths and names of others as one word of a shell each', () => {
    const path = "/h/$(evil)/it's; x";
    const word = `'/h/$(evil)/it'\\''s; x'`;
    expect([shellWord(path), shellWord('/h/a-b_1.json'), shellWord('')]).toEqual([
      word,
      '/h/a-b_1.json',
      "''",
    ]);
    const away = client([{ state: 'plain' }, { missing: '/x' }], { elsewhere: true, file: path });
    const open = { path, why: 'mode', mode: '600' } as const;
    const found = [
      ...serverFindings([away], 1800),
      ...homeFindings({ ...HOME, open: [open], damaged: [path] }),
      ...toolsFindings([{ server: path, changed: 1, added: 0 }]),
    ];
    expect(found).toHaveLength(5);
    for (const { fix } of found) expect(fix).toContain(word.slice(0, -1));
  });
});

describe('where all is well', () => {
  it('nothing is found', () => {
    expect(serverFindings([client([{}, { limit: 1800, said: 1800 }])], 1800)).toEqual([]);
    expect(policyFindings(POLICY)).toEqual([]);
    expect(homeFindings(HOME)).toEqual([]);
    expect(
      sessionFindings([{ name: 'github', silent: undefined, olderPolicy: false, otherVersion: undefined }]),
    ).toEqual([]);
    expect(proofFindings({ user: 'ada', enrolled: ['ada'], keysHere: ['ada'] })).toEqual([]);
    expect(toolsFindings([{ server: 'github', changed: 0, added: 0 }])).toEqual([]);
    expect(terminalFindings({ locale: 'en_US.UTF-8', term: 'xterm', noColour: false })).toEqual([]);
  });
});

describe("a client's servers", () => {
  it('of projects that were left out are said to be', () => {
    expect(projectFindings(0)).toEqual([]);
    expect(projectFindings(200)[0]?.what).toBe('200 projects of Claude Code more were not looked at.');
  });

  it.for<[string, ClientFact, string[]]>([
    ['not wrapped', client([{ state: 'plain' }]), ['trouble server-not-wrapped']],
    ['not understood', client([{ state: 'unusable', why: 'odd' }]), ['trouble server-not-understood']],
    ['remote', client([{ state: 'remote' }]), ['note server-remote']],
    ['of the client itself', client([{ state: 'built-in' }]), []],
    ['in a broken file', client([], { problem: 'x is not JSON' }), ['trouble config-unreadable']],
    ['started by what is gone', client([{ missing: '/usr/bin/node18' }]), ['trouble program-missing']],
    ['started by what may be no holdpoint', client([{ doubt: 'it is odd' }]), ['trouble not-holdpoint']],
    ['of another home by --home', client([{ otherHome: { root: '/o', by: '--home' } }]), ['note other-home']],
    ['of another home by HOME', client([{ otherHome: { root: '/o', by: 'HOME' } }]), ['trouble other-home']],
    ['with a policy of its own', client([{ ownPolicy: '/p' }]), ['note own-policy']],
    ['with words that run refuses', client([{ refused: 'No.' }]), ['trouble words-refused']],
    ['started by another version', client([{ otherVersion: '0.1.0' }]), ['note other-version']],
    ['with a limit that was lowered', client([{ limit: 60, said: 1800 }]), ['trouble client-limit-lowered']],
    ['with a short limit', client([{ limit: 60 }]), ['note client-limit-short']],
    [
      'with no setting for a limit',
      client([{}], { settable: false, patience: 50 }),
      ['note client-patience'],
    ],
    ['with no limit at all', client([{}], { settable: false }), []],
    ['of a client that waits long enough', client([{}], { settable: false, patience: 1800 }), []],
  ])('%s', ([, fact, found]) => {
    expect(ids(serverFindings([fact], 1800))).toEqual(found);
  });

  it('are named together, each with the command that mends them', () => {
    const servers = ['a', 'b', 'c'].map((name) => ({ name, state: 'plain' as const }));
    expect(serverFindings([client(servers)], 1800)[0]).toMatchObject({
      what: 'a, b and c of Cursor (/h/.cursor/mcp.json) are not wrapped.',
      fix: 'holdpoint wrap cursor',
    });
    const missing = serverFindings([client([{ missing: 'holdpoint' }])], 1800)[0];
    expect(missing?.fix).toContain('--no-portable');
  });

  it('of another project are mended by their file', () => {
    const fact = client([{ state: 'plain' }], { elsewhere: true });
    expect(serverFindings([fact], 1800)[0]?.fix).toBe('holdpoint wrap --file /h/.cursor/mcp.json');
  });

  it('are said to be unknown where no client is', () => {
    expect(ids(serverFindings([], 1800))).toEqual(['note no-client']);
  });
});

describe('the policy', () => {
  it.for<[Partial<PolicyFact>, string[]]>([
    [{ fault: 'It cannot be read.' }, ['trouble policy-unusable']],
    [{ file: undefined }, ['note no-policy']],
    [{ problems: [{ severity: 'error', said: 'x' }] }, ['trouble policy-problem']],
    [{ problems: [{ severity: 'warning', said: 'x' }] }, ['note policy-warning']],
    [{ unapplied: ['/h/policy.json'] }, ['trouble policy-not-applied']],
    [{ fresh: ['/h/policy.json'] }, ['note policy-new']],
    [{ file: undefined, gone: ['/h/policy.json'] }, ['trouble policy-gone']],
    [{ leftAside: ['/w/.policyrc is writable by others.'] }, ['trouble policy-left-aside']],
    [{ notifier: 'The notifier /x does not exist.' }, ['trouble notifier-unusable']],
    [{ mode: 'observe' }, ['note policy-observes']],
    [{ unnamed: ['fs'] }, ['note policy-names-not']],
  ])('%j', ([parts, found]) => {
    expect(ids(policyFindings({ ...POLICY, ...parts }))).toEqual(found);
  });
});

describe('a command for the name of a server', () => {
  it('can be pasted into a shell, whatever the name in it', () => {
    const [found] = policyFindings({ ...POLICY, unnamed: ['Browser search', 'fs'] });
    expect(found?.fix).toBe('holdpoint policy init fs --print');
    const [odd] = policyFindings({ ...POLICY, unnamed: ['Browser search'] });
    expect(odd?.fix).toBe('holdpoint policy init --print');
    const [changed] = toolsFindings([{ server: 'Browser search', changed: 1, added: 0 }]);
    expect(changed?.fix).toBe("holdpoint tools accept 'Browser search'");
    expect(shellWord('/h/.cursor/mcp.json')).toBe('/h/.cursor/mcp.json');
    expect(shellWord("it's $(rm)")).toBe(`'it'\\''s $(rm)'`);
    expect(shellWord('')).toBe("''");
  });
});

describe('the home', () => {
  it.for<[Partial<HomeFact>, string[]]>([
    [{ open: [{ path: '/h', why: 'mode', mode: '700' }] }, ['trouble home-open']],
    [{ open: [{ path: '/h', why: 'owner', mode: '700' }] }, ['trouble home-foreign']],
    [{ unwritable: 'The disk is full.' }, ['trouble log-not-writable']],
    [{ stopped: 'Everything is stopped.' }, ['trouble stopped']],
    [{ damaged: ['/h/.holdpoint/state/pins.json'] }, ['trouble state-damaged']],
    [{ verify: { exitCode: 5, said: ['x'] } }, ['trouble log-not-whole']],
    [{ verify: undefined }, ['note log-not-checked']],
    [{ log: { bytes: 2e9, sessions: 9 } }, ['note log-large']],
  ])('%j', ([parts, found]) => {
    expect(ids(homeFindings({ ...HOME, ...parts }))).toEqual(found);
  });

  it('says of a log that is not whole what is wrong with it first', () => {
    const said = [
      'TAMPERED: it is not what was written.',
      '',
      'Found:',
      '  tampered: a.jsonl, line 3: It was changed.',
    ];
    const [found] = homeFindings({ ...HOME, verify: { exitCode: 5, said } });
    expect(found?.what).toBe('The log is tampered with: a.jsonl, line 3: It was changed.');
  });

  it('has proxies that do not answer, or run under an older policy', () => {
    expect(
      ids(
        sessionFindings([
          { name: 'a', silent: 'it is wire version 4', olderPolicy: false, otherVersion: undefined },
          { name: 'b', silent: undefined, olderPolicy: true, otherVersion: '0.1.0' },
        ]),
      ),
    ).toEqual(['trouble proxy-silent', 'note proxy-other-version', 'note proxy-older-policy']);
  });
});

describe('people and their terminal', () => {
  it('are told how far an approval proves who gave it', () => {
    const fact = { user: 'ada', keysHere: [] };
    expect(ids(proofFindings({ ...fact, enrolled: [] }))).toEqual(['note proof-tier-0']);
    expect(ids(proofFindings({ ...fact, enrolled: ['bob'] }))).toEqual(['note key-elsewhere']);
    expect(ids(proofFindings({ ...fact, enrolled: { fault: 'x' } }))).toEqual(['trouble approvers-damaged']);
  });

  it('are told what changed and what cannot be drawn', () => {
    expect(toolsFindings([{ server: 's', changed: 2, added: 1 }])[0]?.what).toBe(
      '2 changed and 1 new of the tools of s since they were accepted.',
    );
    expect(ids(terminalFindings({ locale: 'C', term: 'dumb', noColour: true }))).toEqual([
      'note terminal-not-utf8',
      'note terminal-dumb',
      'note terminal-no-colour',
    ]);
  });
});

describe('words', () => {
  it('count names and seconds as people do', () => {
    expect([[], ['a'], ['a', 'b'], [...'abcdef'], [...'abcdefgh']].map(listed)).toEqual([
      '',
      'a',
      'a and b',
      'a, b, c, d, e and f',
      'a, b, c, d, e and 3 more',
    ]);
    expect([30, 119, 120, 1800].map(spell)).toEqual(['30 seconds', '119 seconds', '2 minutes', '30 minutes']);
  });
});
