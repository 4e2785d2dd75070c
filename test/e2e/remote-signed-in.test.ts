import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { type SignIn, SignInFile } from '../../src/remote/sign-in/kept.ts';
import { holdpoint, type Ran } from '../support/cli.ts';
import { connectProxy } from '../support/connect-proxy.ts';
import { auditFiles, newFolder, newHome, recordsOf } from '../support/home.ts';
import { answer, JSON_TYPE, type Script, session } from '../support/http-script.ts';
import { LONG } from '../support/long.ts';
import { ProxyProcess } from '../support/proxy-process.ts';
import { NAMED_CA, signInWorld, type World, type WorldOptions } from '../support/sign-in-world.ts';

const BROWSER = resolve(import.meta.dirname, '../fixtures/browser.mjs');
const TOOLS = { tools: [{ name: 'echo', description: 'Echoes.', inputSchema: { type: 'object' } }] };

const speaks: Script = session(({ json }, response) => {
  const list = JSON.stringify({ jsonrpc: '2.0', id: json?.id, result: TOOLS });
  response.writeHead(200, JSON_TYPE).end(json?.method === 'tools/list' ? list : answer(json?.id));
});

interface Place {
  world: World;
  home: string;
  env: Record<string, string>;
  /** What the file of the sign-in says, and says from now on. */
  kept(): SignIn;
  keep(change: Partial<SignIn>): void;
  login(...words: string[]): Promise<Ran>;
  /** A bridge to the server. */
  run(): ProxyProcess;
  /** The ids of calls that reached the server, let in or not. */
  calls(): unknown[];
}

async function place(options: WorldOptions = {}, env: Record<string, string> = {}): Promise<Place> {
  const world = await signInWorld({ speaks, ...options });
  const home = newHome({ servers: { srv: { newTools: 'policy' } }, allow: ['*'] });
  const file = new SignInFile(resolveHome(home, {}), world.url);
  const all = { BROWSER, BROWSED: join(newFolder(), 'browsed'), ...env };
  const words = ['--server', 'srv', '--url', world.url.href];
  return {
    world,
    home,
    env: all,
    kept: () => file.read()!,
    keep: (change) => writeFileSync(file.path, JSON.stringify({ ...file.read(), ...change })),
    login: (...more) => holdpoint(home, ['login', world.url.href, ...more], all),
    run: () => new ProxyProcess({ home, server: [], words, env }),
    calls: () => world.came.filter(({ json }) => json?.method === 'tools/call').map(({ json }) => json?.id),
  };
}

function initialize(proxy: ProxyProcess, id: string): void {
  proxy.send({
    id,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
  });
}

async function begun(proxy: ProxyProcess): Promise<ProxyProcess> {
  initialize(proxy, 'i');
  expect((await proxy.answer('i')).error).toBeUndefined();
  proxy.send({ method: 'notifications/initialized' });
  proxy.send({ id: 'l', method: 'tools/list' });
  expect((await proxy.answer('l')).error).toBeUndefined();
  return proxy;
}

const command = ({ world, home }: Place): string => `holdpoint login ${world.url.href} --home ${home}`;

