import { causeOf } from '../../platform/file-fault.ts';
import { ProcessUpstream } from '../../proxy/upstream/process-upstream.ts';
import {
  type Ending,
  ending,
  onUnreadable,
  passErrors,
  startServer,
} from '../../proxy/upstream/server-process.ts';
import { Stopper } from '../../proxy/upstream/stopper.ts';
import type { Ender, Upstream } from '../../proxy/upstream/upstream.ts';
import { visible } from '../../text/visible.ts';
import { notStarted } from './not-started.ts';

/** A server that a session stands before, however it is reached. */
export interface StartedServer {
  upstream: Upstream;
  ender: Ender;
  /** How it ended; never rejects. */
  ended: Promise<Ending>;
  /** At once and without a word, for a fault of ours. */
  kill(): void;
}

/** Starts the command as a child of ours. */
export function startedCommand(command: readonly string[], say: (sentence: string) => void): StartedServer {
  const server = startServer(command);
  const ender = new Stopper(server);
  const ended = ending(server).catch((error) => {
    const { said, ending: how } = notStarted(command, error as NodeJS.ErrnoException);
    say(said);
    return how;
  });
  passErrors(server, process.stderr);
  onUnreadable(server, (error) => {
    say(`what the server writes cannot be read any more (${visible(causeOf(error))}), so this session ends.`);
    ender.stop();
  });
  return {
    upstream: new ProcessUpstream(server),
    ender,
    ended: Promise.race([ended, ender.unstoppable]),
    kill: () => server.kill('SIGKILL'),
  };
}
