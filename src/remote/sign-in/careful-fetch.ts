import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { httpFault } from '../http/http-fault.ts';
import { isLoopback, serverOf } from '../wire/web-names.ts';

/** How requests leave this machine: a fetch that honours proxies and certificates. */
export interface Net {
  fetch: typeof fetch;
}

/** The last answer that was no success, as its server put it in a word or two. */
export interface LastRefusal {
  status: number;
  /** The OAuth error code. */
  code: string | undefined;
  /** Origin and path. */
  at: string;
}

const TIMEOUT_MS = 30_000;
/** No answer of an authorization server is as long, decompressed. */
const MOST_BYTES = 1024 * 1024;
const NO_BODY = new Set([101, 204, 205, 304]);

/**
 * The requests of a sign-in: to https addresses alone (plain http from a server on this machine to this machine),
 * bounded in time and length, never redirected by themselves. What goes wrong on the way is a PlainError.
 */
export class CarefulFetch {
  lastRefusal: LastRefusal | undefined;
  private readonly net: Net;
  private readonly server: URL;
  private readonly headers: Record<string, string>;

  /** `headers` go to the server's own origin only. */
  constructor(net: Net, server: URL, headers: Record<string, string> = {}) {
    this.net = net;
    this.server = server;
    this.headers = headers;
  }

  readonly fetch = async (to: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(to);
    this.assertSecure(url);
    const { response, bytes } = await this.answer(url, init);
    const { status } = response;
    if (status >= 400) this.lastRefusal = { status, code: errorCodeOf(bytes), at: serverOf(url) };
    const body = NO_BODY.has(status) ? null : new Uint8Array(bytes);
    return new Response(body, { status, headers: [...response.headers] });
  };

  /** The status and the headers alone, of an answer that may never end. */
  async head(init: RequestInit): Promise<{ status: number; headers: Headers }> {
    const response = await this.reach(this.server, init);
    await response.body?.cancel().catch(() => {});
    return { status: response.status, headers: response.headers };
  }

  /** Throws a PlainError for an address that others on the way could read, or that a remote server has no business with. */
  assertSecure(url: URL): void {
    if (url.protocol === 'https:') return;
    const local = isLoopback(this.server.hostname) && isLoopback(url.hostname);
    if (url.protocol === 'http:' && local) return;
    throw new PlainError(
      `The sign-in to ${visible(serverOf(this.server))} leads to ${visible(shownOf(url))}, which is not https, so whoever is on the way could read what is sent there. Nothing was sent. Its operator has to mend that.`,
    );
  }

  private async answer(url: URL, init: RequestInit): Promise<{ response: Response; bytes: Buffer }> {
    const response = await this.reach(url, init);
    try {
      return { response, bytes: await bounded(response, serverOf(url)) };
    } catch (error) {
      throw faultOf(error, url);
    }
  }

  private async reach(url: URL, init: RequestInit): Promise<Response> {
    const own = url.origin === this.server.origin ? this.headers : {};
    const headers = { ...own, ...Object.fromEntries(new Headers(init.headers)) };
    const { method = 'GET', body } = init;
    try {
      return await this.net.fetch(url.href, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined || body === null ? {} : { body: String(body) }),
      });
    } catch (error) {
      throw faultOf(error, url);
    }
  }
}

/** The scheme alone where there is no origin ("file:"). */
const shownOf = (url: URL): string => (url.origin === 'null' ? url.protocol : serverOf(url));

async function bounded(response: Response, at: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES)
      throw new PlainError(
        `${visible(at)} answers with more than ${MOST_BYTES} bytes, which no sign-in needs. It was not read further.`,
      );
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function faultOf(error: unknown, url: URL): PlainError {
  if (error instanceof PlainError) return error;
  const at = visible(serverOf(url));
  const { name } = error as Error;
  if (name === 'TimeoutError')
    return new PlainError(`${at} did not answer within ${TIMEOUT_MS / 1000} seconds. Try again later.`, 1, {
      cause: error,
    });
  const why = httpFault(error as Error, url.host);
  return new PlainError(`${at} cannot be reached: ${why}. Mend that, then try again.`, 1, { cause: error });
}

/** The `error` of an OAuth answer, when it is the short word that it ought to be. */
function errorCodeOf(bytes: Buffer): string | undefined {
  try {
    const { error } = JSON.parse(bytes.toString('utf8')) as { error?: unknown };
    return typeof error === 'string' ? errorWord(error) : undefined;
  } catch {
    return undefined;
  }
}

/** An error code of OAuth as it may be said; undefined for what is none: it could be anything. */
export function errorWord(error: string): string | undefined {
  return /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}
