import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';

/** No policy needs more; a file that somebody else put into a folder must not eat the machine. */
export const MOST_POLICY_BYTES = 256 * 1024;

/** What reading one place for a policy came to. */
export interface PolicyRead {
  path: string;
  text: string;
  /** Why it must not be used, as sentences without a word of what is in it. */
  untrusted: string | undefined;
  /** Why nothing of it was read (then `text` says nothing), for whoever needs just this file. */
  unread: string | undefined;
  /** The place is a link: what it leads to may be no policy at all, and is not told of. */
  linked: boolean;
}

/** Why a file does not count, and what to do about it. */
interface Refusal {
  why: string;
  todo: string;
}

/** Never waits: neither for a FIFO's writer nor for a device. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const REPLACE = 'Put an ordinary file of your own there, or remove it.';
const RIGHTS = 'Give yourself the right to read it, or remove it.';
const TOO_LONG = {
  why: `is longer than ${MOST_POLICY_BYTES / 1024} KiB`,
  todo: 'No policy needs that: make it shorter, or remove it.',
};
const CAUSES: Record<string, Refusal> = {
  EACCES: { why: 'may not be read by this user', todo: RIGHTS },
  EPERM: { why: 'may not be read by this user', todo: RIGHTS },
  ELOOP: { why: 'is a link that leads in a circle', todo: REPLACE },
  ENOENT: { why: 'is a link that leads nowhere', todo: REPLACE },
  ENOTDIR: { why: 'is a link that leads nowhere', todo: REPLACE },
  ENAMETOOLONG: { why: 'is a link to a path that is too long', todo: REPLACE },
  EAGAIN: { why: 'is no file with an end', todo: REPLACE },
};

/**
 * The one way in which a policy file is read: a regular file of the user or of root, of 256 KiB at most, judged by
 * the open descriptor and read from it, so that it is not another by then. Undefined when nothing is there. `use`
 * gets the descriptor's own path while it is open. Never waits, and throws nothing but what `use` throws.
 */
export function readPolicyFile(
  path: string,
  use?: (descriptor: string, text: string) => void,
): PolicyRead | undefined {
  const opened = open(path);
  if (opened === undefined) return undefined;
  const { fd, read } = opened;
  if (fd === undefined) return read;
  try {
    if (read.unread === undefined) use?.(`/dev/fd/${fd}`, read.text);
    return read;
  } finally {
    closeSync(fd);
  }
}

function open(path: string): { fd?: number; read: PolicyRead } | undefined {
  let linked = false;
  let fd: number | undefined;
  const refused = ({ why, todo }: Refusal): { fd?: number; read: PolicyRead } => {
    const untrusted = `The policy ${path} ${why} and is ignored. ${todo}`;
    const read = { path, text: '', untrusted, unread: `The policy ${path} ${why}. ${todo}`, linked };
    return fd === undefined ? { read } : { fd, read };
  };
  try {
    const place = lstatSync(path, { throwIfNoEntry: false });
    if (place === undefined) return undefined;
    linked = place.isSymbolicLink();
    if (linked && isForeign(place)) return refused(foreign('is a link and belongs', place));
    // Opening a device can do something to it, so what is there is asked for before.
    const before = fault(statSync(path));
    if (before !== undefined) return refused(before);
    fd = openSync(path, FLAGS);
    const stat = fstatSync(fd);
    const now = fault(stat);
    if (now !== undefined) return refused(now);
    const text = textOf(fd);
    if (text === undefined) return refused(TOO_LONG);
    return { fd, read: { path, text, untrusted: writableByOthers(path, stat), unread: undefined, linked } };
  } catch (error) {
    const { code = '', message, syscall } = error as NodeJS.ErrnoException;
    // Its folder is a file, so nothing can be there.
    if (code === 'ENOTDIR' && syscall === 'lstat') return undefined;
    return refused(
      CAUSES[code] ?? { why: `cannot be read (${code === '' ? message : code})`, todo: REPLACE },
    );
  }
}

/** Whether it belongs to neither this user nor root. */
export function isForeign({ uid }: Stats): boolean {
  const own = process.getuid?.();
  return own !== undefined && uid !== own && uid !== 0;
}

function foreign(belongs: string, { uid }: Stats): Refusal {
  return {
    why: `${belongs} to another user (uid ${uid})`,
    todo: 'Make it your own, then run "holdpoint policy apply".',
  };
}

function fault(stat: Stats): Refusal | undefined {
  if (!stat.isFile()) {
    const what = stat.isDirectory() ? 'a folder' : 'a device, a pipe or a socket';
    return { why: `is no ordinary file but ${what}`, todo: REPLACE };
  }
  if (isForeign(stat)) return foreign('belongs', stat);
  return stat.size > MOST_POLICY_BYTES ? TOO_LONG : undefined;
}

function writableByOthers(path: string, { mode }: Stats): string | undefined {
  return (mode & 0o022) === 0
    ? undefined
    : `The policy ${path} can be written by other users and is ignored. Run "chmod go-w" on it, then "holdpoint policy apply".`;
}

/** Undefined when there is more than a policy may have: a file may grow, and some tell no size. */
function textOf(fd: number): string | undefined {
  const bytes = Buffer.alloc(MOST_POLICY_BYTES + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(fd, bytes, length, bytes.length - length, null);
    if (count === 0) return bytes.toString('utf8', 0, length);
    length += count;
  }
  return undefined;
}
