import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/applied-policy.ts';
import { findPolicy } from '../../src/config/find-policy.ts';
import { applyChange, pendingChanges } from '../../src/config/pending-change.ts';
import type { Home } from '../../src/platform/home.ts';
import { newPlaces, writePolicy } from './places.ts';

let folder: string;
let home: Home;
let etc: string;
let project: string;
let inner: string;

beforeEach(() => {
  ({ folder, home, etc, project, inner } = newPlaces());
});

const write = writePolicy;
const load = (workingFolder = inner) =>
  loadPolicy(home, undefined, { firstSeen: 'apply', workingFolder, administrator: etc });
const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);
const applyProject = async (path: string): Promise<void> => {
  for (const change of await pendingChanges(home, path)) applyChange(home, change);
};

describe("the project's policy", () => {
  it('that nobody applied denies and escalates, and neither allows nor changes anything else', async () => {
    write(join(home.root, 'policy.json'), { allow: ['fs/read_*'], approvals: { timeout: '5m' } }, 0o600);
    write(join(project, '.policyrc'), {
      deny: ['fs/delete_*'],
      escalate: ['fs/read_secret'],
      allow: ['*'],
      default: 'deny',
      mode: 'observe',
      approvals: { cli: 'any', timeout: '7d', sign: 'required' },
      audit: { arguments: 'none', keepDays: 1 },
    });
    const { policy, notices, changes } = await load();
    expect(ids(policy.deny)).toEqual(['project:deny[0]']);
    expect(ids(policy.escalate)).toEqual(['project:escalate[0]']);
    expect(ids(policy.allow)).toEqual(['allow[0]']);
    expect([
      policy.default,
      policy.mode,
      policy.approvals.cli,
      policy.approvals.timeoutMs,
      policy.approvals.sign,
    ]).toEqual(['escalate', 'enforce', 'person', 300_000, 'off']);
    expect([policy.audit.arguments, policy.audit.keepDays]).toEqual(['source', 365]);
    expect(notices.join()).toContain('was not applied by anybody');
    expect(changes.map(({ event }) => event)).toEqual(['applied', 'ignored']);
  });

  it('allows once a person has applied exactly this content, and still sets no scalar', async () => {
    const path = write(join(project, '.policyrc.yaml'), 'version: 1\ndefault: deny\nallow: ["fs/read_*"]\n');
    await applyProject(path);
    const { policy, notices } = await load();
    expect(ids(policy.allow)).toEqual(['project:allow[0]']);
    expect(policy.default).toBe('escalate');
    expect(notices).toEqual([]);
  });

  it('that names a notifier is never applied, says so, and tightens all the same', async () => {
    const path = write(join(project, '.policyrc'), {
      deny: ['fs/delete_*'],
      allow: ['*'],
      approvals: { notify: { command: ['/bin/call'] } },
    });
    const [change, ...others] = await pendingChanges(home, path);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ after: null, found: null });
    expect(change?.leftAside).toContain('names a command ("approvals.notify"), which is never run');
    const { policy, notices } = await load();
    expect([ids(policy.deny), policy.allow, policy.approvals.notify]).toEqual([
      ['project:deny[0]'],
      [],
      undefined,
    ]);
    expect(notices.join()).toContain('a repository must not choose what runs on this machine');
  });

  it('that names a notifier allows nothing either, though its text lies among those that were applied', async () => {
    const path = write(join(project, '.policyrc'), { allow: ['*'] });
    const [change] = await pendingChanges(home, path);
    const text = JSON.stringify({
      version: 1,
      allow: ['*'],
      approvals: { notify: { command: ['/bin/call'] } },
    });
    writeFileSync(path, text);
    const found = findPolicy(home, path);
    if (change === undefined || found === null) throw new Error('there is no file');
    applyChange(home, { ...change, found });
    const { policy, notices } = await load();
    expect([policy.allow, policy.approvals.notify]).toEqual([[], undefined]);
    expect(notices.join()).toContain('names a command ("approvals.notify")');
  });

  it("that names a notifier keeps the user's own file from nothing", async () => {
    write(join(home.root, 'policy.json'), { approvals: { notify: { command: ['/bin/mine'] } } }, 0o600);
    write(join(project, '.policyrc'), { approvals: { notify: { command: ['/bin/call'] } } });
    expect((await load()).policy.approvals.notify?.command).toEqual(['/bin/mine']);
  });

  it('that changed since tightens by both texts and allows by neither', async () => {
    const path = write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] });
    await applyProject(path);
    write(path, { deny: ['a/y'], allow: ['*'] });
    const { policy, notices } = await load();
    expect(policy.deny.map(({ source }) => source).sort()).toEqual(['a/x', 'a/y']);
    expect(policy.allow).toEqual([]);
    expect(notices.join()).toContain('has changed since it was applied');
  });

  it('that is gone goes on tightening until a person takes it back, even without the .git that led to it', async () => {
    const path = write(join(project, '.policyrc'), { deny: ['a/x'], allow: ['a/*'] });
    await applyProject(path);
    rmSync(path);
    rmSync(join(project, '.git'), { recursive: true });
    const { policy, notices } = await load();
    expect([ids(policy.deny), policy.allow]).toEqual([['project:deny[0]'], []]);
    expect(notices.join()).toContain('is gone');
    await applyProject(path);
    expect((await load()).policy.deny).toEqual([]);
  });

  it.for([
    ['is no JSON', '{"version":1,'],
    ['has a mistake', '{"version":1,"deny":["a[b"]}'],
    ['is no YAML', 'deny:\n  - */drop\n'],
    ['is empty', ''],
  ] as const)('that %s escalates everything', async ([, text]) => {
    write(join(home.root, 'policy.json'), { allow: ['*'] }, 0o600);
    write(join(project, '.policyrc'), text);
    const { policy, notices } = await load();
    expect(policy.escalate.map(({ id, source }) => [id, source])).toEqual([['project:unreadable', '*']]);
    expect(notices.join()).toContain('so every call is held');
  });

  it('that others may write is left aside with a sentence', async () => {
    write(join(project, '.policyrc'), { deny: ['*'] }, 0o666);
    const { policy, notices } = await load();
    expect(policy.deny).toEqual([]);
    expect(notices.join()).toContain('can be written by other users');
  });

  it('hides no other: every one from the working folder up to the root of the repository counts', async () => {
    write(join(project, '.policyrc'), { deny: ['a/root'] });
    write(join(project, '.policyrc.json'), { deny: ['a/json'] });
    write(join(inner, '.policyrc.yml'), 'version: 1\ndeny: ["a/inner"]\n');
    write(join(folder, '.policyrc'), { deny: ['a/above'] });
    const { policy } = await load();
    expect(policy.deny.map(({ source }) => source)).toEqual(['a/inner', 'a/root', 'a/json']);
  });

  it('is looked for in the working folder alone where there is no repository', async () => {
    rmSync(join(project, '.git'), { recursive: true });
    write(join(project, '.policyrc'), { deny: ['a/root'] });
    expect((await load()).policy.deny).toEqual([]);
    expect((await load(project)).policy.deny).toHaveLength(1);
  });

  it('may use names that the user uses: each layer has its own', async () => {
    write(join(home.root, 'policy.json'), { deny: [{ tool: 'a/x', id: 'mine', over: '1/hour' }] }, 0o600);
    write(join(project, '.policyrc'), { deny: [{ tool: 'a/x', id: 'mine', over: '1/hour' }] });
    const { policy } = await load();
    expect(ids(policy.deny)).toEqual(['mine', 'project:mine']);
    expect(policy.deny.map(({ over }) => over?.key)).toEqual(['mine', 'project:mine']);
  });
});

