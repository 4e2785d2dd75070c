import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { resolveHome } from '../../../src/platform/home.ts';
import { PlainError } from '../../../src/platform/plain-error.ts';
import { credentialsFor } from '../../../src/remote/sign-in/credentials.ts';
import { SignInFile } from '../../../src/remote/sign-in/kept.ts';
import { type LoginAsk, logIn } from '../../../src/remote/sign-in/login.ts';
import { browse, type Page } from '../../fixtures/browser.mjs';
import { eventually } from '../../support/eventually.ts';
import { newFolder } from '../../support/home.ts';
import { asks, signInWorld, type World } from '../../support/sign-in-world.ts';

const NET = { fetch: globalThis.fetch };

interface Tried {
  ask: LoginAsk;
  home: string;
  pages: Page[];
  led: { page: URL; authorizationServer: string; redirectUrl: string }[];
}

/** A person whose browser goes where it is led. */
function person(world: World, more: Partial<LoginAsk> = {}, change?: (url: URL) => URL): Tried {
  const home = newFolder();
  const tried: Tried = { home, pages: [], led: [], ask: undefined as unknown as LoginAsk };
  tried.ask = {
    home: resolveHome(home, {}),
    server: world.url,
    net: NET,
    lead: (to) => {
      tried.led.push(to);
      void browse(to.page, change).then(
        (page) => tried.pages.push(page),
        () => {},
      );
    },
    record: () => {},
    ...more,
  };
  return tried;
}

const filesOf = (home: string): string[] => {
  try {
    return readdirSync(join(home, 'state/sign-in'));
  } catch {
    return [];
  }
};

async function failed(world: World, more?: Partial<LoginAsk>, change?: (url: URL) => URL): Promise<string> {
  const { ask, home } = person(world, more, change);
  const error = await logIn(ask).then(
    () => new Error('It signed in.'),
    (one: Error) => one,
  );
  expect(error.name).toBe('PlainError');
  expect(filesOf(home)).toEqual([]);
  return error.message;
}

const says = (status: number, body: string, type = 'application/json') => ({
  instead: (_: unknown, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': type }).end(body),
});

describe('signing in', () => {
  it('discovers, registers, proves itself by PKCE and keeps a token that the server takes', async () => {
    const world = await signInWorld();
    const { ask, pages, led } = person(world);
    const signIn = await logIn(ask);
    const header = await credentialsFor(ask.home, world.url, NET).header();
    expect(await asks(world, header)).toMatchObject({ status: 200, scope: 'mcp' });
    expect(led[0]?.authorizationServer).toBe(world.issuer);
    const query = led[0]!.page.searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('resource')).toBe(world.url.href);
    expect(world.tokenRequests[0]?.get('resource')).toBe(world.url.href);
    expect(world.tokenRequests[0]?.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/);
    expect(signIn).toMatchObject({ server: world.url.href, scope: 'mcp', refreshed: false });
    expect(signIn.refreshToken).toBeTypeOf('string');
    expect(world.asked.authorization).toContain('POST /reg');
    await eventually('the page', () => pages.length === 1);
    expect(pages[0]?.text).toBe('holdpoint has the answer. Close this page and go back to the terminal.\n');
  });

  it('keeps it in one file that its owner alone can read, below a folder that nobody else enters', async () => {
    const world = await signInWorld();
    const { ask, home } = person(world);
    await logIn(ask);
    const [name = '', ...more] = filesOf(home);
    expect(more).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{64}\.json$/);
    const mode = (path: string): number => statSync(join(home, path)).mode & 0o777;
    expect([mode('state/sign-in'), mode(`state/sign-in/${name}`)]).toEqual([0o700, 0o600]);
    expect(readFileSync(join(home, 'state/sign-in', name), 'utf8')).not.toContain('code_verifier');
  });

  it('asks for nothing of an address but its origin and path', async () => {
    const world = await signInWorld();
    const server = new URL('?key=se-cret', world.url);
    const { ask, led } = person(world, { server });
    await logIn(ask);
    expect(led[0]?.page.href).not.toContain('se-cret');
    expect(await credentialsFor(ask.home, server, NET).header()).toMatch(/^Bearer /);
    expect(readFileSync(new SignInFile(ask.home, server).path, 'utf8')).not.toContain('se-cret');
  });

  it('counts only when it is recorded', async () => {
    const record = (): void => {
      throw new PlainError('The disk is full.');
    };
    expect(await failed(await signInWorld(), { record })).toBe('The disk is full.');
  });

  it('asks for the rights that a person names, and for what renews them', async () => {
    const world = await signInWorld({ needs: 'write' });
    const { ask, led } = person(world);
    await logIn(ask);
    const credentials = credentialsFor(ask.home, world.url, NET);
    const header = await credentials.header();
    const answer = await asks(world, header);
    expect(answer.status).toBe(403);
    const refused = await credentials.refused(header, answer);
    const [, scope] = /--scope "([^"]+)"/.exec((refused as { said: string }).said) ?? [];
    expect(scope).toBe('mcp write');
    await logIn({ ...ask, scope });
    expect(led[1]?.page.searchParams.get('scope')).toBe('mcp write offline_access');
    expect(await asks(world, await credentials.header())).toMatchObject({ status: 200, scope: 'mcp write' });
  });

  it('finds an authorization server that knows OpenID Connect alone', async () => {
    const { instead } = says(404, '{}');
    const world = await signInWorld({ instead: { '/.well-known/oauth-authorization-server': instead } });
    const { ask } = person(world);
    const signIn = await logIn(ask);
    expect(signIn.authorizationServer.revocation_endpoint).toBe(`${world.issuer}/token/revocation`);
    expect(await asks(world, await credentialsFor(ask.home, world.url, NET).header())).toMatchObject({
      status: 200,
    });
  });

  it('finds one at the origin of a server that says nothing of it', async () => {
    const world = await signInWorld({ together: true });
    const { ask } = person(world, { scope: 'mcp' });
    expect(await logIn(ask)).toMatchObject({ authorizationServer: { issuer: world.issuer } });
    expect(await asks(world, await credentialsFor(ask.home, world.url, NET).header())).toMatchObject({
      status: 200,
    });
  });

  it('signs in as an app that was registered beforehand, and as it again without its name', async () => {
    const world = await signInWorld({ registration: false });
    const client = { client_id: 'app', client_secret: 'app-secret' };
    const { ask, led } = person(world, { client });
    await logIn(ask);
    expect(led[0]?.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    await logIn({ ...ask, client: undefined });
    expect(led[1]?.page.searchParams.get('client_id')).toBe('app');
    expect(await asks(world, await credentialsFor(ask.home, world.url, NET).header())).toMatchObject({
      status: 200,
    });
  });
});

