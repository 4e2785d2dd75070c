import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256Hex } from '../../platform/digest.ts';
import { PlainError } from '../../platform/plain-error.ts';

/** How long somebody who signs in may take. */
export const LOGIN_MS = 5 * 60_000;
const HOST = '127.0.0.1';
/** All that the browser is shown, whatever came. */
const PAGE = 'holdpoint has the answer. Close this page and go back to the terminal.\n';
const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

/** Where the browser comes back to. */
export interface Callback {
  redirectUrl: string;
  state: string;
  /** The parameters of the one answer. Rejects with a PlainError when it has another state, or none comes in time. */
  answer: Promise<URLSearchParams>;
  close(): void;
}

/** `path`: where an app that was registered beforehand expects it; else one that nobody can guess. `port` likewise. */
export interface CallbackPlace {
  path?: string | undefined;
  port?: number | undefined;
}

/** Listens on this machine alone, until one answer came, five minutes are over, or `close`. Rejects with a PlainError. */
export async function openCallback({ path, port = 0 }: CallbackPlace): Promise<Callback> {
  const state = randomBytes(32).toString('base64url');
  const pathname = path ?? `/${randomBytes(16).toString('base64url')}`;
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  await listening(server, port);
  const host = `${HOST}:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const answer = new Promise<URLSearchParams>((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate()), LOGIN_MS);
    server.once('close', () => clearTimeout(timer));
    server.on('request', (request, response) => {
      const found = paramsOf(request, host, pathname);
      if (found === undefined) return send(response, 404, 'Not found.\n');
      clearTimeout(timer);
      // One answer, and no more: the next one finds nobody.
      server.close();
      response.once('close', () => server.closeAllConnections());
      send(response, 200, PAGE);
      if (same(found.get('state') ?? '', state)) resolve(found);
      else reject(wrongState());
    });
  });
  // Whoever waits for it hears of it; a sign-in that ended before needs not.
  answer.catch(() => {});
  return { redirectUrl: `http://${host}${pathname}`, state, answer, close };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new PlainError(
          `Nothing can listen on port ${port} of this machine (${error.code ?? error.message}), where the browser has to come back to. Give --callback-port another one.`,
          1,
          { cause: error },
        ),
      ),
    );
    server.listen(port, HOST, () => resolve());
  });
}

/** The parameters of what is an answer: a GET of our path under our own name, which a foreign page cannot give itself. */
function paramsOf(request: IncomingMessage, host: string, pathname: string): URLSearchParams | undefined {
  const { method, url = '', headers } = request;
  const [path, query = ''] = url.split(/\?(.*)/s);
  const ours = method === 'GET' && headers.host === host && same(path ?? '', pathname);
  return ours ? new URLSearchParams(query) : undefined;
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, HEADERS).end(text);
}

/** In the same time wherever they differ. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(other)));
}

function tooLate(): PlainError {
  return new PlainError(
    `Nobody finished the sign-in within ${LOGIN_MS / 60_000} minutes, so it was given up. Run the command again.`,
  );
}

function wrongState(): PlainError {
  return new PlainError(
    'An answer came that belongs to no sign-in that was begun here (its state is another), so it was not taken. Run the command again, and open the address that it prints.',
  );
}
