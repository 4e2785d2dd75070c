import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** What a room may do besides computing. */
type May = 'files' | 'clock' | 'random';

interface Room {
  /** Rooms that it may import. It may always import itself. */
  from: string;
  may?: May[];
  /** For a pure room: the packages that it may import; it imports no module of Node. */
  pure?: string[];
}

/** The rooms of docs/design.md: a file belongs to the deepest of them that holds it. */
const ROOMS: Record<string, Room> = {
  text: { from: '', pure: ['string-width'] },
  'protocol/json': { from: '', pure: [] },
  protocol: { from: 'protocol/json text', pure: [] },
  'protocol/edited': { from: 'protocol protocol/json text', pure: [] },
  'risk/classes': { from: '', pure: [] },
  'risk/words': { from: '', pure: [] },
  'risk/deeds': { from: 'risk/classes risk/words', pure: [] },
  risk: { from: 'risk/classes risk/deeds risk/words', pure: [] },
  salience: { from: 'protocol/json', pure: [] },
  harm: { from: 'salience text', pure: [] },
  'policy/paths': { from: 'protocol/json', pure: [] },
  'policy/naming': { from: '', pure: [] },
  'policy/decide': {
    from: 'harm policy/paths protocol protocol/json salience secrets risk risk/classes',
    pure: [],
  },
  'policy/offers': { from: 'policy/decide protocol/json risk/classes salience', pure: [] },
  'policy/source': {
    from: 'policy/decide policy/paths policy/source/cel protocol/json risk/classes',
    pure: ['zod', 'jsonc-parser', 'yaml'],
  },
  'policy/source/cel': { from: 'policy/decide', pure: ['@marcbachmann/cel-js', 're2js'] },
  'policy/source/lint': { from: 'policy/decide policy/source risk/classes', pure: [] },
  'secrets/shapes': { from: '', pure: [] },
  'secrets/names': { from: 'secrets/shapes', pure: [] },
  'secrets/places': { from: 'secrets/names secrets/shapes text', pure: [] },
  secrets: { from: 'protocol/json secrets/names secrets/places secrets/shapes text', pure: [] },
  platform: { from: 'text', may: ['files', 'clock', 'random'] },
  config: { from: 'policy/decide policy/source platform', may: ['files', 'clock'] },
  tools: {
    from: 'protocol protocol/json policy/decide platform config audit/log proxy risk risk/classes',
    may: ['files'],
  },
  'approvals/holding': { from: 'policy/decide protocol protocol/json text policy/offers' },
  'approvals/channel': {
    from: 'approvals/holding policy/decide platform protocol/json',
    may: ['files', 'clock'],
  },
  'approvals/notifying': { from: 'approvals/holding policy/decide' },
  'team/sealing': { from: '', may: ['random'] },
  'team/trust': {
    from: 'approvals/signing platform team/relay team/sealing',
    may: ['random'],
  },
  'team/relay': { from: 'platform policy/decide', may: ['files'] },
  'team/policy': { from: 'approvals/signing config' },
  'team/log': {
    from: 'audit/log platform team/relay team/sealing team/trust',
    may: ['clock'],
  },
  'team/holds': {
    from: 'approvals/channel approvals/signing platform policy/decide team/relay team/sealing team/trust',
  },
  'approvals/person': { from: 'approvals/channel platform' },
  'approvals/signing': {
    from: 'approvals/holding approvals/channel config policy/decide protocol protocol/json platform team/sealing',
    may: ['files', 'random'],
  },
  'approvals/showing': { from: 'harm protocol/json salience text', pure: ['diff'] },
  'approvals/answering': {
    from: 'approvals/showing approvals/holding approvals/channel approvals/person approvals/signing platform policy/decide policy/offers secrets text',
    may: ['clock'],
  },
  'audit/log': { from: 'platform policy/decide protocol/json', may: ['files'] },
  'audit/writing': {
    from: 'audit/log platform protocol/json secrets',
    may: ['files', 'clock', 'random'],
  },
  'audit/limits': { from: 'audit/log platform policy/decide', may: ['files'] },
  'audit/verify': { from: 'audit/log platform' },
  'audit/reading': {
    from: 'audit/log audit/limits audit/verify audit/writing platform policy/decide policy/offers policy/paths protocol/json text risk risk/classes',
    may: ['files'],
  },
  'audit/telling': { from: 'audit/log audit/reading audit/verify protocol/json text' },
  'audit/retention': { from: 'audit/log', may: ['files'] },
  'proxy/upstream': { from: '' },
  'remote/wire': { from: 'protocol protocol/json', pure: [] },
  'remote/http': { from: 'platform text' },
  remote: {
    from: 'platform protocol proxy/upstream remote/http remote/sign-in remote/wire text',
    may: ['clock'],
  },
  proxy: { from: 'platform proxy/upstream protocol protocol/json protocol/edited policy/decide' },
  'clients/formats': { from: '', pure: ['jsonc-parser', 'yaml', 'toml-eslint-parser'] },
  clients: { from: 'clients/formats platform policy/naming remote/wire text' },
  session: {
    from: 'proxy proxy/upstream tools config platform policy/decide policy/paths protocol protocol/json protocol/edited remote/wire approvals/holding approvals/channel approvals/signing approvals/person approvals/notifying audit/log audit/writing audit/limits audit/verify audit/retention team/holds team/log team/policy team/relay team/sealing team/trust',
    may: ['files', 'clock', 'random'],
  },
  'watch/state': {
    from: 'approvals/answering approvals/showing approvals/channel approvals/holding approvals/signing platform protocol/edited salience policy/decide policy/offers',
    may: ['clock'],
  },
  'watch/page': {
    from: 'watch/state approvals/answering approvals/channel approvals/showing harm protocol/json salience text',
    pure: [],
  },
  'watch/view': { from: 'watch/state watch/page', may: ['clock'] },
  'watch/beside': { from: 'text', may: ['files'] },
  'watch/editing': { from: 'platform', may: ['files'] },
  'watch/plain': {
    from: 'watch/state watch/page approvals/answering approvals/channel approvals/signing text',
    may: ['clock'],
  },
  watch: { from: 'watch/state watch/view watch/beside watch/editing approvals/showing text' },
  'remote/sign-in': { from: 'platform remote/http text remote/wire', may: ['files', 'clock', 'random'] },
  doctor: { from: '', pure: [] },
  demo: { from: '', may: ['files'] },
  'cli/terminal': { from: 'platform text', may: ['clock'] },
  cli: { from: '*', may: ['files', 'clock'] },
};

