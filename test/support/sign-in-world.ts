import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as secureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';
import type { Came, Script } from './http-script.ts';

/** What an authorization server and a server behind it are like. */
export interface WorldOptions {
  /** False: apps must be registered beforehand; `app` with the secret `app-secret` is. */
  registration?: boolean;
  /** What the person says to the question. */
  consent?: 'yes' | 'no';
  /** Seconds; of an access token. */
  lives?: number;
  /** False: no refresh tokens. */
  renews?: boolean;
  /** Answers in place of the authorization server, by path. */
  instead?: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** The MCP server is at the authorization server's own origin, and says nothing of it (2025-03-26). */
  together?: boolean;
  /** Scopes that every request needs. */
  needs?: string;
  /** What the server says to a request that it lets in; else a word of its own. */
  speaks?: Script;
  /** Both speak https and have names that no network knows: they are reached by a proxy. */
  named?: boolean;
  /** Changes what the server says of its own. */
  resourceMetadata?: (metadata: Record<string, unknown>) => Record<string, unknown> | undefined;
}

/** An authorization server and an MCP server, on ports of their own. */
export interface World {
  /** Address of the MCP server. */
  url: URL;
  issuer: string;
  provider: Provider;
  /** What each was asked: "GET /path". */
  asked: { authorization: string[]; server: string[] };
  /** Every request with a body that reached the MCP server, let in or not. */
  came: Came[];
  /** By the names of `named`: where each really listens. */
  ports: Record<string, number>;
  /** Bodies that reached the token endpoint. */
  tokenRequests: URLSearchParams[];
  /** Is asked before a token request's answer is sent; the answer waits for it. */
  beforeAnswer: { wait?: (() => Promise<void>) | undefined };
  instead: NonNullable<WorldOptions['instead']>;
  options: WorldOptions;
}

export const SCOPES = ['read', 'write', 'mcp'];

const FIXTURES = join(import.meta.dirname, '../fixtures/http');
/** Whose certificate says `*.holdpoint.test`. */
export const NAMED_CA = join(FIXTURES, 'named-cert.pem');

async function listening(
  world: World,
  name: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const isNamed = world.options.named === true;
  const keys = isNamed
    ? { cert: readFileSync(NAMED_CA), key: readFileSync(join(FIXTURES, 'named-key.pem')) }
    : {};
  const server: Server = isNamed ? secureServer(keys, handler) : createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  if (!isNamed) return `http://127.0.0.1:${port}`;
  world.ports[`${name}.holdpoint.test`] = port;
  return `https://${name}.holdpoint.test`;
}

/** Real parts: the package `oidc-provider` with rotation of refresh tokens, which revokes all when one is used twice. */
export async function signInWorld(options: WorldOptions = {}): Promise<World> {
  const world = { options, instead: { ...options.instead } } as World;
  world.asked = { authorization: [], server: [] };
  world.came = [];
  world.ports = {};
  world.tokenRequests = [];
  world.beforeAnswer = {};
  world.issuer = await listening(world, 'auth', (request, response) =>
    authorization(world, request, response),
  );
  const server = await listening(
    world,
    'mcp',
    (request, response) => void resource(world, request, response),
  );
  world.url = new URL('/mcp', options.together === true ? world.issuer : server);
  world.provider = quiet(() => new Provider(world.issuer, configuration(world)));
  const asked = (ctx: KoaContextWithOIDC): void => {
    world.tokenRequests.push(new URLSearchParams(ctx.oidc.params as Record<string, string>));
  };
  world.provider.on('grant.success', asked);
  world.provider.on('grant.error', asked);
  return world;
}

/** It says at each start that it is for tests. */
function quiet<T>(make: () => T): T {
  const { warn, info } = console;
  console.warn = () => {};
  console.info = () => {};
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

function configuration({ options }: World): Configuration {
  const { registration = true, lives = 3600, renews = true } = options;
  return {
    clients: [
      {
        client_id: 'app',
        client_secret: 'app-secret',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    cookies: { keys: ['for tests'] },
    scopes: ['openid', 'offline_access', ...SCOPES],
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_, { uid }) => `/ask/${uid}` },
    issueRefreshToken: () => renews,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: registration },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: KoaContextWithOIDC, indicator: string) => ({
          scope: SCOPES.join(' '),
          audience: indicator,
          accessTokenTTL: lives,
          accessTokenFormat: 'opaque' as const,
        }),
      },
    },
    ttl: {
      AccessToken: lives,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 3600,
      Interaction: 600,
      AuthorizationCode: 60,
    },
  };
}

