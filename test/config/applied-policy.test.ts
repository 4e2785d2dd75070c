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
import { loadPolicy } from '../../src/config/applied-policy.ts';
import { findPolicy } from '../../src/config/find-policy.ts';
import { type Home, resolveHome } from '../../src/config/home.ts';
import { applyChange, pendingChange } from '../../src/config/pending-change.ts';

const ALLOW_READS = '{"version":1,"allow":["read_*"]}';
const ALLOW_ALL = '{"version":1,"allow":["*"]}';

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
  it('is the built-in default, which escalates everything, when there is no file', () => {
    const { policy, file, change } = loadPolicy(home, undefined);
    expect([policy.default, policy.allow, file, change]).toEqual(['escalate', [], null, undefined]);
  });

  it.for(['policy.json', 'policy.jsonc'])('is the first %s ever seen, applied and said so', (name) => {
    const path = put(name, `// mine\n${ALLOW_READS}`);
    const { policy, change } = loadPolicy(home, undefined);
    expect(policy.allow).toHaveLength(1);
    expect(change).toMatchObject({ event: 'applied', file: path });
  });

  it('is not the changed file but the applied text, until a person applies the change', () => {
    put('policy.json', ALLOW_READS);
    loadPolicy(home, undefined);
    put('policy.json', ALLOW_ALL);
    const kept = loadPolicy(home, undefined);
    expect(kept.policy.allow[0]?.source).toBe('read_*');
    expect(kept.notices[0]).toContain('has changed since it was applied');
    expect(kept.change).toMatchObject({ event: 'ignored' });
    const change = pendingChange(home, undefined);
    expect([change.before, change.after]).toEqual([ALLOW_READS, ALLOW_ALL]);
    applyChange(home, change);
    expect(loadPolicy(home, undefined).policy.allow[0]?.source).toBe('*');
  });

  it('stays the applied text when the file is damaged or removed afterwards', () => {
    const path = put('policy.json', '{"version":1,"deny":["*/drop_*"]}');
    loadPolicy(home, undefined);
    for (const spoil of [() => writeFileSync(path, '{"version":'), () => rmSync(path)]) {
      spoil();
      const { policy, notices } = loadPolicy(home, undefined);
      expect(policy.deny).toHaveLength(1);
      expect(notices).toHaveLength(1);
    }
  });

  it('goes back to the default when a person applies the removal', () => {
    const path = put('policy.json', ALLOW_ALL);
    loadPolicy(home, undefined);
    rmSync(path);
    applyChange(home, pendingChange(home, undefined));
    expect(loadPolicy(home, undefined).policy.allow).toEqual([]);
  });

  it('cannot be a first file with problems: every one is named, exit 3', () => {
    put('policy.json', '{"version":1,"alow":[],"deny":[1]}');
    expect(() => loadPolicy(home, undefined)).toThrow(/2 problems[\s\S]*alow[\s\S]*deny\[0\]/);
    try {
      loadPolicy(home, undefined);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 3 });
    }
  });

  it('is not a file that others may write: it is left aside with a sentence', () => {
    chmodSync(put('policy.json', ALLOW_ALL), 0o666);
    const { policy, notices } = loadPolicy(home, undefined);
    expect(policy.allow).toEqual([]);
    expect(notices[0]).toContain('can be written by other users');
    expect(() => pendingChange(home, undefined)).toThrow('can be written by other users');
  });

  it('is refused rather than replaced by the default when the named file may be written by others', () => {
    const path = join(folder, 'mine.json');
    writeFileSync(path, ALLOW_ALL);
    chmodSync(path, 0o622);
    expect(() => loadPolicy(home, path)).toThrow('can be written by other users');
  });

  it('of a named file is kept apart from the one of the home', () => {
    put('policy.json', ALLOW_READS);
    const path = join(folder, 'mine.json');
    writeFileSync(path, ALLOW_ALL, { mode: 0o600 });
    expect(loadPolicy(home, path).policy.allow[0]?.source).toBe('*');
    expect(loadPolicy(home, undefined).policy.allow[0]?.source).toBe('read_*');
  });

  it.for([
    ['nowhere.json', /cannot be read/],
    ['policy.js', /neither JSON nor JSONC/],
    ['policy.yaml', /neither JSON nor JSONC/],
  ] as const)('cannot be %s', ([name, said]) => {
    expect(() => loadPolicy(home, join(folder, name))).toThrow(said);
  });

  it('with nothing to apply says where a policy goes', () => {
    expect(() => pendingChange(home, undefined)).toThrow(join(home.root, 'policy.json'));
  });

  it('is not a first file that turns up in a home whose servers ran without one: it may ask and refuse only', () => {
    loadPolicy(home, undefined);
    put('policy.json', '{"version":1,"allow":["*"],"deny":["x"],"escalate":["y"],"approvals":{"cli":"any"}}');
    const { policy, notices, change } = loadPolicy(home, undefined);
    expect([policy.allow.length, policy.deny.length, policy.escalate.length]).toEqual([0, 1, 1]);
    expect(policy.approvals.cli).toBe('person');
    expect(notices[0]).toContain('was not applied by anybody yet');
    expect(change).toMatchObject({ event: 'ignored' });
    applyChange(home, pendingChange(home, undefined));
    expect(loadPolicy(home, undefined).policy.allow).toHaveLength(1);
  });

  it('is recorded before it is put into force, and not in force when that fails', () => {
    put('policy.json', ALLOW_ALL);
    const record = () => {
      throw new Error('disk full');
    };
    expect(() => loadPolicy(home, undefined, { firstSeen: 'apply', record })).toThrow('disk full');
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
    ([, spoil]) => {
      put('policy.json', ALLOW_READS);
      loadPolicy(home, undefined);
      put('policy.json', ALLOW_ALL);
      spoil();
      const spoiled = readFileSync(state(), 'utf8');
      for (const start of [1, 2, 3]) {
        const { policy, notices } = loadPolicy(home, undefined);
        expect(policy.allow, `start ${start}`).toEqual([]);
        expect(notices.join(' ')).toContain('was not applied by anybody yet');
        if (start === 1)
          expect(notices[0]).toMatch(/is damaged, so nothing that it granted counts. It was set aside as/);
      }
      const [aside] = readdirSync(home.state).filter((name) => name.includes('.corrupt-'));
      expect(readFileSync(join(home.state, aside!), 'utf8')).toBe(spoiled);
      applyChange(home, pendingChange(home, undefined));
      expect(loadPolicy(home, undefined).policy.allow).toHaveLength(1);
    },
  );

  it('is left where it is by a command that only reads', () => {
    put('policy.json', ALLOW_ALL);
    loadPolicy(home, undefined);
    writeFileSync(state(), 'x');
    expect(loadPolicy(home, undefined, { firstSeen: 'leave' }).policy.allow).toEqual([]);
    expect(readdirSync(home.state)).toEqual(['policies.json']);
  });

  it('that was removed lets no file apply itself once a proxy has recorded anything', () => {
    put('policy.json', ALLOW_READS);
    loadPolicy(home, undefined);
    mkdirSync(join(home.audit, '2026-11'), { recursive: true });
    writeFileSync(join(home.audit, '2026-11/s.jsonl'), '{"v":1,"type":"session","kind":"run"}\n');
    rmSync(state());
    put('policy.json', ALLOW_ALL);
    expect(loadPolicy(home, undefined).policy.allow).toEqual([]);
  });

  it('that cannot be read is an error with its cause: nothing starts', () => {
    mkdirSync(state(), { recursive: true });
    expect(() => loadPolicy(home, undefined)).toThrow(/policies.json cannot be read: EISDIR/);
  });
});

describe('a hostile working folder', () => {
  it('neither runs code nor changes where the policy is looked for', () => {
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
  it('is a problem, not a permission', () => {
    put('policy.json', '');
    expect(() => loadPolicy(home, undefined)).toThrow('This is not JSON');
    expect(readFileSync(join(home.root, 'policy.json'), 'utf8')).toBe('');
  });
});
