import type { Home } from '../../platform/home.ts';
import { visible } from '../../text/visible.ts';
import { CarefulFetch, type Net } from './careful-fetch.ts';
import { type SignIn, SignInFile } from './kept.ts';

/** What became of a sign-in that was to be forgotten. */
export interface LoggedOut {
  server: string;
  /** Nobody was signed in. */
  nothing: boolean;
  /** What the authorization server knows of it, in a sentence. */
  there: string;
}

/**
 * Forgets a sign-in and tells its authorization server, where that has an address for it (RFC 7009): what is here goes
 * in any case. Rejects with a PlainError when it cannot be removed.
 */
export async function logOut(home: Home, url: URL, net: Net): Promise<LoggedOut> {
  const file = new SignInFile(home, url);
  const lock = await file.lock();
  try {
    const kept = file.read();
    file.forget();
    const there = kept === undefined ? '' : await revoked(kept, net);
    return { server: file.server, nothing: kept === undefined, there };
  } finally {
    lock.release();
  }
}

async function revoked(kept: SignIn, net: Net): Promise<string> {
  const { authorizationServer, accessToken, refreshToken } = kept;
  const at = visible(authorizationServer.issuer);
  const end = 'its tokens count there until they run out, or until you end them there';
  const { revocation_endpoint: endpoint } = authorizationServer;
  if (endpoint === undefined) return `${at} has no way to be told, so ${end}.`;
  const careful = new CarefulFetch(net, new URL(kept.server));
  try {
    const tokens: [string, string][] = [['access_token', accessToken]];
    if (refreshToken !== undefined) tokens.unshift(['refresh_token', refreshToken]);
    for (const [hint, token] of tokens) await revoke({ careful, kept, endpoint }, token, hint);
    return `${at} was told, and says that its tokens count no more.`;
  } catch (error) {
    return `${at} could not be told, so ${end}: ${(error as Error).message}`;
  }
}

interface Place {
  careful: CarefulFetch;
  kept: SignIn;
  endpoint: string;
}

async function revoke({ careful, kept, endpoint }: Place, token: string, hint: string): Promise<void> {
  const { selectClientAuthMethod } = await import('@modelcontextprotocol/sdk/client/auth.js');
  const { client, authorizationServer: server } = kept;
  const methods =
    server.revocation_endpoint_auth_methods_supported ?? server.token_endpoint_auth_methods_supported ?? [];
  const method = selectClientAuthMethod(client, methods);
  const body = new URLSearchParams({ token, token_type_hint: hint });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  const { client_id, client_secret } = client;
  if (method === 'client_secret_basic')
    headers['authorization'] =
      `Basic ${Buffer.from(`${client_id}:${client_secret ?? ''}`).toString('base64')}`;
  else body.set('client_id', client_id);
  if (method === 'client_secret_post') body.set('client_secret', client_secret ?? '');
  const response = await careful.fetch(endpoint, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`it answers HTTP ${response.status}.`);
}
