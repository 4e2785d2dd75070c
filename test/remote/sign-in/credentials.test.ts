import { copyFileSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Home, resolveHome } from '../../../src/platform/home.ts';
import { credentialsFor } from '../../../src/remote/sign-in/credentials.ts';
import { allSignIns, type SignIn, SignInFile } from '../../../src/remote/sign-in/kept.ts';
import { logIn } from '../../../src/remote/sign-in/login.ts';
import { browse } from '../../fixtures/browser.mjs';
import { newFolder } from '../../support/home.ts';
import { asks, signInWorld, type World, type WorldOptions } from '../../support/sign-in-world.ts';

const NET = { fetch: globalThis.fetch };

interface SignedIn {
  world: World;
  home: Home;
  file: SignInFile;
  kept(): SignIn;
  change(to: Partial<SignIn>): void;
}

async function signedIn(options: WorldOptions = {}): Promise<SignedIn> {
  const world = await signInWorld(options);
  const home = resolveHome(newFolder(), {});
  const lead = ({ page }: { page: URL }): void => void browse(page).catch(() => {});
  await logIn({ home, server: world.url, net: NET, lead, record: () => {} });
  world.tokenRequests.length = 0;
  const file = new SignInFile(home, world.url);
  const kept = (): SignIn => file.read()!;
  const change = (to: Partial<SignIn>): void =>
    writeFileSync(file.path, JSON.stringify({ ...kept(), ...to }));
  return { world, home, file, kept, change };
}

/** The token is at its end. */
const OVER = { expiresAt: Date.now() - 1_000, obtainedAt: Date.now() - 3_600_000 };
const refreshes = ({ tokenRequests }: World): number =>
  tokenRequests.filter((one) => one.get('grant_type') === 'refresh_token').length;
const UNAUTHORIZED = { status: 401, challenge: 'Bearer error="invalid_token"' };

describe('the header of a bridge', () => {
  it('is none where nobody is signed in, and asks nobody', async () => {
    const net = { fetch: vi.fn() };
    const credentials = credentialsFor(resolveHome(newFolder(), {}), new URL('https://mcp.example/mcp'), net);
    expect(await credentials.header()).toBeUndefined();
    const { said } = (await credentials.refused(undefined, UNAUTHORIZED)) as { said: string };
    expect(said).toMatch(
      /^https:\/\/mcp\.example\/mcp wants a sign-in, and nobody is signed in\. Sign in: holdpoint login https:\/\/mcp\.example\/mcp --home \/tmp\/hp-/,
    );
    expect(net.fetch).not.toHaveBeenCalled();
  });

  it('names no home in its command where that is the usual one', async () => {
    const home = resolveHome(join(homedir(), '.holdpoint'), {});
    const credentials = credentialsFor(home, new URL('https://mcp.invalid/mcp?k=se-cret'), NET);
    const { said } = (await credentials.refused(undefined, UNAUTHORIZED)) as { said: string };
    expect(said).toMatch(/Sign in: holdpoint login https:\/\/mcp\.invalid\/mcp$/);
  });

  it('is the kept token while it lasts, with no request', async () => {
    const { world, home, kept } = await signedIn();
    const net = { fetch: vi.fn() };
    expect(await credentialsFor(home, world.url, net).header()).toBe(`Bearer ${kept().accessToken}`);
    expect(net.fetch).not.toHaveBeenCalled();
  });

  it('is renewed a minute before its end, once for all calls that want it at once', async () => {
    const { world, home, kept } = await signedIn();
    const before = kept();
    vi.useFakeTimers({ toFake: ['Date'], now: before.expiresAt! - 61_000 });
    onTestFinished(() => void vi.useRealTimers());
    const credentials = credentialsFor(home, world.url, NET);
    expect(await credentials.header()).toBe(`Bearer ${before.accessToken}`);
    expect(refreshes(world)).toBe(0);
    vi.setSystemTime(before.expiresAt! - 59_000);
    const headers = await Promise.all(Array.from({ length: 8 }, () => credentials.header()));
    expect(new Set(headers)).toEqual(new Set([`Bearer ${kept().accessToken}`]));
    expect(headers[0]).not.toBe(`Bearer ${before.accessToken}`);
    expect(refreshes(world)).toBe(1);
    expect(world.tokenRequests[0]?.get('resource')).toBe(world.url.href);
    expect(kept().refreshToken).not.toBe(before.refreshToken);
    expect(await asks(world, headers[0])).toMatchObject({ status: 200 });
  });

  it('of a token that lives for half a minute is not renewed at every call', async () => {
    const { world, home } = await signedIn({ lives: 30 });
    const credentials = credentialsFor(home, world.url, NET);
    for (let n = 0; n < 3; n += 1) await credentials.header();
    expect(refreshes(world)).toBe(0);
  });

  it('is for one origin and path: no other address gets it, nor one whose file it was made', async () => {
    const { world, home, file } = await signedIn();
    const others = [
      new URL('/other', world.url),
      new URL('/mcp', 'https://mcp.example'),
      new URL('/mcp/', world.url),
    ];
    for (const other of others) {
      expect(await credentialsFor(home, other, NET).header()).toBeUndefined();
      copyFileSync(file.path, new SignInFile(home, other).path);
      expect(await credentialsFor(home, other, NET).header()).toBeUndefined();
    }
    expect(await credentialsFor(home, new URL('?a=b', world.url), NET).header()).toMatch(/^Bearer /);
  });

  it('is none where the file is damaged', async () => {
    const { world, home, file } = await signedIn();
    for (const text of ['', '{', 'null', '{"version":1}', readFileSync(file.path, 'utf8').slice(0, -9)]) {
      writeFileSync(file.path, text);
      const credentials = credentialsFor(home, world.url, NET);
      expect(await credentials.header()).toBeUndefined();
      expect(await credentials.refused(undefined, UNAUTHORIZED)).toMatchObject({
        said: expect.stringContaining('holdpoint login'),
      });
    }
    expect(allSignIns(home)).toEqual([]);
  });
});

