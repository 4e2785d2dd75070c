import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/applied-policy.ts';
import { keepAll, loadAndKeep } from '../../src/config/compile-and-keep.ts';
import type { InForce } from '../../src/config/in-force.ts';
import { KeptPolicies } from '../../src/config/kept-policy.ts';
import { applyChange, pendingChanges } from '../../src/config/pending-change.ts';
import { type PolicyContext, policySources } from '../../src/config/policy-sources.ts';
import type { Home } from '../../src/platform/home.ts';
import { newPlaces, writePolicy } from './places.ts';

const KEY = Buffer.alloc(32, 7);
let home: Home;
let etc: string;
let project: string;
let inner: string;
let context: PolicyContext;
let kept: KeptPolicies;

beforeEach(() => {
  ({ home, etc, project, inner } = newPlaces());
  context = { named: undefined, workingFolder: inner, administrator: etc };
  kept = new KeptPolicies(home, KEY);
});

const write = writePolicy;
const own = (policy: object = { allow: ['fs/read_*'] }): string =>
  write(join(home.root, 'policy.json'), policy, 0o600);
const applied = async (path: string): Promise<void> => {
  for (const change of await pendingChanges(home, path)) applyChange(home, change);
};
const start = (): Promise<InForce> =>
  loadAndKeep(home, context, { load: { firstSeen: 'apply' }, kept: () => kept });
const read = (): InForce | undefined => kept.read(context, policySources(home, context));
const anew = (): Promise<InForce> =>
  loadPolicy(home, undefined, { firstSeen: 'leave', workingFolder: inner, administrator: etc });
const keptFile = (): string => {
  const folder = join(home.state, 'compiled');
  return join(folder, readdirSync(folder)[0] ?? '');
};

/** What a session goes by, without what only a compiled layer has. */
function told({ policy, file, digest, layers, notices, changes }: InForce): unknown {
  const parts = layers.map(({ name, counts, file, digest }) => ({ name, counts, file, digest }));
  const text = JSON.stringify(policy, (key, value) =>
    typeof value === 'bigint' ? `${value}` : key === 'facts' ? undefined : value,
  );
  return {
    policy: text.replace(/"(when|unless)":\{"source":/g, '"$1":{'),
    file,
    digest,
    parts,
    notices,
    changes,
  };
}
const sorted = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort())
      : one,
  );
function sameAs(one: InForce | undefined, other: InForce): void {
  const [a, b] = [one, other].map((inForce) => {
    const { policy, ...rest } = told(inForce as InForce) as { policy: string };
    return { ...rest, policy: sorted(JSON.parse(policy)) };
  });
  expect(a).toEqual(b);
}

/** Ways in which a home can stand; each is kept, and taken as it is compiled. */
const STANDS: Record<string, () => Promise<void> | void> = {
  'without any policy': () => {},
  'with a policy of its own': () => void own({ deny: [{ tool: 'x', over: '3/hour' }], allow: ['*'] }),
  'with an administrator above it': () => {
    own();
    write(join(etc, 'policy.json'), { deny: ['fs/delete_*'], default: 'deny' });
  },
  'with an administrator who cannot be trusted': () => {
    own();
    write(join(etc, 'policy.json'), { allow: ['*'] }, 0o666);
  },
  "with a project's policy that nobody applied": () => {
    own();
    write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['*'] });
  },
  'with one that was applied': async () => {
    own();
    await applied(write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] }));
  },
  'with one that changed since': async () => {
    own();
    const path = write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] });
    await applied(path);
    write(path, { deny: ['a/y'], allow: ['*'] });
  },
  'with one that is gone since': async () => {
    own();
    const path = write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] });
    await applied(path);
    rmSync(path);
  },
  'with one that others may write, and may now': async () => {
    own();
    const path = write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] });
    await applied(path);
    chmodSync(path, 0o666);
  },
  'with one that does not compile': () => {
    own();
    write(join(project, '.policyrc'), { deny: 7 });
  },
  'with a policy that changed since it was applied': async () => {
    await applied(own());
    own({ allow: ['*'] });
  },
  'with one that is gone since it was applied': async () => {
    await applied(own());
    rmSync(join(home.root, 'policy.json'));
  },
  'with one that turned up after it ran without': async () => {
    await start();
    own({ allow: ['*'], deny: ['x'] });
  },
};

