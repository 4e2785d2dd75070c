import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadPolicy } from '../../src/config/applied-policy.ts';
import { findPolicy, findProject } from '../../src/config/find-policy.ts';
import { mayHide } from '../../src/config/may-hide.ts';
import { projectFolders } from '../../src/config/policy-places.ts';
import { MOST_POLICY_BYTES, readPolicyFile } from '../../src/config/read-policy-file.ts';
import { type Home, resolveHome } from '../../src/platform/home.ts';
import { fifo } from '../support/fifo.ts';
import { newFolder } from '../support/home.ts';

const ROOT = process.getuid?.() === 0;
const OTHER = 12_345;
const DENY = '{"version":1,"deny":["*"]}';

let folder: string;
let place: string;
let home: Home;

beforeEach(() => {
  folder = newFolder();
  place = join(folder, '.policyrc');
  home = resolveHome(join(folder, 'home'), {});
  mkdirSync(home.root, { mode: 0o700 });
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
});

const write = (path: string, text = DENY): string => {
  writeFileSync(path, text, { mode: 0o644 });
  chmodSync(path, 0o644);
  return path;
};
const load = () =>
  loadPolicy(home, undefined, {
    firstSeen: 'apply',
    workingFolder: folder,
    administrator: join(folder, 'etc'),
  });

/** What nobody may be kept waiting or told of; each at `.policyrc`. */
const REFUSED: [what: string, make: () => void, said: string][] = [
  ['a FIFO', () => fifo(place), 'no ordinary file but a device, a pipe or a socket'],
  ['a folder', () => mkdirSync(place), 'no ordinary file but a folder'],
  ['a link to an endless device', () => symlinkSync('/dev/zero', place), 'no ordinary file'],
  ['a link to a terminal', () => symlinkSync('/dev/tty', place), 'is ignored'],
  [
    'a link to a FIFO',
    () => {
      fifo(join(folder, 'fifo'));
      symlinkSync('fifo', place);
    },
    'no ordinary file',
  ],
  ['a link to itself', () => symlinkSync('.policyrc', place), 'a link that leads in a circle'],
  ['a link to nothing', () => symlinkSync('nothing', place), 'a link that leads nowhere'],
  ['a link through a file', () => symlinkSync('/etc/passwd/x', place), 'a link that leads nowhere'],
  ['a link to too long a path', () => symlinkSync('x'.repeat(300), place), 'a path that is too long'],
  [
    'a sparse file of 3 GB',
    () => {
      write(place);
      truncateSync(place, 3 * 1024 ** 3);
    },
    'longer than 256 KiB',
  ],
  ['a byte too long', () => write(place, ' '.repeat(MOST_POLICY_BYTES + 1)), 'longer than 256 KiB'],
  ['a link to a file of unknown length', () => symlinkSync('/proc/self/pagemap', place), 'is ignored'],
];

