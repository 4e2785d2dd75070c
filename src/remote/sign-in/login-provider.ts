import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Discovered } from './discover.ts';

/** An app as the authorization server knows it beforehand. */
export interface GivenClient {
  client_id: string;
  client_secret?: string | undefined;
}

/** What the SDK asks of whoever signs in: one sign-in, kept in memory until it is done. */
export class LoginProvider implements OAuthClientProvider {
  readonly redirectUrl: string;
  readonly clientMetadata: OAuthClientMetadata;
  /** Where the person has to go. */
  authorizationUrl: URL | undefined;
  client: OAuthClientInformationMixed | undefined;
  received: OAuthTokens | undefined;
  private readonly discovered: Discovered;
  private readonly stateText: string;
  private verifier = '';

  constructor(discovered: Discovered, callback: { redirectUrl: string; state: string }, given?: GivenClient) {
    this.discovered = discovered;
    this.redirectUrl = callback.redirectUrl;
    this.stateText = callback.state;
    this.clientMetadata = metadataOf(discovered, callback.redirectUrl);
    // What is given is for this authorization server, as the SDK marks what it registers itself.
    this.client = given && { ...given, issuer: discovered.authorizationServerUrl };
  }

  state(): string {
    return this.stateText;
  }

  discoveryState(): OAuthDiscoveryState {
    const { authorizationServerUrl, authorizationServerMetadata, resourceMetadata } = this.discovered;
    return {
      authorizationServerUrl,
      authorizationServerMetadata,
      ...(resourceMetadata && { resourceMetadata }),
    };
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.client = client;
  }

  /** A sign-in begins anew, whatever is kept. */
  tokens(): undefined {
    return undefined;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.received = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  codeVerifier(): string {
    return this.verifier;
  }
}

/** As we register ourselves: a program on a person's machine (RFC 8252), whose redirect is plain http to itself. */
function metadataOf({ authorizationServerMetadata }: Discovered, redirectUrl: string): OAuthClientMetadata {
  const methods = authorizationServerMetadata.token_endpoint_auth_methods_supported ?? ['none'];
  const method = ['none', 'client_secret_basic', 'client_secret_post'].find((one) => methods.includes(one));
  const native = { application_type: 'native' };
  return {
    ...native,
    client_name: 'holdpoint',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: method ?? 'none',
  };
}