/** How each of what a room may do is recognised. */
const MARKS: Record<May, RegExp> = {
  files: /from 'node:fs(?:\/promises)?'|require\('node:fs'\)/,
  clock: /\bDate\.now\b|\bperformance\.now\b|new Date\(\)/,
  random: /\brandomBytes\b|\brandomInt\b|\brandomUUID\b|\bMath\.random\b/,
};

interface Import {
  from: string;
  to: string;
  dynamic: boolean;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]/gm)) {
    found.push({ from: file, to: match[2] ?? '', dynamic: false, typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/^import\s+['"]([^'"]+)['"]/gm)) {
    found.push({ from: file, to: match[1] ?? '', dynamic: false, typeOnly: false });
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    found.push({ from: file, to: match[1] ?? '', dynamic: true, typeOnly: false });
  }
  return found;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(SRC, name));
const imports = files.flatMap(importsOf);
const target = (edge: Import): string => resolve(dirname(edge.from), edge.to);

/** The deepest room that holds a file; of `cli` each folder is a family of commands and no room. */
function roomOf(file: string): string {
  for (let folder = dirname(relative(SRC, file)); folder !== '.'; folder = dirname(folder))
    if (folder in ROOMS) return folder;
  return '';
}

const edges = imports
  .filter((edge) => edge.to.startsWith('.'))
  .map((edge) => ({ ...edge, rooms: [roomOf(edge.from), roomOf(target(edge))] as const }));