describe('after a refusal', () => {
  it('the token is renewed once', async () => {
    const { world, home, kept } = await signedIn();
    const credentials = credentialsFor(home, world.url, NET);
    const old = await credentials.header();
    const answers = await Promise.all([1, 2, 3].map(() => credentials.refused(old, UNAUTHORIZED)));
    expect(answers).toEqual(Array(3).fill({ header: `Bearer ${kept().accessToken}` }));
    expect(refreshes(world)).toBe(1);
    expect(await asks(world, `Bearer ${kept().accessToken}`)).toMatchObject({ status: 200 });
  });

  it('of a token that another process has replaced already, that one is taken', async () => {
    const { world, home, kept } = await signedIn();
    const old = await credentialsFor(home, world.url, NET).header();
    await credentialsFor(home, world.url, NET).refused(old, UNAUTHORIZED);
    expect(await credentialsFor(home, world.url, NET).refused(old, UNAUTHORIZED)).toEqual({
      header: `Bearer ${kept().accessToken}`,
    });
    // Somebody signed in after the request went out.
    expect(await credentialsFor(home, world.url, NET).refused(undefined, UNAUTHORIZED)).toEqual({
      header: `Bearer ${kept().accessToken}`,
    });
    expect(refreshes(world)).toBe(1);
  });

  it('of a token that was renewed just now, nothing is renewed again', async () => {
    const { world, home } = await signedIn();
    const credentials = credentialsFor(home, world.url, NET);
    const { header } = (await credentials.refused(await credentials.header(), UNAUTHORIZED)) as {
      header: string;
    };
    const { said } = (await credentials.refused(header, UNAUTHORIZED)) as { said: string };
    expect(said).toContain('refuses a token that was renewed just now. Sign in: holdpoint login');
    expect(refreshes(world)).toBe(1);
  });

  it('a sign-in that was ended there is over, and nobody asks with it again', async () => {
    const { world, home, kept, change } = await signedIn();
    const token = await world.provider.RefreshToken.find(kept().refreshToken!);
    await token?.destroy();
    change(OVER);
    const credentials = credentialsFor(home, world.url, NET);
    // The server has the last word on the old one.
    const header = await credentials.header();
    expect(header).toBe(`Bearer ${kept().accessToken}`);
    for (let n = 0; n < 2; n += 1)
      expect(await credentials.refused(header, UNAUTHORIZED)).toMatchObject({
        said: expect.stringMatching(/^The sign-in to .* (has ended|has run out).*Sign in: holdpoint login /),
      });
    expect(refreshes(world)).toBe(1);
    expect(kept().refreshToken).toBeUndefined();
  });

  it('a network that fails ends nothing: the sentence says so, and the next time it is renewed', async () => {
    const { world, home, kept, change } = await signedIn();
    change(OVER);
    let broken = true;
    const fetch = ((...words: Parameters<typeof globalThis.fetch>) =>
      broken
        ? Promise.reject(
            new TypeError('fetch failed', {
              cause: Object.assign(new Error('not found'), { code: 'ENOTFOUND' }),
            }),
          )
        : globalThis.fetch(...words)) as typeof globalThis.fetch;
    const credentials = credentialsFor(home, world.url, { fetch });
    const old = await credentials.header();
    expect(await credentials.refused(old, UNAUTHORIZED)).toEqual({
      said: `${world.issuer}/token cannot be reached: ${new URL(world.issuer).host} is not known to the network: check the address. Mend that, then try again.`,
    });
    broken = false;
    expect(await credentials.header()).toBe(`Bearer ${kept().accessToken}`);
    expect(await credentials.header()).not.toBe(old);
  });

  it('where nothing can be locked, the old token is sent, and a sentence says why it was not renewed', async () => {
    const { world, home, file, change } = await signedIn();
    change(OVER);
    const credentials = credentialsFor(home, world.url, NET);
    const kept = await credentialsFor(home, new URL('?x', world.url), NET).header();
    change(OVER);
    const folder = dirname(file.path);
    renameSync(folder, `${folder}-moved`);
    symlinkSync(`${folder}-moved`, folder);
    expect(await credentials.header()).toBe(`Bearer ${file.read()!.accessToken}`);
    expect(await credentials.refused(kept, UNAUTHORIZED)).toEqual({
      said: expect.stringContaining('is not a folder (a link, perhaps)'),
    });
  });

  it('an authorization server in trouble ends nothing, and none of its words are repeated', async () => {
    const { world, home, kept } = await signedIn();
    const { refreshToken } = kept();
    world.instead['/token'] = (_, response) => void response.writeHead(500).end(`<b>${refreshToken}</b>`);
    const credentials = credentialsFor(home, world.url, NET);
    const { said } = (await credentials.refused(await credentials.header(), UNAUTHORIZED)) as {
      said: string;
    };
    expect(said).toContain('could not be renewed at');
    expect(said).toContain('(HTTP 500)');
    expect(said).not.toContain(refreshToken);
    expect(kept().refreshToken).toBe(refreshToken);
  });

  it('a sign-in without anything to renew it with has run out', async () => {
    const { world, home, kept } = await signedIn({ renews: false });
    expect(kept().refreshToken).toBeUndefined();
    const credentials = credentialsFor(home, world.url, NET);
    const { said } = (await credentials.refused(await credentials.header(), UNAUTHORIZED)) as {
      said: string;
    };
    expect(said).toContain('has run out, and there is nothing to renew it with. Sign in: holdpoint login');
  });

  it('for want of rights the command asks for those that were given and those that are wanted', async () => {
    const { world, home } = await signedIn();
    const credentials = credentialsFor(home, world.url, NET);
    const header = await credentials.header();
    const said = async (status: number, challenge: string | undefined): Promise<string> =>
      ((await credentials.refused(header, { status, challenge })) as { said: string }).said;
    const more = await said(403, 'Bearer error="insufficient_scope", scope="write mcp"');
    expect(more).toContain(`holdpoint login ${world.url.href} --scope "mcp write"`);
    const evil = await said(403, 'Bearer error="insufficient_scope", scope="$(reboot) a;b"');
    expect(evil).not.toMatch(/--scope "[^"]*reboot/);
    expect(evil).toContain('characters that belong in no command');
    expect(await said(403, 'Bearer error="insufficient_scope"')).toContain('It does not say which');
    expect(await said(403, undefined)).toBe(
      `${world.url.href} refuses this (HTTP 403), whoever is signed in.`,
    );
    expect(refreshes(world)).toBe(0);
  });
});
