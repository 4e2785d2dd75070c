import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { type Callback, openCallback } from './callback.ts';
import { CarefulFetch, type Net } from './careful-fetch.ts';
import { type Discovered, discover } from './discover.ts';
import { type AuthorizationServer, type SignIn, SignInFile } from './kept.ts';
import { GIVEN_PATH, refusedThere, stepFault } from './login-faults.ts';
import { type GivenClient, LoginProvider } from './login-provider.ts';
import { withTokens } from './refresh.ts';
import { scopesOf } from './sign-in-words.ts';

/** What a person who signs in says, and how they are told and led on. */
export interface LoginAsk {
  home: Home;
  server: URL;
  net: Net;
  /** Only these rights, separated by spaces; else those that the server names. */
  scope?: string | undefined;
  /** An app that was registered beforehand. */
  client?: GivenClient | undefined;
  callbackPort?: number | undefined;
  /** Sent to the server's own origin. */
  headers?: Record<string, string> | undefined;
  /** Is told where the person has to go, before the wait. */
  lead(to: { page: URL; authorizationServer: string; redirectUrl: string }): void | Promise<void>;
  /** Writes the record, before the sign-in counts. What it throws keeps it from counting. */
  record(): void;
}

/** Signs a person in to a server, and keeps what came of it in their home. Rejects with a PlainError. */
export async function logIn(ask: LoginAsk): Promise<SignIn> {
  const file = new SignInFile(ask.home, ask.server);
  const careful = new CarefulFetch(ask.net, ask.server, ask.headers);
  const discovered = await discover(new URL(file.server), careful);
  const client = ask.client ?? givenBefore(file, discovered);
  const path = client && GIVEN_PATH;
  const callback = await openCallback({ path, port: ask.callbackPort });
  try {
    const provider = new LoginProvider(discovered, callback, client);
    const scope = wanted(ask.scope ?? discovered.scope, discovered);
    const underway = { callback, discovered, careful };
    const at = { serverUrl: file.server, fetchFn: careful.fetch };
    await step(underway, file.server, () => auth(provider, { ...at, ...(scope !== undefined && { scope }) }));
    const authorizationCode = await codeFrom(ask, provider, underway);
    await step(underway, file.server, () => auth(provider, { ...at, authorizationCode }));
    const signIn = signInOf(provider, discovered, {
      server: file.server,
      given: client !== undefined,
      scope,
    });
    await keep(file, signIn, ask.record);
    return signIn;
  } finally {
    callback.close();
  }
}

/** The app that a person named at an earlier sign-in, at the same authorization server. */
function givenBefore(file: SignInFile, { authorizationServerUrl }: Discovered): GivenClient | undefined {
  const kept = file.read();
  const same = kept?.client.given === true && kept.authorizationServer.url === authorizationServerUrl;
  return same ? { client_id: kept.client.client_id, client_secret: kept.client.client_secret } : undefined;
}

/** Where a server knows `offline_access`, it is by that alone that a sign-in can be renewed (OpenID Connect). */
function wanted(scope: string | undefined, { authorizationServerMetadata }: Discovered): string | undefined {
  if (scope === undefined) return undefined;
  const known = authorizationServerMetadata.scopes_supported?.includes('offline_access') === true;
  return scopesOf(known ? `${scope} offline_access` : scope).join(' ');
}

interface Underway {
  callback: Callback;
  discovered: Discovered;
  careful: CarefulFetch;
}

async function codeFrom(ask: LoginAsk, provider: LoginProvider, underway: Underway): Promise<string> {
  const { callback, discovered, careful } = underway;
  const page = provider.authorizationUrl as URL;
  careful.assertSecure(page);
  const { issuer } = discovered.authorizationServerMetadata;
  await ask.lead({ page, authorizationServer: issuer, redirectUrl: callback.redirectUrl });
  const answer = await callback.answer;
  // First who answers (RFC 9207): another one's words are not repeated.
  assertIssuer(answer.get('iss'), discovered);
  const error = answer.get('error');
  if (error !== null) throw refusedThere(ask.server, issuer, error);
  const code = answer.get('code');
  if (code !== null && code !== '') return code;
  throw new PlainError(`The answer of ${visible(issuer)} holds no code. Run the command again.`);
}

function assertIssuer(iss: string | null, { authorizationServerMetadata: metadata }: Discovered): void {
  const promised =
    (metadata as Record<string, unknown>)['authorization_response_iss_parameter_supported'] === true;
  if (iss === metadata.issuer || (iss === null && !promised)) return;
  const said =
    iss === null ? 'does not say whose it is, as it promised' : `is of ${visible(iss.slice(0, 200))}`;
  throw new PlainError(
    `An answer was awaited from ${visible(metadata.issuer)}, and the one that came ${said}. It was not taken, for one may pose as the other. Run the command again; if that happens again, its operator has to mend it.`,
  );
}

async function step(underway: Underway, server: string, ask: () => Promise<unknown>): Promise<void> {
  const { careful, discovered } = underway;
  careful.lastRefusal = undefined;
  try {
    await ask();
  } catch (error) {
    throw stepFault(error, { server, last: careful.lastRefusal, discovered });
  }
}

/** Replaces what was kept, once nobody else is at it. */
async function keep(file: SignInFile, signIn: SignIn, record: () => void): Promise<void> {
  const lock = await file.lock();
  try {
    file.write(signIn, lock, record);
  } finally {
    lock.release();
  }
}

function signInOf(provider: LoginProvider, discovered: Discovered, asked: Asked): SignIn {
  const { client, received } = provider;
  if (client === undefined || received === undefined)
    throw new PlainError(
      `The authorization server of ${visible(asked.server)} gave no token. Run the command again.`,
    );
  const { client_id, client_secret } = client;
  const method = 'token_endpoint_auth_method' in client ? client.token_endpoint_auth_method : undefined;
  const kept: Omit<SignIn, 'accessToken' | 'obtainedAt'> = {
    version: 1,
    server: asked.server,
    signedInAt: new Date().toISOString(),
    authorizationServer: kernelOf(discovered),
    resource: discovered.resourceMetadata?.resource,
    client: { client_id, client_secret, token_endpoint_auth_method: method, given: asked.given },
    scope: asked.scope,
    refreshed: false,
  };
  return withTokens(kept, received);
}

interface Asked {
  server: string;
  given: boolean;
  scope: string | undefined;
}

function kernelOf({ authorizationServerUrl, authorizationServerMetadata }: Discovered): AuthorizationServer {
  const metadata = authorizationServerMetadata as Omit<AuthorizationServer, 'url'>;
  return {
    url: authorizationServerUrl,
    issuer: metadata.issuer,
    token_endpoint: metadata.token_endpoint,
    token_endpoint_auth_methods_supported: metadata.token_endpoint_auth_methods_supported,
    revocation_endpoint: metadata.revocation_endpoint,
    revocation_endpoint_auth_methods_supported: metadata.revocation_endpoint_auth_methods_supported,
  };
}