describe('a kept policy', () => {
  it.for(Object.keys(STANDS))('is what is compiled, in a home %s', async (name) => {
    await STANDS[name]?.();
    await start();
    const found = read();
    expect(found?.compiled?.length).toBe(found?.layers.length);
    sameAs(found, await anew());
    sameAs(found, await start());
  });

  it.for(Object.keys(STANDS))('is taken no more when anything of it changed, in a home %s', async (name) => {
    await STANDS[name]?.();
    await start();
    for (const [changed, change] of Object.entries(CHANGES)) {
      await start();
      expect(read(), `before: ${changed}`).toBeDefined();
      const undo = change();
      expect(read(), changed).toBeUndefined();
      undo();
      if (read() === undefined) rmSync(join(home.state, 'compiled'), { recursive: true });
    }
  });
});

const removing = (path: string) => (): void => rmSync(path, { recursive: true, force: true });
const added = (path: string): (() => void) => {
  writeFileSync(path, '{"version":1}', { mode: 0o600 });
  return removing(path);
};
function rewritten(path: string, text: string): () => void {
  let before: string | undefined;
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    before = undefined;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  return before === undefined ? removing(path) : () => writeFileSync(path, before ?? '');
}
/** Each takes back what it did. */
const CHANGES: Record<string, () => () => void> = {
  'another policy in the home': () => added(join(home.root, 'policy.yaml')),
  'a folder in its place': () => {
    mkdirSync(join(home.root, 'policy.yml'));
    return removing(join(home.root, 'policy.yml'));
  },
  'an administrator': () => added(join(etc, 'policy.jsonc')),
  "a project's file in the working folder": () => added(join(inner, '.policyrc.json')),
  'one above it': () => added(join(project, '.policyrc.yml')),
  'a link that leads nowhere': () => {
    symlinkSync('/nowhere', join(inner, '.policyrc.yaml'));
    return removing(join(inner, '.policyrc.yaml'));
  },
  'a repository between': () => {
    mkdirSync(join(inner, '.git'));
    return removing(join(inner, '.git'));
  },
  'what was applied': () => {
    const file = join(home.state, 'policies.json');
    return rewritten(file, `${readFileSync(file, 'utf8')} `);
  },
  'a damaged document of what was applied': () => rewritten(join(home.state, 'policies.json'), '{'),
  'no document of what was applied': () => {
    const file = join(home.state, 'policies.json');
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    return () => writeFileSync(file, text, { mode: 0o600 });
  },
};

describe('what a kept policy depends on', () => {
  it.for([
    ['its text', (): void => void own({ allow: ['*'] })],
    ['who may write its file', (): void => void chmodSync(join(home.root, 'policy.json'), 0o666)],
    ['its file being there', (): void => rmSync(join(home.root, 'policy.json'))],
    ["the administrator's text", (): void => void write(join(etc, 'policy.json'), { deny: ['z'] })],
    ["who may write the administrator's folder", (): void => void chmodSync(etc, 0o777)],
    ["the project's text", (): void => void write(join(project, '.policyrc'), { deny: ['q'] })],
    ["who may write the project's file", (): void => void chmodSync(join(project, '.policyrc'), 0o666)],
    ["the project's file being there", (): void => rmSync(join(project, '.policyrc'))],
    ["the repository's root", (): void => rmSync(join(project, '.git'), { recursive: true })],
  ] as const)('is %s', async ([, change]) => {
    own();
    write(join(etc, 'policy.json'), { deny: ['y'] });
    write(join(project, '.policyrc'), { deny: ['p'] });
    await start();
    const before = read();
    expect(before?.layers.map(({ name }) => name)).toEqual(['administrator', 'user', 'project']);
    change();
    expect(read()).toBeUndefined();
    sameAs(await start(), await anew());
    sameAs(read(), await anew());
  });

  it('is the folder that the server works in, and the policy that is named', async () => {
    own();
    await start();
    const elsewhere = { ...context, workingFolder: project };
    const named = { ...context, named: join(home.root, 'policy.json') };
    for (const other of [elsewhere, named]) {
      expect(kept.read(other, policySources(home, other))).toBeUndefined();
      // Nor when its file is put in the other's place.
      await loadAndKeep(home, other, { load: { firstSeen: 'apply' }, kept: () => kept });
      expect(kept.read(other, policySources(home, other))).toBeDefined();
    }
    const files = readdirSync(join(home.state, 'compiled')).map((name) => join(home.state, 'compiled', name));
    expect(files).toHaveLength(3);
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    for (const [index, file] of files.entries()) writeFileSync(file, texts[(index + 1) % 3] ?? '');
    for (const one of [context, elsewhere, named])
      expect(kept.read(one, policySources(home, one))).toBeUndefined();
  });
});

