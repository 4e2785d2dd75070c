import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noticeText } from '../../src/approvals/notifying/notice.ts';
import { ownEnvironment } from '../../src/approvals/notifying/own-environment.ts';
import { type Ran, runCommand } from '../../src/approvals/notifying/run-command.ts';
import { holdOf } from '../support/held.ts';
import { newFolder } from '../support/home.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../docs/examples');
const NOTICE = noticeText({
  event: 'reminder',
  holds: [
    holdOf('h1', { server: 'fs', tool: 'write_file', risk: 'write', listing: 'listed' }),
    holdOf('h2', { server: 'pay', tool: '"; touch owned; "', risk: 'financial', listing: 'listed' }),
    holdOf('h3', { server: 'pay', tool: 'made up by an agent', risk: null, listing: 'absent' }),
  ],
});
const CALLS = ['fs write_file (write)', 'pay ???touch?owned??? (financial)', 'pay unknown tool (unknown)'];

/** A home of a user who has an example's secret in its place. */
function user(files: Record<string, string> = {}) {
  const home = newFolder();
  mkdirSync(join(home, '.config'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, '.config', name), text);
  return home;
}

function run(script: string, home: string, path = process.env['PATH']): Promise<Ran> {
  const env = ownEnvironment({ ...process.env, HOME: home, PATH: path }, '/');
  return runCommand([join(EXAMPLES, script)], NOTICE, { folder: home, env, withinMs: 10_000 }).ended;
}

interface Sent {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

async function webServer(status: number): Promise<{ url: string; sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      sent.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status).end('ok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

/** Programs that write down what they are given, and beside them only the tools that the examples need. */
function standIns(home: string, ...names: string[]): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const tool of ['cat', 'sed', 'tr', 'head', 'id'])
    symlinkSync(
      join(['/bin', '/usr/bin'].find((folder) => readdirSync(folder).includes(tool)) ?? '', tool),
      join(bin, tool),
    );
  for (const name of names) {
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\n{ printf '%s\\n' "$@"; echo "bus $DBUS_SESSION_BUS_ADDRESS"; } >"$HOME/${name}"\n`,
    );
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

describe('the examples of a notifier', () => {
  it('may be executed as they stand', () => {
    const scripts = readdirSync(EXAMPLES).filter((name) => name.startsWith('notify-'));
    expect(scripts).toHaveLength(3);
    for (const name of scripts) expect(statSync(join(EXAMPLES, name)).mode & 0o111).toBe(0o111);
  });

  it('notify-ntfy.sh pushes a title with the count, and the calls', async () => {
    const { url, sent } = await webServer(200);
    const home = user({ 'holdpoint-ntfy': `${url}/topic-of-mine\n` });
    expect(await run('notify-ntfy.sh', home)).toEqual({ exit: 'exit code 0', ok: true });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      path: '/topic-of-mine',
      headers: { title: '3 waiting for approval', priority: 'high' },
      body: CALLS.join('\n'),
    });
  });

  it('notify-slack.sh sends the text that a webhook takes', async () => {
    const { url, sent } = await webServer(200);
    const home = user({ 'holdpoint-slack': `${url}/services/T0/B0/x\n` });
    expect(await run('notify-slack.sh', home)).toEqual({ exit: 'exit code 0', ok: true });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      path: '/services/T0/B0/x',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ text: `3 waiting for approval: ${CALLS.join('; ')}` });
  });

  it.each(['notify-ntfy.sh', 'notify-slack.sh'])(
    '%s fails where its service refuses, or has no place',
    async (script) => {
      const { url } = await webServer(500);
      const name = script === 'notify-ntfy.sh' ? 'holdpoint-ntfy' : 'holdpoint-slack';
      expect((await run(script, user({ [name]: `${url}/x\n` }))).ok).toBe(false);
      expect((await run(script, user())).ok).toBe(false);
    },
  );

  it('notify-desktop.sh calls notify-send, and finds the desktop of a client that tells nothing of it', async () => {
    const home = user();
    expect(await run('notify-desktop.sh', home, standIns(home, 'notify-send'))).toMatchObject({ ok: true });
    const said = readFileSync(join(home, 'notify-send'), 'utf8').split('\n');
    expect(said.slice(0, -2)).toEqual([
      '--app-name=holdpoint',
      '--urgency=critical',
      '3 waiting for approval',
      ...CALLS,
    ]);
    expect(said.at(-2)).toMatch(/^bus unix:\S+$/);
  });

  it('notify-desktop.sh calls osascript where there is one, with what it says as arguments', async () => {
    const home = user();
    const bin = standIns(home, 'osascript', 'notify-send');
    expect(await run('notify-desktop.sh', home, bin)).toMatchObject({ ok: true });
    const said = readFileSync(join(home, 'osascript'), 'utf8').split('\n');
    expect(said.slice(0, 2)).toEqual(['-e', 'on run argv']);
    expect(said.slice(-6, -2)).toEqual(['3 waiting for approval', ...CALLS]);
    expect(readdirSync(home)).not.toContain('notify-send');
  });
});