/** Every secret that there was, and everything that was said, kept or can be seen of it. */
function nothingSecret({ home, kept }: Place, proxies: ProxyProcess[], more: string[] = []): void {
  const secrets = [kept().accessToken, kept().refreshToken ?? '', ...more].filter((one) => one !== '');
  const texts = [
    ...auditFiles(home).map((path) => readFileSync(path, 'utf8')),
    ...proxies.flatMap(({ stderr, stdout }) => [stderr, stdout.toString()]),
    ...proxies.map(({ child }) => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')),
  ];
  const others = readdirSync(home, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((one) => one.isFile() && !one.parentPath.endsWith('sign-in'))
    .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'));
  for (const text of [...texts, ...others])
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
}

describe('a remote server that wants a sign-in', () => {
  it('is answered for with the command to run; afterwards the same process goes on', async () => {
    const here = await place();
    const proxy = here.run();
    initialize(proxy, 'first');
    expect((await proxy.answer('first')).error?.message).toContain(`Sign in: ${command(here)}`);
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain(`Sign in: ${command(here)}`);
    expect((await proxy.answer(1)).result?._meta?.['holdpoint/decision']).toMatchObject({ executed: false });
    expect(await here.login()).toMatchObject({ code: 0, stderr: '' });
    await begun(proxy);
    proxy.call(2, 'echo');
    expect((await proxy.answer(2)).result).toEqual({ content: [] });
    expect(here.calls()).toEqual([1, 2]);
    nothingSecret(here, [proxy]);
    expect(await proxy.end()).toBe(0);
    expect((await holdpoint(here.home, ['audit', 'verify'])).code).toBe(0);
  });

  it.skipIf(!LONG)('sees no token that has run out: it is renewed ahead, and no call is lost', async () => {
    const here = await place({ lives: 6 });
    await here.login();
    const { world } = here;
    const first = here.kept().accessToken;
    const proxy = await begun(here.run());
    world.tokenRequests.length = 0;
    let id = 0;
    for (; world.tokenRequests.length < (LONG ? 6 : 2); id += 1) {
      proxy.call(id, 'echo');
      expect((await proxy.answer(id)).result).toEqual({ content: [] });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(here.calls()).toEqual([...Array(id).keys()]);
    expect(new Set(world.tokenRequests.map((one) => one.get('grant_type')))).toEqual(
      new Set(['refresh_token']),
    );
    nothingSecret(here, [proxy], [first]);
  });

  it('refuses a token that was revoked: the call is sent once, and after a login the next one works', async () => {
    const here = await place();
    await here.login();
    const { world } = here;
    const proxy = await begun(here.run());
    const { accessToken, refreshToken = '' } = here.kept();
    await (await world.provider.AccessToken.find(accessToken))?.destroy();
    await (await world.provider.RefreshToken.find(refreshToken))?.destroy();
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain(`Sign in: ${command(here)}`);
    proxy.call(2, 'echo');
    expect(await proxy.text(2)).toContain(`Sign in: ${command(here)}`);
    expect(here.calls()).toEqual([1, 2]);
    await here.login();
    proxy.call(3, 'echo');
    expect((await proxy.answer(3)).result).toEqual({ content: [] });
    expect(here.calls()).toEqual([1, 2, 3]);
    nothingSecret(here, [proxy], [accessToken, refreshToken]);
    expect(await proxy.end()).toBe(0);
    expect(recordsOf(here.home, 'outcome').map(({ outcome }) => outcome)).toEqual(['error', 'error', 'ok']);
  });

  it('and one that can be renewed is: the call is not sent again, the next one works', async () => {
    const here = await place();
    await here.login();
    const proxy = await begun(here.run());
    await (await here.world.provider.AccessToken.find(here.kept().accessToken))?.destroy();
    proxy.call(1, 'echo');
    expect(await proxy.text(1)).toContain('was renewed. Ask again.');
    expect(here.calls()).toEqual([1]);
    proxy.call(2, 'echo');
    expect((await proxy.answer(2)).result).toEqual({ content: [] });
    // What is no call goes again by itself.
    await (await here.world.provider.AccessToken.find(here.kept().accessToken))?.destroy();
    here.keep({ obtainedAt: 1 });
    proxy.send({ id: 'again', method: 'tools/list' });
    expect((await proxy.answer('again')).error).toBeUndefined();
  });

  it.skipIf(!LONG)(
    'and wants more rights: the answer names them, and after that login the next call works',
    async () => {
      const here = await place();
      await here.login();
      const proxy = await begun(here.run());
      here.world.options.needs = 'mcp write';
      proxy.call(1, 'echo');
      const said = await proxy.text(1);
      expect(said).toContain('insufficient_scope');
      const [, scope = ''] = /holdpoint login \S+ --scope "([^"]+)"/.exec(said) ?? [];
      expect(scope.split(' ')).toEqual(expect.arrayContaining(['mcp', 'write']));
      expect(await here.login('--scope', scope)).toMatchObject({ code: 0 });
      proxy.call(2, 'echo');
      expect((await proxy.answer(2)).result).toEqual({ content: [] });
      expect(here.calls()).toEqual([1, 2]);
      nothingSecret(here, [proxy]);
    },
  );
});

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Both have begun, and a token request takes long enough for them to meet there. */
async function twoBridges() {
  const here = await place();
  await here.login();
  const both = await Promise.all([begun(here.run()), begun(here.run())]);
  here.world.beforeAnswer.wait = () => pause(100);
  here.world.tokenRequests.length = 0;
  return { here, both };
}

describe('two bridges to one server', () => {
  /** A token that is used twice ends the sign-in there. */
  it('whose token runs out at the same moment both go on, again and again', async () => {
    const { here, both } = await twoBridges();
    const { world } = here;
    const rounds = LONG ? 40 : 6;
    const old: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { accessToken } = here.kept();
      old.push(accessToken);
      here.keep({ expiresAt: Date.now() - 1 });
      await (await world.provider.AccessToken.find(accessToken))?.destroy();
      for (const proxy of both) for (const n of [0, 1]) proxy.call(`${round}-${n}`, 'echo');
      for (const proxy of both)
        for (const n of [0, 1]) expect((await proxy.answer(`${round}-${n}`)).result).toEqual({ content: [] });
      expect(world.tokenRequests).toHaveLength(round + 1);
    }
    expect(here.calls()).toHaveLength(4 * rounds);
    nothingSecret(here, both, old);
  });

  it('whose token is refused at the same moment both go on: each call was sent once', async () => {
    const { here, both } = await twoBridges();
    const { world } = here;
    const rounds = LONG ? 40 : 4;
    for (let round = 0; round < rounds; round += 1) {
      here.keep({ obtainedAt: 1 });
      await (await world.provider.AccessToken.find(here.kept().accessToken))?.destroy();
      for (const proxy of both) for (const n of [0, 1]) proxy.call(`${round}-${n}`, 'echo');
      for (const proxy of both)
        for (const n of [0, 1]) expect(await proxy.text(`${round}-${n}`)).toMatch(/Ask again\.|^$/);
      for (const proxy of both) {
        proxy.call(`${round}-after`, 'echo');
        expect((await proxy.answer(`${round}-after`)).result).toEqual({ content: [] });
      }
      expect(world.tokenRequests).toHaveLength(round + 1);
    }
    expect(here.calls()).toHaveLength(6 * rounds);
  });
});