describe('the file of a kept policy', () => {
  it('is believed in no bit that was changed, and under no other key', async () => {
    own();
    await start();
    const file = keptFile();
    const bytes = readFileSync(file);
    expect(read()).toBeDefined();
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      expect(read(), `byte ${at}`).toBeUndefined();
    }
    for (const text of [
      '',
      '\n',
      '{}',
      bytes.subarray(0, -1),
      bytes.subarray(65),
      Buffer.concat([bytes, bytes]),
    ]) {
      writeFileSync(file, text);
      expect(read()).toBeUndefined();
    }
    writeFileSync(file, bytes);
    expect(
      new KeptPolicies(home, Buffer.alloc(32, 8)).read(context, policySources(home, context)),
    ).toBeUndefined();
    expect(read()).toBeDefined();
  });

  it('is closed to others, and so is its folder', async () => {
    own();
    await start();
    const { statSync } = await import('node:fs');
    expect([keptFile(), dirname(keptFile())].map((one) => statSync(one).mode & 0o777)).toEqual([
      0o600, 0o700,
    ]);
  });

  it('is not written where it cannot be, and the start goes on', async () => {
    own();
    mkdirSync(home.state, { recursive: true, mode: 0o700 });
    writeFileSync(join(home.state, 'compiled'), 'a file');
    expect((await start()).policy.allow).toHaveLength(1);
    expect(read()).toBeUndefined();
  });

  it('goes when there are more than 32, the oldest first', async () => {
    own();
    await start();
    const first = keptFile();
    utimesSync(first, 1, 1);
    for (let n = 0; n < 32; n += 1) {
      const workingFolder = join(project, `w${n}`);
      mkdirSync(workingFolder);
      const other = { ...context, workingFolder };
      await loadAndKeep(home, other, { load: { firstSeen: 'apply' }, kept: () => kept });
    }
    const left = readdirSync(dirname(first)).map((name) => join(dirname(first), name));
    expect([left.length, left.includes(first)]).toEqual([32, false]);
  });
});

describe('keeping', () => {
  it('leaves aside a policy whose sources changed while it was compiled', async () => {
    own();
    await start();
    const before = policySources(home, context);
    const inForce = await anew();
    rmSync(join(home.state, 'compiled'), { recursive: true });
    own({ allow: ['*'] });
    expect(kept.keep(context, before, inForce)).toBe(false);
    expect(kept.keep(context, policySources(home, context), inForce)).toBe(true);
  });

  it('begins with the first start, which applies a policy', async () => {
    own();
    expect((await start()).changes).toMatchObject([{ event: 'applied' }]);
    expect(read()?.changes).toEqual([]);
  });

  it('leaves aside what only a start may apply as the first ever seen, and a layer that no signature stands under', async () => {
    own();
    await start();
    const named = { ...context, named: write(join(project, 'named.json'), { allow: ['*'] }) };
    await keepAll(home, kept, named);
    expect(kept.read(named, policySources(home, named))).toBeUndefined();
    const sealed = {
      firstSeen: 'leave' as const,
      sealed: () => false,
      workingFolder: inner,
      administrator: etc,
    };
    const unsigned = await loadPolicy(home, undefined, sealed);
    expect(kept.keep(context, policySources(home, context), unsigned)).toBe(false);
  });

  it('is done for every folder that was kept for when something is applied', async () => {
    own();
    await start();
    const other = { ...context, workingFolder: project };
    await loadAndKeep(home, other, { load: { firstSeen: 'apply' }, kept: () => kept });
    await applied(own({ allow: ['b'] }));
    expect(read()).toBeUndefined();
    await keepAll(home, kept, { ...context, workingFolder: etc });
    for (const one of [context, other])
      expect(kept.read(one, policySources(home, one))?.policy.allow.map(({ source }) => source)).toEqual([
        'b',
      ]);
  });
});