async function authorization(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', world.issuer);
  world.asked.authorization.push(`${request.method} ${pathname}`);
  const other = world.instead[pathname];
  if (other !== undefined) return other(request, response);
  if (isOfServer(world, pathname)) return resource(world, request, response);
  if (pathname.startsWith('/ask/')) return ask(world, request, response);
  if (pathname === '/token') delayed(world, response);
  await world.provider.callback()(request, response);
}

/** Of a server that is its own authorization server. */
function isOfServer({ options, url }: World, pathname: string): boolean {
  return (
    options.together === true && (pathname === url.pathname || pathname.includes('oauth-protected-resource'))
  );
}

/** The answer waits where the test says so. */
function delayed(world: World, response: ServerResponse): void {
  const end = response.end.bind(response);
  const { wait } = world.beforeAnswer;
  if (wait !== undefined)
    response.end = ((...words: Parameters<typeof end>) => {
      void wait().then(() => end(...words));
      return response;
    }) as typeof response.end;
}

async function ask(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { provider, options } = world;
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (options.consent === 'no')
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'The person said <b>no</b>',
    });
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  const grant = new provider.Grant({
    accountId: session?.accountId ?? 'ada',
    clientId: String(params['client_id']),
  });
  const scope = String(params['scope'] ?? '');
  grant.addOIDCScope(`openid offline_access ${scope}`);
  if (params['resource'] !== undefined) grant.addResourceScope(String(params['resource']), scope);
  const grantId = await grant.save();
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId } },
    { mergeWithLastSubmission: true },
  );
}

async function resource(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', world.url);
  world.asked.server.push(`${request.method} ${pathname}`);
  const at = `/.well-known/oauth-protected-resource${world.url.pathname}`;
  const metadata = {
    resource: world.url.href,
    authorization_servers: [world.issuer],
    scopes_supported: ['mcp'],
  };
  const { resourceMetadata = (one) => one, needs } = world.options;
  if (pathname === at) {
    const said = world.options.together === true ? undefined : resourceMetadata(metadata);
    return json(response, said === undefined ? 404 : 200, said ?? {});
  }
  if (pathname !== world.url.pathname) return json(response, 404, {});
  const came = await whole(request);
  world.came.push(came);
  const header = request.headers.authorization ?? '';
  const found = await world.provider.AccessToken.find(header.replace(/^Bearer /, ''));
  const together = world.options.together === true;
  const place = together ? 'realm="a, b"' : `resource_metadata="${new URL(at, world.url).href}"`;
  if (found === undefined || found.isExpired || (!together && found.aud !== world.url.href))
    return json(
      response,
      401,
      {},
      header === '' ? `Bearer ${place}` : `Bearer error="invalid_token", ${place}`,
    );
  const wanted = (needs ?? '').split(' ').filter(Boolean);
  if (!wanted.every((one) => found.scope?.split(' ').includes(one)))
    return json(response, 403, {}, `Bearer error="insufficient_scope", scope="${needs}", ${place}`);
  if (world.options.speaks !== undefined) return world.options.speaks(came, response, world.came);
  json(response, 200, { ok: true, scope: found.scope });
}

async function whole(request: IncomingMessage): Promise<Came> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece as string;
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body, json: body.startsWith('{') ? JSON.parse(body) : undefined };
}

function json(response: ServerResponse, status: number, value: object, challenge?: string): void {
  const headers = { 'content-type': 'application/json', ...(challenge && { 'www-authenticate': challenge }) };
  response.writeHead(status, headers).end(JSON.stringify(value));
}

/** What the MCP server says to a request with that header. */
export async function asks(
  { url }: World,
  header: string | undefined,
): Promise<{ status: number; challenge: string | undefined; scope?: string }> {
  const headers = header === undefined ? {} : { authorization: header };
  const response = await fetch(url, { method: 'POST', body: '{}', headers });
  const { scope } = (await response.json()) as { scope?: string };
  const challenge = response.headers.get('www-authenticate') ?? undefined;
  return { status: response.status, challenge, ...(scope !== undefined && { scope }) };
}