describe('a server that only a proxy of the network knows', () => {
  const net = (proxy: string): Record<string, string> => ({
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    NODE_EXTRA_CA_CERTS: NAMED_CA,
  });

  it('is signed in to, reached and renewed by way of it, and the callback is not', async () => {
    const ports: Record<string, number> = {};
    const proxy = await connectProxy(ports);
    const here = await place({ named: true }, net(proxy.url));
    Object.assign(ports, here.world.ports);
    expect(await here.login()).toMatchObject({ code: 0, stderr: '' });
    const run = await begun(here.run());
    here.keep({ expiresAt: Date.now() - 1 });
    here.world.tokenRequests.length = 0;
    run.call(1, 'echo');
    expect((await run.answer(1)).result).toEqual({ content: [] });
    expect(here.world.tokenRequests).toHaveLength(1);
    const out = await holdpoint(here.home, ['logout', here.world.url.href], here.env);
    expect([out.code, out.stdout]).toEqual([0, expect.stringContaining('was told')]);
    expect(new Set(proxy.asked)).toEqual(
      new Set(['CONNECT auth.holdpoint.test:443', 'CONNECT mcp.holdpoint.test:443']),
    );
  });

  it.skipIf(!LONG)(
    'and not this one, or by a certificate that is not trusted, is named in a sentence',
    async () => {
      const proxy = await connectProxy({});
      const here = await place({ named: true }, net(proxy.url));
      const refused = await here.login();
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('mcp.holdpoint.test')]);
      expect(refused.stderr).toContain('proxy');
      const run = here.run();
      initialize(run, 'i');
      expect((await run.answer('i')).error?.message).toContain('proxy');
      const trusting = await connectProxy(here.world.ports);
      const { NODE_EXTRA_CA_CERTS: _, ...without } = net(trusting.url);
      const untrusted = await holdpoint(here.home, ['login', here.world.url.href], {
        ...here.env,
        NODE_EXTRA_CA_CERTS: '',
        ...without,
      });
      expect([untrusted.code, untrusted.stderr]).toEqual([1, expect.stringContaining('NODE_EXTRA_CA_CERTS')]);
    },
  );

  it('speaks to this machine without it', async () => {
    const proxy = await connectProxy({});
    const here = await place({}, net(proxy.url));
    expect(await here.login()).toMatchObject({ code: 0, stderr: '' });
    const run = await begun(here.run());
    run.call(1, 'echo');
    expect((await run.answer(1)).result).toEqual({ content: [] });
    expect(proxy.asked).toEqual([]);
  });
});
