import { join } from 'node:path';

/** macOS's limit; libuv silently cuts a longer path and listens elsewhere (measured). */
export const MAX_SOCKET_PATH = 103;

/** The socket of a session. */
export function socketPath(runFolder: string, session: string): string {
  return join(runFolder, `${session}.sock`);
}