describe('a sign-in that fails keeps nothing and says why', () => {
  it('where a person says no', async () => {
    const world = await signInWorld({ consent: 'no' });
    const said = await failed(world);
    expect(said).toBe(`The sign-in to ${world.url.href} was denied at ${world.issuer}. Nothing was kept.`);
  });

  it('where an answer has another state', async () => {
    const change = (url: URL): URL => {
      url.searchParams.set('state', 'A'.repeat(43));
      return url;
    };
    expect(await failed(await signInWorld(), {}, change)).toContain('its state is another');
  });

  it('where an answer is of another authorization server, or of none though it promised, before its words are read', async () => {
    const other = (url: URL): URL => {
      url.searchParams.set('iss', 'https://evil.example');
      url.searchParams.set('error', 'access_denied');
      return url;
    };
    const said = await failed(await signInWorld(), {}, other);
    expect(said).toContain('is of https://evil.example');
    expect(said).not.toContain('denied');
    const none = (url: URL): URL => {
      url.searchParams.delete('iss');
      return url;
    };
    expect(await failed(await signInWorld(), {}, none)).toContain('does not say whose it is, as it promised');
  });

  it('where the error is none of OAuth, without repeating it', async () => {
    const change = (url: URL): URL => {
      url.searchParams.set('error', 'run "curl evil" \u001b[2J');
      return url;
    };
    const said = await failed(await signInWorld(), {}, change);
    expect(said).toContain('ended the sign-in: an error that is none of OAuth.');
    expect(said).not.toContain('curl');
  });

  it('where apps cannot register themselves, or are refused: with the way out', async () => {
    const closed = await failed(await signInWorld({ registration: false }));
    const { instead } = says(400, '{"error":"invalid_client_metadata","error_description":"se-cret"}');
    const refused = await failed(await signInWorld({ instead: { '/reg': instead } }));
    expect(closed).toContain('lets no app register itself');
    expect(refused).toContain('refuses to register holdpoint (invalid_client_metadata)');
    for (const said of [closed, refused]) {
      expect(said).toContain('http://127.0.0.1/callback');
      expect(said).toContain('--client-id ID');
      expect(said).not.toContain('se-cret');
    }
  });

  it('where the token endpoint refuses, by its error code alone', async () => {
    const body = '{"error":"invalid_request","error_description":"the code se-cret"}';
    const world = await signInWorld({ instead: { '/token': says(400, body).instead } });
    const said = await failed(world);
    expect(said).toContain(`did not go on with the sign-in: invalid_request from ${world.issuer}/token.`);
    expect(said).not.toContain('se-cret');
  });

  it('where the token endpoint does not know the app so: with what to look at', async () => {
    const world = await signInWorld({
      instead: { '/token': says(401, '{"error":"invalid_client"}').instead },
    });
    const said = await failed(world);
    expect(said).toContain('did not go on with the sign-in: invalid_client');
    expect(said).toContain('look at --client-id, and at --client-secret-env');
  });

  it('where the token is none for a header, or of a type that is not known', async () => {
    const token = (token_type: string, access_token: string): string =>
      JSON.stringify({ token_type, access_token });
    const odd = says(200, token('Bearer', 'a\r\nX: y')).instead;
    expect(await failed(await signInWorld({ instead: { '/token': odd } }))).toContain(
      'cannot stand in a header',
    );
    const dpop = says(200, token('DPoP', 'abc')).instead;
    expect(await failed(await signInWorld({ instead: { '/token': dpop } }))).toContain('of the type DPoP');
  });

  it('where there is no metadata, not guessing where to go', async () => {
    const page = says(200, '<html>Welcome</html>', 'text/html').instead;
    const paths = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
    const instead = Object.fromEntries(paths.map((path) => [path, page]));
    const world = await signInWorld({ instead });
    expect(await failed(world)).toContain(
      `names the authorization server ${world.issuer}, which has no metadata`,
    );
    const silent = await signInWorld({ resourceMetadata: () => undefined });
    expect(await failed(silent)).toContain('does not say where to get one');
    expect(silent.asked.authorization).toEqual([]);
  });

  it('where the metadata of another server answers, and nothing is registered there', async () => {
    const body = (issuer: string): string =>
      JSON.stringify({
        issuer: 'https://good.example',
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        registration_endpoint: `${issuer}/reg`,
        response_types_supported: ['code'],
      });
    const world = await signInWorld();
    world.instead['/.well-known/oauth-authorization-server'] = says(200, body(world.issuer)).instead;
    expect(await failed(world)).toContain('whose metadata says that it is https://good.example');
    expect(world.asked.authorization).not.toContain('POST /reg');
  });

  it('where tokens would be for another server', async () => {
    const resource = 'https://bank.example/mcp';
    const world = await signInWorld({ resourceMetadata: (one) => ({ ...one, resource }) });
    expect(await failed(world)).toContain(`says that tokens for it are for ${resource}`);
    expect(world.asked.authorization).toEqual([]);
  });

  it('where it leads to plain http elsewhere, without going there', async () => {
    const authorization_servers = ['http://auth.example/'];
    const world = await signInWorld({ resourceMetadata: (one) => ({ ...one, authorization_servers }) });
    expect(await failed(world)).toContain('leads to http://auth.example/, which is not https');
    const asked: string[] = [];
    const net = {
      fetch: ((to: string) => {
        asked.push(to);
        return Promise.resolve(
          new Response(null, {
            status: 401,
            headers: { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/x"' },
          }),
        );
      }) as typeof fetch,
    };
    // A remote server has no business with what listens on this machine.
    expect(await failed(world, { net, server: new URL('https://mcp.example/mcp') })).toContain(
      'is not https',
    );
    expect(asked).toEqual(['https://mcp.example/mcp']);
  });

  it('where PKCE is not known', async () => {
    const world = await signInWorld();
    const found = await fetch(`${world.issuer}/.well-known/oauth-authorization-server`);
    const metadata = { ...((await found.json()) as object), code_challenge_methods_supported: ['plain'] };
    world.instead['/.well-known/oauth-authorization-server'] = says(200, JSON.stringify(metadata)).instead;
    expect(await failed(world)).toContain('does not know PKCE with S256');
  });

  it('where nobody is there, or an answer has no end', async () => {
    const world = await signInWorld();
    const endless = (_: unknown, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        if (response.destroyed) return;
        response.write(' '.repeat(65_536));
        setImmediate(more);
      };
      more();
    };
    world.instead['/.well-known/oauth-authorization-server'] = endless;
    expect(await failed(world)).toContain('answers with more than 1048576 bytes');
    const server = new URL('http://127.0.0.1:9/mcp');
    expect(await failed(world, { server })).toContain('http://127.0.0.1:9/mcp cannot be reached: ');
  });

  it('where nobody finishes it within five minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const world = await signInWorld();
    const lead = (): void => void vi.advanceTimersByTime(5 * 60_000);
    expect(await failed(world, { lead })).toContain('Nobody finished the sign-in within 5 minutes');
  });
});