describe("the administrator's policy", () => {
  it("comes on top of the user's: lists are appended, scalars take the stricter", async () => {
    write(
      join(home.root, 'policy.json'),
      {
        mode: 'observe',
        allow: ['*'],
        approvals: { cli: 'any', timeout: '1h', headless: 'hold', maxLive: 8 },
        audit: { redact: ['args.a'], keepDays: 30 },
      },
      0o600,
    );
    write(
      join(etc, 'policy.yaml'),
      `version: 1
default: deny
deny: ["*/drop_*"]
approvals: { cli: tty, timeout: 10m, headless: deny, sign: required }
audit: { redact: ["args.b"], keepDays: 400, durability: disk }
`,
    );
    const { policy, layers } = await load();
    expect([ids(policy.deny), ids(policy.allow)]).toEqual([['administrator:deny[0]'], ['allow[0]']]);
    expect(policy).toMatchObject({
      mode: 'enforce',
      default: 'deny',
      approvals: { cli: 'tty', timeoutMs: 600_000, headless: 'deny', maxLive: 8, sign: 'required' },
      audit: { durability: 'disk', keepDays: 400, redact: [['b'], ['a']] },
    });
    expect(layers.map(({ name }) => name)).toEqual(['administrator', 'user']);
  });

  it('observes only when both say so', async () => {
    write(join(home.root, 'policy.json'), { mode: 'observe' }, 0o600);
    write(join(etc, 'policy.json'), { mode: 'observe' });
    expect((await load()).policy.mode).toBe('observe');
  });

  it('counts with a policy that was named, too', async () => {
    write(join(etc, 'policy.json'), { deny: ['*/x'] });
    const named = write(join(folder, 'named.json'), { allow: ['*'] }, 0o600);
    const { policy } = await loadPolicy(home, named, {
      firstSeen: 'apply',
      workingFolder: inner,
      administrator: etc,
    });
    expect([policy.deny.length, policy.allow.length]).toEqual([1, 1]);
  });

  it('that has a mistake lets nothing start', async () => {
    write(join(etc, 'policy.json'), '{"version":1,"denny":[]}');
    await expect(load()).rejects.toThrow('Did you mean "deny"?');
  });

  it('is ignored with a sentence where others than root could write it or its folder', async () => {
    write(join(etc, 'policy.json'), { deny: ['*'] }, 0o664);
    expect(await load()).toMatchObject({
      policy: { deny: [] },
      notices: [expect.stringContaining("is not root's alone")],
    });
    chmodSync(join(etc, 'policy.json'), 0o644);
    chmodSync(etc, 0o777);
    expect((await load()).policy.deny).toEqual([]);
    chmodSync(etc, 0o755);
    expect((await load()).policy.deny).toHaveLength(process.getuid?.() === 0 ? 1 : 0);
  });
});

describe('two policies in the home', () => {
  it('are one too many: nobody could say which is meant', async () => {
    write(join(home.root, 'policy.json'), { allow: ['*'] }, 0o600);
    write(join(home.root, 'policy.yaml'), 'version: 1\n', 0o600);
    await expect(load()).rejects.toThrow('only one can be meant');
  });
});
