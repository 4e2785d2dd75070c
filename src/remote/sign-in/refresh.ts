import { refreshAuthorization } from '@modelcontextprotocol/sdk/client/auth.js';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { CarefulFetch, type Net } from './careful-fetch.ts';
import type { SignIn } from './kept.ts';

/** A refresh token that counts no more: a person has to sign in again. Its message is a sentence. */
export class SignInEnded extends Error {}

/** Codes of a token endpoint after which the same request will never be answered otherwise. */
const FINAL = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/**
 * Asks for new tokens with the refresh token of a sign-in: at its own authorization server, for its own server.
 * Rejects with a SignInEnded, or a PlainError for what may be otherwise later.
 */
export async function refreshed(signIn: SignIn, net: Net): Promise<SignIn> {
  const { authorizationServer, client, refreshToken = '', resource } = signIn;
  const { url, ...metadata } = authorizationServer;
  const careful = new CarefulFetch(net, new URL(signIn.server));
  try {
    const tokens = await refreshAuthorization(url, {
      metadata: { ...metadata, authorization_endpoint: '', response_types_supported: [] },
      clientInformation: client,
      refreshToken,
      // The SDK takes a text too, and sends it as it stands; its types do not say so.
      ...(resource === undefined ? {} : { resource: resource as unknown as URL }),
      fetchFn: careful.fetch,
    });
    return withTokens({ ...signIn, refreshed: true }, tokens);
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw refusalOf(signIn, careful);
  }
}

/** What a token endpoint gives. */
export interface Tokens {
  access_token: string;
  token_type: string;
  expires_in?: number | undefined;
  refresh_token?: string | undefined;
  scope?: string | undefined;
}

/** A sign-in with these tokens, as of now. Throws a PlainError for tokens that are no bearer tokens. */
export function withTokens(signIn: Omit<SignIn, 'accessToken' | 'obtainedAt'>, tokens: Tokens): SignIn {
  const { access_token, token_type, expires_in, refresh_token = signIn.refreshToken, scope } = tokens;
  const server = visible(signIn.server);
  if (token_type.toLowerCase() !== 'bearer')
    throw new PlainError(
      `The authorization server of ${server} gives tokens of the type ${visible(token_type.slice(0, 40))}, which holdpoint does not know. It knows bearer tokens alone.`,
    );
  if (!/^[\x21-\x7e]+$/.test(access_token))
    throw new PlainError(
      `The authorization server of ${server} gives a token that cannot stand in a header, so it was not taken. Its operator has to mend that.`,
    );
  const obtainedAt = Date.now();
  const lasts = expires_in !== undefined && Number.isFinite(expires_in) && expires_in > 0;
  return {
    ...signIn,
    accessToken: access_token,
    refreshToken: refresh_token,
    scope: scope ?? signIn.scope,
    obtainedAt,
    expiresAt: lasts ? obtainedAt + expires_in * 1000 : undefined,
  };
}

/** Of what a server says, its error code alone: descriptions repeat what was sent, and that was a secret. */
function refusalOf({ server, authorizationServer }: SignIn, { lastRefusal }: CarefulFetch): Error {
  const at = visible(authorizationServer.issuer);
  if (lastRefusal?.code !== undefined && FINAL.has(lastRefusal.code))
    return new SignInEnded(
      `The sign-in to ${visible(server)} has ended: its authorization server ${at} no longer takes what was kept of it (${lastRefusal.code}).`,
    );
  const why = lastRefusal === undefined ? 'its answer holds no token' : `HTTP ${lastRefusal.status}`;
  return new PlainError(
    `The sign-in to ${visible(server)} could not be renewed at ${at} (${why}). Try again later.`,
  );
}
