import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveHome } from '../../src/platform/home.ts';
import { type SignIn, SignInFile } from '../../src/remote/sign-in/kept.ts';
import { holdpoint, type Ran } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { auditFiles, newFolder, newHome, recordsOf } from '../support/home.ts';
import { LONG } from '../support/long.ts';
import { BIN, cleanEnv } from '../support/proxy-process.ts';
import { asks, signInWorld, type World } from '../support/sign-in-world.ts';

const BROWSER = resolve(import.meta.dirname, '../fixtures/browser.mjs');
const ASKER = resolve(import.meta.dirname, '../fixtures/token-asker.mjs');

interface Browsed {
  words: string[];
  env: string[];
}

interface Person {
  home: string;
  env: Record<string, string>;
  browsed(): Browsed[];
  login(...words: string[]): Promise<Ran>;
  kept(world: World): SignIn;
}

function person(more: Record<string, string> = {}): Person {
  const home = newHome();
  const log = join(newFolder(), 'browsed');
  const env = { BROWSER, BROWSED: log, ...more };
  return {
    home,
    env,
    browsed: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Browsed)
        : [],
    login: (...words) => holdpoint(home, ['login', ...words], env),
    kept: ({ url }) => new SignInFile(resolveHome(home, {}), url).read()!,
  };
}