describe('the rooms', () => {
  it('hold every file, and none of them is empty', () => {
    expect(files.filter((file) => roomOf(file) === '').map((file) => relative(SRC, file))).toEqual([]);
    const used = new Set(files.map(roomOf));
    expect(Object.keys(ROOMS).filter((room) => !used.has(room))).toEqual([]);
  });

  it('import each other only in the directions of the design, types included', () => {
    const breaches = edges
      .filter(({ rooms: [from, to] }) => {
        const allowed = ROOMS[from]?.from.split(' ') ?? [];
        return from !== to && !allowed.includes(to) && !allowed.includes('*');
      })
      .map((edge) => `${relative(SRC, edge.from)} -> ${relative(SRC, target(edge))}`);
    expect(breaches).toEqual([]);
  });

  it('are allowed no direction that nobody takes', () => {
    const taken = new Set(edges.map(({ rooms: [from, to] }) => `${from} -> ${to}`));
    const idle = Object.entries(ROOMS).flatMap(([room, { from }]) =>
      from
        .split(' ')
        .filter((to) => to !== '' && to !== '*' && !taken.has(`${room} -> ${to}`))
        .map((to) => `${room} -> ${to}`),
    );
    expect(idle).toEqual([]);
  });

  it('form no circle', () => {
    const below = new Map<string, Set<string>>();
    for (const { rooms } of edges)
      if (rooms[0] !== rooms[1]) below.set(rooms[0], (below.get(rooms[0]) ?? new Set()).add(rooms[1]));
    const circles: string[] = [];
    const visit = (room: string, way: string[]): void => {
      if (way.includes(room)) circles.push([...way.slice(way.indexOf(room)), room].join(' -> '));
      else for (const next of below.get(room) ?? []) visit(next, [...way, room]);
    };
    for (const room of Object.keys(ROOMS)) visit(room, []);
    expect(circles).toEqual([]);
  });

  it('that are pure import no module of Node and no package but the named ones', () => {
    const breaches = imports
      .filter((edge) => !edge.to.startsWith('.'))
      .filter((edge) => ROOMS[roomOf(edge.from)]?.pure?.includes(edge.to) === false)
      .map((edge) => `${relative(SRC, edge.from)} -> ${edge.to}`);
    expect(breaches).toEqual([]);
  });

  it('read files, clocks and chance only where the table says so, and each of these does', () => {
    const does = new Map<string, Set<string>>();
    for (const file of files) {
      const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const found = Object.entries(MARKS).flatMap(([may, mark]) => (mark.test(text) ? [may] : []));
      const room = roomOf(file);
      does.set(room, new Set([...(does.get(room) ?? []), ...found]));
    }
    const sorted = (names: Iterable<string>): string[] => [...names].sort();
    const found = Object.keys(ROOMS).map((room) => [room, sorted(does.get(room) ?? [])]);
    expect(found).toEqual(Object.entries(ROOMS).map(([room, { may = [] }]) => [room, sorted(may)]));
  });

  it('have no barrel and no drawer', () => {
    const names = files.map((file) => relative(SRC, file));
    expect(names.filter((name) => /(^|\/)(index\.tsx?|utils?|helpers?)(\/|\.|$)/.test(name))).toEqual([]);
  });
});

/** Our files that some reach by imports that are neither dynamic nor of types alone, and what these import besides. */
function reached(...starts: string[]): { files: Set<string>; foreign: { from: string; to: string }[] } {
  const seen = new Set<string>();
  const foreign: { from: string; to: string }[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const edge of importsOf(file)) {
      if (edge.dynamic || edge.typeOnly) continue;
      if (edge.to.startsWith('.')) visit(target(edge));
      else foreign.push({ from: relative(SRC, file), to: edge.to });
    }
  };
  for (const start of starts) visit(join(SRC, start));
  return { files: seen, foreign };
}

