import { PlainError } from './plain-error.ts';

/** Why the system refused, and what a person can do about it. */
const CAUSES: Record<string, [why: string, todo: string]> = {
  ENOSPC: ['the disk is full', 'Free some space on it'],
  EDQUOT: ["this user's share of the disk is used up", 'Free some space on it'],
  EFBIG: ['a limit for the size of files is reached', 'Raise it (ulimit -f)'],
  EIO: ['the disk reports an error', 'Look after it'],
  EROFS: ['its file system is read-only', 'Make it writable, or choose another --home'],
  EACCES: ['this user has no right to it', 'Give yourself the right'],
  EPERM: ['this user has no right to it', 'Give yourself the right'],
  ENOENT: ['there is no such file or folder', 'Make it'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'Move that file away'],
  EISDIR: ['it is a folder, not a file', 'Move it away'],
  EEXIST: ['something else is there already', 'Move it away'],
  ENOTEMPTY: ['it is a folder that is not empty', 'Move it away'],
  ELOOP: ['it is a link that leads in a circle', 'Remove the link'],
  ENAMETOOLONG: ['its path is too long', 'Choose a shorter one'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open', 'Close other programs'],
  ETXTBSY: ['a program runs from it', 'End that program'],
  EBUSY: ['something else uses it', 'End that'],
};

interface SystemError {
  code: string;
  syscall: string;
  path?: string;
  message: string;
}

/** What the system says when it refuses something; any other error is a defect. */
export function isSystemError(error: unknown): error is SystemError {
  const { code, syscall } = (error ?? {}) as Partial<SystemError>;
  return typeof code === 'string' && typeof syscall === 'string';
}

/** Why the system refused something about a file: ends a sentence, "the disk is full (ENOSPC)". */
export function causeOf(error: unknown): string {
  if (!isSystemError(error)) return (error as Error).message;
  const why = CAUSES[error.code]?.[0];
  return why === undefined ? error.message : `${why} (${error.code})`;
}

/** "/x cannot be written: the disk is full (ENOSPC). Free some space on it, then try again." Other errors stay as they are. */
export function fileFault(error: unknown, path: string | undefined, verb: string): Error {
  if (error instanceof PlainError || !isSystemError(error)) return error as Error;
  const file = path ?? error.path ?? 'A file';
  const todo = CAUSES[error.code]?.[1];
  const way = todo === undefined ? 'Mend that, then try again' : `${todo}, then try again`;
  return new PlainError(`${file} cannot be ${verb}: ${causeOf(error)}. ${way}.`, 1, { cause: error });
}