describe('holdpoint login', () => {
  it('signs in by the browser, which gets the address as one word, and keeps every secret to itself', async () => {
    const world = await signInWorld({ registration: false });
    const secrets = { APP_SECRET: 'app-secret', KEY: 'key-of-the-server' };
    const { login, browsed, home, kept } = person(secrets);
    const words = ['--client-id', 'app', '--client-secret-env', 'APP_SECRET', '--header-env', 'X-Key=KEY'];
    const { code, stdout, stderr } = await login(world.url.href, ...words);
    expect([code, stderr]).toEqual([0, '']);
    const [{ words: opened = [], env = [] } = {}, ...again] = browsed();
    expect(again).toEqual([]);
    expect(opened).toHaveLength(1);
    expect(new URL(opened[0]!).pathname).toBe('/auth');
    expect(stdout).toContain(`\n${opened[0]}\n`);
    expect(stdout).toContain(`Sign in to ${world.url.href} at ${world.issuer}.`);
    expect(stdout).toContain(`Signed in to ${world.url.href}.`);
    for (const name of Object.keys(secrets)) expect(env).not.toContain(name);
    const { accessToken, refreshToken = '' } = kept(world);
    const written = [stdout, ...auditFiles(home).map((file) => readFileSync(file, 'utf8'))].join('\n');
    for (const secret of [accessToken, refreshToken, ...Object.values(secrets)]) {
      expect(secret.length).toBeGreaterThan(5);
      expect(written).not.toContain(secret);
    }
    expect(recordsOf(home, 'sign-in')).toMatchObject([
      { event: 'login', server: world.url.href, by: { method: 'cli' } },
    ]);
    expect(await holdpoint(home, ['audit', 'verify'])).toMatchObject({ code: 0 });
  });

  it.skipIf(!LONG)('takes an address from a variable, and shows its origin and path alone', async () => {
    const world = await signInWorld();
    const { login, home } = person({ WHERE: `${world.url.href}?key=se-cret` });
    const { code, stdout } = await login('--url-env', 'WHERE');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Signed in to ${world.url.href}.`)]);
    expect(stdout).not.toContain('se-cret');
    const listed = await holdpoint(home, ['login', '--list']);
    expect(listed.stdout).toMatch(/SERVER +SINCE +ENDS\nhttp:\/\/127\.0\.0\.1:\d+\/mcp .* is renewed\n/);
    const files = [
      ...auditFiles(home),
      ...readdirSync(join(home, 'state/sign-in')).map((name) => join(home, 'state/sign-in', name)),
    ];
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toContain('se-cret');
  });

  it('gives no address to a shell, whatever a server makes of it', async () => {
    const world = await signInWorld();
    const found = await fetch(`${world.issuer}/.well-known/oauth-authorization-server`);
    const folder = newFolder();
    const evil = `${world.issuer}/auth?a=$(touch%20${folder}/1)&b=\`touch ${folder}/2\`;touch\t${folder}/3|'"`;
    const metadata = { ...((await found.json()) as object), authorization_endpoint: evil };
    world.instead['/.well-known/oauth-authorization-server'] = (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
    const { login, browsed } = person();
    const { stdout } = await login(world.url.href);
    expect(stdout).toContain('Signed in');
    expect(browsed().map(({ words }) => words.length)).toEqual([1]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://auth.example/x'])(
    'opens nothing but https, or http here: not %s',
    async (authorization_endpoint) => {
      const world = await signInWorld();
      const found = await fetch(`${world.issuer}/.well-known/oauth-authorization-server`);
      const metadata = { ...((await found.json()) as object), authorization_endpoint };
      world.instead['/.well-known/oauth-authorization-server'] = (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
      const { login, browsed } = person();
      const { code, stderr, stdout } = await login(world.url.href);
      expect([code, browsed(), stdout]).toEqual([1, [], '']);
      expect(stderr).toMatch(/^holdpoint: /);
    },
  );

  it('prints the address where no browser is, and goes on waiting', async () => {
    const world = await signInWorld();
    const empty = newFolder();
    const { env, home } = person({ BROWSER: '/nowhere/browser', PATH: empty });
    const child = spawn(process.execPath, [BIN, 'login', world.url.href, '--home', home], {
      env: cleanEnv(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    await eventually('the sentence', () => stdout.includes('No browser could be started here.'));
    const [, page = ''] = /\n(http:\S+)\n/.exec(stdout) ?? [];
    const callback = new URL(page).searchParams.get('redirect_uri') ?? '';
    const reached = await fetch(new URL('/other', callback));
    expect(reached.status).toBe(404);
    // Ctrl-C ends it, and what listened.
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGINT');
    await expect(fetch(callback)).rejects.toThrow();
    expect(existsSync(join(home, 'state/sign-in'))).toBe(false);
    expect(recordsOf(home, 'sign-in')).toEqual([]);
  });

  it('ends with a sentence where the answer is not of this sign-in', async () => {
    const world = await signInWorld();
    const { login, home } = person({ TAMPER: 'state' });
    const { code, stderr } = await login(world.url.href);
    expect([code, stderr]).toEqual([1, expect.stringContaining('its state is another')]);
    expect(existsSync(join(home, 'state/sign-in'))).toBe(false);
  });

  it("is refused to an agent's shell, with a record and without a request; logout is not", async () => {
    const world = await signInWorld();
    const { login, browsed, home } = person({ CLAUDECODE: '1' });
    const { code, stderr } = await login(world.url.href);
    expect([code, stderr]).toEqual([1, expect.stringContaining('opened by an agent (CLAUDECODE is set)')]);
    expect(recordsOf(home, 'fault')).toMatchObject([
      { cause: 'login-refused', what: expect.stringContaining(`login ${world.url.href}`) },
    ]);
    expect([browsed(), world.asked]).toEqual([[], { authorization: [], server: [] }]);
    const out = await holdpoint(home, ['logout', world.url.href], { CLAUDECODE: '1' });
    expect([out.code, out.stdout]).toEqual([0, `Nobody is signed in to ${world.url.href}.\n`]);
  });

  it.each([
    [[], 'Which server?'],
    [['https://mcp.example/', '--url-env', 'HOME'], 'Give one of them'],
    [['--url-env', 'NOT_SET'], 'NOT_SET is not set, or empty'],
    [['http://mcp.example/mcp'], 'plain http'],
    [['https://mcp.example/mcp?key=se-cret'], '--url-env'],
    [['https://mcp.example/mcp', '--client-secret-env', 'HOME'], '--client-id ID'],
    [['https://mcp.example/mcp', '--client-id', 'x', '--client-secret-env', 'NOT_SET'], 'NOT_SET'],
    [['https://mcp.example/mcp', '--header-env', 'X: y'], 'is no NAME=VARIABLE'],
    [['https://mcp.example/mcp', '--header-env', 'Host=HOME'], 'says itself'],
    [['https://mcp.example/mcp', '--header-env', 'X-Key=NOT_SET'], 'NOT_SET is not set, or empty'],
    [['https://mcp.example/mcp', '--header-env', 'X-Key=se-cret'], 'name of an environment variable'],
    [['https://mcp.example/mcp', '--callback-port', '70000'], 'no port'],
  ])('says what is wrong with %j', async (words, said) => {
    const { code, stderr, stdout } = await person().login(...words);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(said)]);
    expect(stderr).not.toContain('se-cret');
  });
});

describe('holdpoint logout', () => {
  it('ends the sign-in here and there, and records it', async () => {
    const world = await signInWorld();
    const { login, home, kept } = person();
    await login(world.url.href);
    const { accessToken, refreshToken = '' } = kept(world);
    const left = join(home, 'state/sign-in', `${readdirSync(join(home, 'state/sign-in'))[0]}.1.ab.tmp`);
    writeFileSync(left, accessToken);
    const { code, stdout } = await holdpoint(home, ['logout', world.url.href]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('was told, and says that its tokens count no more.'),
    ]);
    expect(await world.provider.RefreshToken.find(refreshToken)).toBeUndefined();
    expect(await asks(world, `Bearer ${accessToken}`)).toMatchObject({ status: 401 });
    expect(readdirSync(join(home, 'state/sign-in'))).toEqual([]);
    expect(recordsOf(home, 'sign-in')).toMatchObject([
      { event: 'login' },
      { event: 'logout', server: world.url.href },
    ]);
  });

  it.skipIf(!LONG)(
    'forgets it also where the authorization server cannot be told, and says that',
    async () => {
      const world = await signInWorld();
      const { login, home } = person();
      await login(world.url.href);
      world.instead['/token/revocation'] = (_, response) => void response.writeHead(503).end('<b>sorry</b>');
      const { code, stdout } = await holdpoint(home, ['logout', world.url.href]);
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining('its tokens count there until they run out'),
      ]);
      expect(stdout).toContain('HTTP 503');
      expect(stdout).not.toContain('sorry');
      expect(readdirSync(join(home, 'state/sign-in'))).toEqual([]);
    },
  );
});

interface Asker {
  child: ChildProcess;
  ask(line: string): Promise<{ header?: string; said?: string }>;
}

/** A process that wants a token as a bridge does. */
async function asker(home: string, { url }: World): Promise<Asker> {
  const child = spawn(process.execPath, [ASKER, home, url.href], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      const { value } = await lines.next();
      return JSON.parse(value as string) as { header?: string; said?: string };
    },
  };
}

/** Somebody is signed in, and the token is over. */
async function over(): Promise<{ world: World; home: string; kept(): SignIn }> {
  const world = await signInWorld();
  const { login, home, kept } = person();
  await login(world.url.href);
  const { path } = new SignInFile(resolveHome(home, {}), world.url);
  writeFileSync(path, JSON.stringify({ ...kept(world), expiresAt: Date.now() - 1_000 }));
  world.tokenRequests.length = 0;
  return { world, home, kept: () => kept(world) };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe('two bridges that renew a token at once', () => {
  it('use the refresh token once, and both go on, where the server ends all when it is used twice', async () => {
    const { world, home, kept } = await over();
    world.beforeAnswer.wait = () => pause(300);
    const both = await Promise.all([asker(home, world), asker(home, world)]);
    const headers = await Promise.all(both.map(({ ask }) => ask('header')));
    expect(headers).toEqual(Array(2).fill({ header: `Bearer ${kept().accessToken}` }));
    expect(world.tokenRequests).toHaveLength(1);
    expect(await asks(world, headers[0]?.header)).toMatchObject({ status: 200 });
    // And so after a refusal that both saw, again and again.
    for (let n = 0; n < 2; n += 1) {
      const { path } = new SignInFile(resolveHome(home, {}), world.url);
      const before = kept();
      writeFileSync(path, JSON.stringify({ ...before, obtainedAt: 1 }));
      const used = `Bearer ${before.accessToken}`;
      const answers = await Promise.all(both.map(({ ask }) => ask(used)));
      expect(answers).toEqual(Array(2).fill({ header: `Bearer ${kept().accessToken}` }));
      expect(world.tokenRequests).toHaveLength(2 + n);
      expect(await asks(world, answers[0]?.header)).toMatchObject({ status: 200 });
    }
  });

  it('and one is killed before the server had its request: the other breaks its lock and renews', async () => {
    const { world, home, kept } = await over();
    const first = await asker(home, world);
    let reached = (): void => {};
    const arrived = new Promise<void>((done) => {
      reached = done;
    });
    // Its request never comes to be read.
    world.instead['/token'] = () => reached();
    void first.ask('header').catch(() => {});
    await arrived;
    first.child.kill('SIGKILL');
    delete world.instead['/token'];
    const second = await asker(home, world);
    const { header } = await second.ask('header');
    expect(header).toBe(`Bearer ${kept().accessToken}`);
    expect(await asks(world, header)).toMatchObject({ status: 200 });
    expect(readdirSync(join(home, 'state/sign-in'))).toHaveLength(1);
  });

  it.skipIf(!LONG)(
    'and one is killed between the answer and the file: at most the sign-in is lost, with a sentence',
    async () => {
      const { world, home, kept } = await over();
      const first = await asker(home, world);
      let reached = (): void => {};
      const arrived = new Promise<void>((done) => {
        reached = done;
      });
      // The server has made new tokens, and the old one counts no more.
      world.beforeAnswer.wait = () => {
        reached();
        return new Promise(() => {});
      };
      void first.ask('header').catch(() => {});
      await arrived;
      first.child.kill('SIGKILL');
      world.beforeAnswer.wait = undefined;
      const second = await asker(home, world);
      const { header = '' } = await second.ask('header');
      const { said } = await second.ask(header);
      expect(said).toMatch(/^The sign-in to .*Sign in: holdpoint login /);
      expect(kept().refreshToken).toBeUndefined();
      expect(world.tokenRequests).toHaveLength(2);
      const again = await holdpoint(home, ['login', world.url.href], {
        BROWSER,
        BROWSED: join(newFolder(), 'x'),
      });
      expect(again.code).toBe(0);
      expect(await asks(world, (await second.ask('header')).header)).toMatchObject({ status: 200 });
    },
  );

  it.runIf(LONG)('and one waits long for its answer: its lock is not taken from it', async () => {
    const { world, home, kept } = await over();
    world.beforeAnswer.wait = () => pause(12_000);
    const both = await Promise.all([asker(home, world), asker(home, world)]);
    const headers = await Promise.all(both.map(({ ask }) => ask('header')));
    expect(headers).toEqual(Array(2).fill({ header: `Bearer ${kept().accessToken}` }));
    expect(world.tokenRequests).toHaveLength(1);
  });
});

describe('where nothing can be kept', () => {
  it('nobody is signed in, and a sentence says why', async () => {
    const world = await signInWorld();
    const { login, home } = person();
    mkdirSync(join(home, 'state/sign-in'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'file'), '');
    chmodSync(join(home, 'state'), 0o700);
    const { path } = new SignInFile(resolveHome(home, {}), world.url);
    mkdirSync(path);
    writeFileSync(join(path, 'x'), '');
    const { code, stderr } = await login(world.url.href);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^holdpoint: .* cannot be /)]);
  });
});