const packagesFrom = (start: string): string[] => reached(start).foreign.map(({ to }) => to);

describe('reading a policy', () => {
  it('loads the engines of conditions and of YAML only for a text that needs them', () => {
    const packages = packagesFrom('config/applied-policy.ts');
    expect(packages).toContain('zod');
    for (const heavy of ['@marcbachmann/cel-js', 're2js', 'yaml']) expect(packages).not.toContain(heavy);
    expect(packagesFrom('policy/source/cel/expressions.ts')).toContain('@marcbachmann/cel-js');
  });
});

describe('a start by a kept policy', () => {
  it("statically reaches nothing that reads or compiles a policy: Node's modules, our files and lowdb", () => {
    const parts = ['from-home', 'policy-session', 'policy-in-force', 'checkpoint-file'];
    const { files: seen, foreign } = reached(...parts.map((name) => `session/${name}.ts`));
    const packages = foreign.map(({ to }) => to).filter((to) => !to.startsWith('node:'));
    expect([...new Set(packages)]).toEqual(['lowdb']);
    expect(seen.has(join(SRC, 'config/kept-policy.ts'))).toBe(true);
    expect(seen.has(join(SRC, 'policy/source/compile.ts'))).toBe(false);
  });
});

describe('`holdpoint run`', () => {
  it("statically reaches Node's own modules and our files alone", () => {
    // The session is loaded while the server boots, and before any call passes.
    const { files: seen, foreign } = reached('cli/run/run.ts', 'session/session.ts');
    const breaches = foreign
      .filter(({ to }) => !to.startsWith('node:') || !builtinModules.includes(to.slice(5)))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(seen.size).toBeGreaterThan(5);
    expect(breaches).toEqual([]);
  });
});

describe("a bridge's part of a sign-in", () => {
  it("statically reaches Node's own modules and our files alone, and nothing that listens or starts programs", () => {
    const { files: seen, foreign } = reached('remote/sign-in/credentials.ts');
    expect(foreign.filter(({ to }) => !to.startsWith('node:'))).toEqual([]);
    const outward = ['node:http', 'node:https', 'node:net', 'node:child_process'];
    expect(foreign.filter(({ to }) => outward.includes(to))).toEqual([]);
    for (const other of ['refresh', 'login', 'callback', 'open-page'])
      expect(seen.has(join(SRC, `remote/sign-in/${other}.ts`))).toBe(false);
    expect(packagesFrom('remote/sign-in/refresh.ts')).toContain('@modelcontextprotocol/sdk/client/auth.js');
    // A refresh that comes later must not bring them either.
    const later = reached('remote/sign-in/refresh.ts').foreign.map(({ to }) => to);
    expect(later.filter((to) => outward.includes(to))).toEqual([]);
  });
});

const TEST = resolve(import.meta.dirname);
const STARTS = [
  'node:child_process',
  '@lydell/node-pty',
  '@modelcontextprotocol/client/stdio',
  '@modelcontextprotocol/sdk/client/stdio.js',
];

/** The files below test/ that reach what starts a process, by imports of files of test/ alone. */
function startsProcesses(file: string, seen = new Set<string>()): boolean {
  seen.add(file);
  return importsOf(file).some((edge) => {
    if (STARTS.includes(edge.to)) return true;
    const next = target(edge);
    return edge.to.startsWith('.') && next.startsWith(TEST) && !seen.has(next) && startsProcesses(next, seen);
  });
}

describe('tests outside of test/e2e and test/attacks', () => {
  it('start no process, but `mkfifo`, nor import what starts one', () => {
    const fifo = join(TEST, 'support/fifo.ts');
    const units = readdirSync(TEST, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name) && !/^(?:e2e|attacks)\//.test(name))
      .map((name) => join(TEST, name));
    expect(units.length).toBeGreaterThan(50);
    expect(
      units.filter((file) => startsProcesses(file, new Set([fifo]))).map((file) => relative(TEST, file)),
    ).toEqual([]);
  });
});