describe('a policy file that is', () => {
  it.for(REFUSED)('%s is ignored in a sentence, at once', async ([what, make, said]) => {
    if (what.includes('unknown length') && process.platform !== 'linux') return;
    make();
    const before = performance.now();
    const { notices, changes, policy } = await load();
    process.chdir(folder);
    expect(mayHide(home, undefined)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`The policy ${place} `);
    expect(notices[0]).toContain(said);
    expect(notices[0]).toContain('and is ignored');
    expect([policy.deny, policy.escalate]).toEqual([[], []]);
    expect(changes).toMatchObject([{ event: 'ignored', file: place, why: notices[0] }]);
  });

  it('a socket is ignored', async () => {
    const server: Server = createServer().listen(place);
    await new Promise<void>((settle) => {
      server.once('listening', settle);
    });
    expect(readPolicyFile(place)?.untrusted).toContain('no ordinary file');
    await new Promise<void>((settle) => {
      server.close(() => settle());
    });
  });

  it('exactly as long as it may be is read', () => {
    write(place, ' '.repeat(MOST_POLICY_BYTES));
    expect(readPolicyFile(place)).toMatchObject({ untrusted: undefined, unread: undefined });
  });

  it('a link to an ordinary file is read', () => {
    write(join(folder, 'elsewhere'));
    symlinkSync('elsewhere', place);
    expect(readPolicyFile(place)).toMatchObject({ text: DENY, untrusted: undefined, linked: true });
  });

  it('not there is nothing, also where its folder is a file', () => {
    expect(readPolicyFile(place)).toBeUndefined();
    expect(readPolicyFile('/etc/passwd/.policyrc')).toBeUndefined();
  });

  it.skipIf(ROOT)('not readable is ignored', () => {
    chmodSync(write(place), 0o000);
    expect(readPolicyFile(place)?.untrusted).toContain('may not be read by this user');
  });

  it.skipIf(!ROOT)("another user's is ignored, whatever it is and however it got there", () => {
    const theirs = join(folder, 'theirs');
    chownSync(write(theirs), OTHER, OTHER);
    symlinkSync('theirs', place);
    expect(readPolicyFile(place)?.untrusted).toContain(`belongs to another user (uid ${OTHER})`);
    rmSync(place);
    linkSync(theirs, place);
    expect(readPolicyFile(place)?.untrusted).toContain('belongs to another user');
    rmSync(place);
    write(join(folder, 'mine'));
    symlinkSync('mine', place);
    lchownSync(place, OTHER, OTHER);
    expect(readPolicyFile(place)).toMatchObject({ text: '', linked: true });
    rmSync(place);
    fifo(place);
    chownSync(place, OTHER, OTHER);
    expect(readPolicyFile(place)?.untrusted).toContain('is ignored');
  });

  it('a link to what is no policy makes every call a question, and tells nothing of it', async () => {
    writeFileSync(join(folder, 'secret'), 'hunter2: hunter3\n', { mode: 0o600 });
    symlinkSync('secret', place);
    const { notices, policy } = await load();
    expect(policy.escalate.map(({ id }) => id)).toEqual(['project:unreadable']);
    expect(notices.join()).toContain('line 1 of what it leads to');
    expect(notices.join()).not.toContain('hunter');
  });

  it('too deep or too long a list makes every call a question', async () => {
    for (const text of ['['.repeat(2_000), `version: 1\nallow:\n${'- a/b\n'.repeat(9_000)}`]) {
      write(place, text);
      expect((await load()).policy.escalate.map(({ id }) => id)).toEqual(['project:unreadable']);
    }
  });

  it('named and cannot be read is refused without the word "ignored"', () => {
    fifo(place);
    expect(() => findPolicy(home, place)).toThrow('is no ordinary file');
    expect(() => findPolicy(home, place)).not.toThrow('ignored');
    expect(() => findPolicy(home, join(folder, 'none.json'))).toThrow('there is no such file');
  });
});

describe('a home whose policy is a FIFO', () => {
  it('starts with the built-in default and says so', async () => {
    fifo(join(home.root, 'policy.json'));
    const { policy, notices } = await load();
    expect([policy.builtIn, policy.allow]).toEqual([true, []]);
    expect(notices[0]).toContain('no ordinary file');
  });
});

describe("the project's folders", () => {
  let inner: string;
  beforeEach(() => {
    inner = join(folder, 'repository/a/b');
    mkdirSync(inner, { recursive: true });
  });

  it.for([
    ['a folder', (path: string): void => void mkdirSync(path)],
    ['the file of a work tree', (path: string) => writeFileSync(path, 'gitdir: /x\n')],
  ] as const)('end at the repository, where .git is %s; nothing above is looked at', ([, make]) => {
    make(join(folder, 'repository/.git'));
    expect(projectFolders(inner)).toEqual([inner, join(folder, 'repository/a'), join(folder, 'repository')]);
    fifo(place);
    expect(findProject(home, inner)).toEqual([]);
  });

  it.for([
    ['a FIFO', (path: string) => fifo(path)],
    ['a link to itself', (path: string) => symlinkSync('.git', path)],
    ['a link to a device', (path: string) => symlinkSync('/dev/null', path)],
  ] as const)('do not end where .git is %s', ([, make]) => {
    make(join(folder, 'repository/.git'));
    expect(projectFolders(inner)).toEqual([inner]);
  });

  it('are the working folder alone outside of a repository', () => {
    fifo(place);
    expect(projectFolders(inner)).toEqual([inner]);
    expect(findProject(home, inner)).toEqual([]);
  });

  it.skipIf(!ROOT)("are not cut off by another user's .git below one's own", () => {
    mkdirSync(join(folder, 'repository/.git'));
    mkdirSync(join(inner, '.git'));
    chownSync(join(inner, '.git'), OTHER, OTHER);
    expect(projectFolders(inner)).toHaveLength(3);
    rmSync(join(folder, 'repository/.git'), { recursive: true });
    expect(projectFolders(inner)).toEqual([inner]);
  });
});
