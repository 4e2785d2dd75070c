import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoadOptions, loadPolicy as loadLayers } from '../../src/config/applied-policy.ts';
import { findPolicy } from '../../src/config/find-policy.ts';
import type { InForce } from '../../src/config/in-force.ts';
import { applyChange, pendingChanges } from '../../src/config/pending-change.ts';
import { type Home, resolveHome } from '../../src/platform/home.ts';

const ALLOW_READS = '{"version":1,"allow":["read_*"]}';
const ALLOW_ALL = '{"version":1,"allow":["*"]}';

/** Neither the machine's administrator nor the folder that the tests run in has a say here. */
const loadPolicy = async (
  at: Home,
  named: string | undefined,
  options?: LoadOptions,
): Promise<InForce & { change: InForce['changes'][number] | undefined }> => {
  const alone = { workingFolder: folder, administrator: join(folder, 'etc') };
  const inForce = await loadLayers(at, named, { ...alone, ...(options ?? { firstSeen: 'apply' as const }) });
  return { ...inForce, change: inForce.changes[0] };
};
const apply = async (at: Home, named: string | undefined): Promise<void> => {
  for (const change of await pendingChanges(at, named)) applyChange(at, change);
};

let home: Home;
let folder: string;
const before = process.cwd();

beforeEach(() => {
  folder = mkdtempSync('/tmp/hp-config-');
  home = resolveHome(join(folder, 'home'), {});
  mkdirSync(home.root, { mode: 0o700 });
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, text: string): string => {
  const path = join(home.root, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

describe('the policy in force', () => {
  it('is the built-in default, which escalates everything, when there is no file', async () => {
    const { policy, file, change } = await loadPolicy(home, undefined);
    expect([policy.default, policy.allow, file, change]).toEqual(['escalate', [], null, undefined]);
  });

  it.for(['policy.json', 'policy.jsonc'])('is the first %s ever seen, applied and said so', async (name) => {
    const path = put(name, `// mine\n${ALLOW_READS}`);
    const { policy, change } = await loadPolicy(home, undefined);
    expect(policy.allow).toHaveLength(1);
    expect(change).toMatchObject({ event: 'applied', file: path });
  });

  it('is not the changed file but the applied text, until a person applies the change', async () => {
    put('policy.json', ALLOW_READS);
    await loadPolicy(home, undefined);
    put('policy.json', ALLOW_ALL);
    const kept = await loadPolicy(home, undefined);
    expect(kept.policy.allow[0]?.source).toBe('read_*');
    expect(kept.notices[0]).toContain('has changed since it was applied');
    expect(kept.change).toMatchObject({ event: 'ignored' });
    const [change] = await pendingChanges(home, undefined);
    expect([change?.before, change?.after]).toEqual([ALLOW_READS, ALLOW_ALL]);
    await apply(home, undefined);
    expect((await loadPolicy(home, undefined)).policy.allow[0]?.source).toBe('*');
  });

  it('stays the applied text when the file is damaged or removed afterwards', async () => {
    const path = put('policy.json', '{"version":1,"deny":["*/drop_*"]}');
    await loadPolicy(home, undefined);
    for (const spoil of [() => writeFileSync(path, '{"version":'), () => rmSync(path)]) {
      spoil();
      const { policy, notices } = await loadPolicy(home, undefined);
      expect(policy.deny).toHaveLength(1);
      expect(notices).toHaveLength(1);
    }
  });

  it('goes back to the default when a person applies the removal', async () => {
    const path = put('policy.json', ALLOW_ALL);
    await loadPolicy(home, undefined);
    rmSync(path);
    await apply(home, undefined);
    expect((await loadPolicy(home, undefined)).policy.allow).toEqual([]);
  });

  it('cannot be a first file with problems: every one is named, exit 3', async () => {
    put('policy.json', '{"version":1,"alow":[],"deny":[1]}');
    await expect(loadPolicy(home, undefined)).rejects.toThrow(/2 problems[\s\S]*alow[\s\S]*deny\[0\]/);
    try {
      await loadPolicy(home, undefined);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 3 });
    }
  });

  it('is not a file that others may write: it is left aside with a sentence', async () => {
    chmodSync(put('policy.json', ALLOW_ALL), 0o666);
    const { policy, notices } = await loadPolicy(home, undefined);
    expect(policy.allow).toEqual([]);
    expect(notices[0]).toContain('can be written by other users');
    await expect(pendingChanges(home, undefined)).rejects.toThrow('can be written by other users');
  });

  it('is refused rather than replaced by the default when the named file may be written by others', async () => {
    const path = join(folder, 'mine.json');
    writeFileSync(path, ALLOW_ALL);
    chmodSync(path, 0o622);
    await expect(loadPolicy(home, path)).rejects.toThrow('can be written by other users');
  });

  it('of a named file is kept apart from the one of the home', async () => {
    put('policy.json', ALLOW_READS);
    const path = join(folder, 'mine.json');
    writeFileSync(path, ALLOW_ALL, { mode: 0o600 });
    expect((await loadPolicy(home, path)).policy.allow[0]?.source).toBe('*');
    expect((await loadPolicy(home, undefined)).policy.allow[0]?.source).toBe('read_*');
  });

  it.for([
    ['nowhere.json', /cannot be read/],
    ['policy.js', /neither JSON nor YAML/],
    ['policy.yaml', /cannot be read/],
  ] as const)('cannot be %s', async ([name, said]) => {
    await expect(loadPolicy(home, join(folder, name))).rejects.toThrow(said);
  });

  it('with nothing to apply says where a policy goes', async () => {
    await expect(pendingChanges(home, undefined)).rejects.toThrow(join(home.root, 'policy.json'));
  });

  it('is not a first file that turns up in a home whose servers ran without one: it may ask and refuse only', async () => {
    await loadPolicy(home, undefined);
    put(
      'policy.json',
      '{"version":1,"allow":["*"],"deny":["x"],"escalate":["y"],"approvals":{"cli":"any","notify":{"command":["/bin/x"]}}}',
    );
    const { policy, notices, change } = await loadPolicy(home, undefined);
    expect([policy.allow.length, policy.deny.length, policy.escalate.length]).toEqual([0, 1, 1]);
    expect(policy.approvals.cli).toBe('person');
    expect(policy.approvals.notify).toBeUndefined();
    expect(notices[0]).toContain('was not applied by anybody yet');
    expect(change).toMatchObject({ event: 'ignored' });
    await apply(home, undefined);
    const { policy: applied } = await loadPolicy(home, undefined);
    expect(applied.allow).toHaveLength(1);
    expect(applied.approvals.notify?.command).toEqual(['/bin/x']);
  });

  it('is recorded before it is put into force, and not in force when that fails', async () => {
    put('policy.json', ALLOW_ALL);
    const record = () => {
      throw new Error('disk full');
    };
    await expect(loadPolicy(home, undefined, { firstSeen: 'apply', record })).rejects.toThrow('disk full');
    expect(existsSync(join(home.state, 'policies.json'))).toBe(false);
  });
});

describe('a damaged record of what was applied', () => {
  const state = () => join(home.state, 'policies.json');
  const damages: [string, () => void][] = [
    ['cut off', () => writeFileSync(state(), readFileSync(state(), 'utf8').slice(0, 40))],
    ['garbage', () => writeFileSync(state(), 'x')],
    ['another document', () => writeFileSync(state(), '{}')],
    ['empty', () => writeFileSync(state(), '')],
    ['edited by hand', () => writeFileSync(state(), readFileSync(state(), 'utf8').replaceAll('read_*', '*'))],
  ];

  it.for(damages)(
    'that is %s is set aside, grants nothing, and lets no changed file apply itself',
    async ([, spoil]) => {
      put('policy.json', ALLOW_READS);
      await loadPolicy(home, undefined);
      put('policy.json', ALLOW_ALL);
      spoil();
      const spoiled = readFileSync(state(), 'utf8');
      for (const start of [1, 2, 3]) {
        const { policy, notices } = await loadPolicy(home, undefined);
        expect(policy.allow, `start ${start}`).toEqual([]);
        expect(notices.join(' ')).toContain('was not applied by anybody yet');
        if (start === 1)
          expect(notices[0]).toMatch(/is damaged, so nothing that it granted counts. It was set aside as/);
      }
      const [aside] = readdirSync(home.state).filter((name) => name.includes('.corrupt-'));
      expect(readFileSync(join(home.state, aside!), 'utf8')).toBe(spoiled);
      await apply(home, undefined);
      expect((await loadPolicy(home, undefined)).policy.allow).toHaveLength(1);
    },
  );

  it('is left where it is by a command that only reads', async () => {
    put('policy.json', ALLOW_ALL);
    await loadPolicy(home, undefined);
    writeFileSync(state(), 'x');
    expect((await loadPolicy(home, undefined, { firstSeen: 'leave' })).policy.allow).toEqual([]);
    expect(readdirSync(home.state)).toEqual(['policies.json']);
  });

  it('that was removed lets no file apply itself once a proxy has recorded anything', async () => {
    put('policy.json', ALLOW_READS);
    await loadPolicy(home, undefined);
    mkdirSync(join(home.audit, '2026-11'), { recursive: true });
    writeFileSync(join(home.audit, '2026-11/s.jsonl'), '{"v":1,"type":"session","kind":"run"}\n');
    rmSync(state());
    put('policy.json', ALLOW_ALL);
    expect((await loadPolicy(home, undefined)).policy.allow).toEqual([]);
  });

  it('that cannot be read is an error with its cause: nothing starts', async () => {
    mkdirSync(state(), { recursive: true });
    await expect(loadPolicy(home, undefined)).rejects.toThrow(
      /policies.json cannot be read: it is a folder, not a file \(EISDIR\)/,
    );
  });
});

describe('a hostile working folder', () => {
  it('neither runs code nor changes where the policy is looked for', async () => {
    const project = join(folder, 'project');
    const marker = join(folder, 'executed');
    mkdirSync(join(project, '.config'), { recursive: true });
    const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'x'); module.exports = {};`;
    for (const name of ['config.cjs', 'config.js', 'config.mjs'])
      writeFileSync(join(project, '.config', name), code);
    writeFileSync(join(project, '.config/config.json'), '{"cosmiconfig":{"searchPlaces":["evil.json"]}}');
    writeFileSync(
      join(project, 'package.json'),
      '{"cosmiconfig":{"searchPlaces":["evil.json"]},"policy":{"allow":["*"]}}',
    );
    for (const name of ['evil.json', '.policyrc', 'policy.json', '.policyrc.json'])
      writeFileSync(join(project, name), ALLOW_ALL);
    writeFileSync(join(project, 'policy.config.cjs'), code);
    process.chdir(project);
    expect(findPolicy(home, undefined)).toBeNull();
    put('policy.json', ALLOW_READS);
    expect(findPolicy(home, undefined)?.text).toBe(ALLOW_READS);
    const named = join(folder, 'named.json');
    writeFileSync(named, ALLOW_READS, { mode: 0o600 });
    expect(findPolicy(home, named)?.text).toBe(ALLOW_READS);
    expect(existsSync(marker)).toBe(false);
    expect(process.cwd()).toBe(project);
  });
});

describe('an empty policy file', () => {
  it('is a problem, not a permission', async () => {
    put('policy.json', '');
    await expect(loadPolicy(home, undefined)).rejects.toThrow('This is not JSON');
    expect(readFileSync(join(home.root, 'policy.json'), 'utf8')).toBe('');
  });
});
