import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { label } from '../../text/visible.ts';
import { READER } from './reader.ts';

/** A file as it is on this machine: its text; or why it is not read, as a sentence. */
export type BesideFile = { text: string } | { why: string };

/** A file system that does not answer (a network's, a sleeping disk) must not keep the card. */
const LIMIT_MS = 200;
/** Of the thread's own start, which a busy machine delays. */
const START_LIMIT_MS = 2_000;

/** Starts what reads: given a path, it posts a BesideFile. */
export type StartReader = (path: string) => Worker;

const startReader: StartReader = (path) =>
  new Worker(READER, {
    eval: true,
    workerData: path,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });

/**
 * The file that a call names, as it is on this machine: a plain UTF-8 file of at most 1 MiB, links followed. Never
 * throws and never waits longer than its limits. `folder`: the server's working folder; null where it runs elsewhere.
 */
export async function readBeside(
  folder: string | null,
  path: string,
  start: StartReader = startReader,
): Promise<BesideFile> {
  if (folder === null) return { why: 'The server runs elsewhere, so no file of this machine is compared.' };
  const name = label(path.slice(0, 200));
  if (/^~|^[a-z][\w+.-]*:\/\/|\0/i.test(path))
    return { why: `${name} is not compared: only its server knows which file that is.` };
  try {
    const { said } = await answerOf(start(resolve(folder, path)));
    return 'text' in said ? said : { why: `${name} ${said.why}` };
  } catch {
    return { why: `${name} could not be read on this machine.` };
  }
}

/** The worker's one answer, or that there was none in time; the worker is ended either way. */
function answerOf(worker: Worker): Promise<{ said: BesideFile }> {
  return new Promise((done) => {
    const late: BesideFile = { why: 'was not read on this machine: that took too long.' };
    const end = (said: BesideFile): void => {
      clearTimeout(timer);
      // A thread that hangs in the system ends when that answers; nobody waits for it.
      worker.unref();
      void worker.terminate();
      done({ said });
    };
    let timer = setTimeout(end, START_LIMIT_MS, late);
    worker.once('online', () => {
      clearTimeout(timer);
      timer = setTimeout(end, LIMIT_MS, late);
    });
    worker.once('message', end);
    worker.once('error', () => end({ why: 'could not be read on this machine.' }));
    worker.once('exit', () => end({ why: 'could not be read on this machine.' }));
  });
}
