import type {
  AuthorizationServerMetadata,
  OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { serverOf } from '../wire/web-names.ts';
import type { CarefulFetch } from './careful-fetch.ts';
import { bearerChallenge, type Challenge } from './challenge.ts';

/** Where and for what one signs in to a server. */
export interface Discovered {
  authorizationServerUrl: string;
  authorizationServerMetadata: AuthorizationServerMetadata;
  resourceMetadata: OAuthProtectedResourceMetadata | undefined;
  /** The scopes that the server asks for. */
  scope: string | undefined;
}

/**
 * Finds the authorization server of a server: by its challenge or its well-known address (RFC 9728), else at its own
 * origin as servers of 2025-03-26 have it, and that one's metadata (RFC 8414, OpenID Connect). Rejects with a PlainError.
 */
export async function discover(server: URL, careful: CarefulFetch): Promise<Discovered> {
  const shown = visible(serverOf(server));
  const challenge = await challengeOf(careful);
  const resourceMetadata = await resourceMetadataOf(server, challenge, careful);
  const named = resourceMetadata?.authorization_servers?.[0];
  const authorizationServerUrl = named ?? new URL('/', server).href;
  careful.assertSecure(new URL(authorizationServerUrl));
  const { discoverAuthorizationServerMetadata } = await import('@modelcontextprotocol/sdk/client/auth.js');
  let whole = {};
  const fetchFn = documentsOf(careful, (document) => {
    whole = document ?? {};
  });
  const read = await understood(
    () => discoverAuthorizationServerMetadata(authorizationServerUrl, { fetchFn }),
    `The metadata of the authorization server ${visible(authorizationServerUrl)}`,
  );
  if (read === undefined) throw noMetadata(shown, named, challenge);
  // Of OpenID's metadata the SDK leaves out what OAuth says besides: where to revoke, who answers (RFC 9207).
  const found = { ...whole, ...read };
  if (named !== undefined && !sameIssuer(found.issuer, named))
    throw new PlainError(
      `${shown} names the authorization server ${visible(named)}, whose metadata says that it is ${visible(found.issuer)}. One of them may pose as the other, so nobody signs in there. Its operator has to mend that.`,
    );
  careful.assertSecure(new URL(found.authorization_endpoint));
  careful.assertSecure(new URL(found.token_endpoint));
  const scope = challenge?.scope ?? resourceMetadata?.scopes_supported?.join(' ');
  return { authorizationServerUrl, authorizationServerMetadata: found, resourceMetadata, scope };
}

/** Trailing slashes are spelled both ways. */
function sameIssuer(one: string, other: string): boolean {
  const plain = (text: string): string => (URL.canParse(text) ? new URL(text).href : text).replace(/\/$/, '');
  return plain(one) === plain(other);
}

/** What a server says to somebody who is not signed in: to one that only looks, else to one that wants to begin. */
async function challengeOf(careful: CarefulFetch): Promise<Challenge | undefined> {
  const looked = await careful.head({ headers: { accept: 'text/event-stream' } });
  const first = bearerChallenge(looked.headers.get('www-authenticate') ?? undefined);
  if (first !== undefined) return first;
  const begun = await careful.head({
    method: 'POST',
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
  return bearerChallenge(begun.headers.get('www-authenticate') ?? undefined);
}

async function resourceMetadataOf(
  server: URL,
  challenge: Challenge | undefined,
  careful: CarefulFetch,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  const sdk = await import('@modelcontextprotocol/sdk/client/auth.js');
  const { checkResourceAllowed } = await import('@modelcontextprotocol/sdk/shared/auth-utils.js');
  const shown = serverOf(server);
  const named = challenge?.resource_metadata;
  const at = named !== undefined && URL.canParse(named, shown) ? new URL(named, shown) : undefined;
  if (at !== undefined) careful.assertSecure(at);
  let absent = false;
  const fetchFn = documentsOf(careful, (document, status) => {
    absent = document === undefined && status < 500;
  });
  const options = at === undefined ? {} : { resourceMetadataUrl: at };
  const found = await understood(
    async () => {
      try {
        return await sdk.discoverOAuthProtectedResourceMetadata(shown, options, fetchFn);
      } catch (error) {
        if (absent && !(error instanceof PlainError)) return undefined;
        throw error;
      }
    },
    `What ${visible(shown)} says of its authorization server`,
  );
  if (found !== undefined && !allowed(found.resource))
    throw new PlainError(
      `${visible(shown)} says that tokens for it are for ${visible(found.resource)}, which is not where it is. A token for another server is not asked for. Check the address; else its operator has to mend that.`,
    );
  return found;

  function allowed(resource: string): boolean {
    return checkResourceAllowed({ requestedResource: shown, configuredResource: resource });
  }
}

/**
 * For documents at well-known addresses: what is no JSON (many sites answer every path with a page) is none. `seen` is
 * told of each place what is there.
 */
function documentsOf(
  careful: CarefulFetch,
  seen: (document: object | undefined, status: number) => void,
): CarefulFetch['fetch'] {
  return async (url, init) => {
    const response = await careful.fetch(url, init);
    const document = response.ok ? objectIn(await response.clone().text()) : undefined;
    seen(document, response.status);
    return response.ok && document === undefined ? new Response(null, { status: 404 }) : response;
  };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An error of the SDK as a sentence about `what`: of its own text nothing is repeated, for it quotes what came. */
async function understood<T>(ask: () => Promise<T>, what: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PlainError) throw error;
    const [, status] = /^HTTP (\d{3})\b/.exec((error as Error).message) ?? [];
    const why = status === undefined ? 'does not hold what it must' : `cannot be had (HTTP ${status})`;
    throw new PlainError(`${what} ${why}. Try again later; else its operator has to mend that.`, 1, {
      cause: error,
    });
  }
}

function noMetadata(shown: string, named: string | undefined, challenge: Challenge | undefined): PlainError {
  if (named !== undefined)
    return new PlainError(
      `${shown} names the authorization server ${visible(named)}, which has no metadata (RFC 8414, OpenID Connect), so there is no way to sign in there. Its operator has to mend that.`,
    );
  const way =
    'Where it takes a key of yours, give "holdpoint run" that with --header-env; else check the address.';
  const asked =
    challenge === undefined
      ? `${shown} asks for no sign-in`
      : `${shown} asks for a token and does not say where to get one`;
  return new PlainError(
    `${asked}, and neither it nor its origin has metadata of OAuth (RFC 9728, RFC 8414). ${way}`,
  );
}
