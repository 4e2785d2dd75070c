import { resolveHome } from '../../platform/home.ts';
import { LOGIN_MS } from '../../remote/sign-in/callback.ts';
import { logIn } from '../../remote/sign-in/login.ts';
import type { GivenClient } from '../../remote/sign-in/login-provider.ts';
import { openPage } from '../../remote/sign-in/open-page.ts';
import { serverOf } from '../../remote/wire/web-names.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { personOnly } from '../../session/person-only.ts';
import { visible } from '../../text/visible.ts';
import { forReader } from '../terminal/for-reader.ts';
import { portOf, serverGiven, usage, valueIn } from './given.ts';
import { netOfCommands } from './net.ts';
import type { LoginOptions } from './sign-in.ts';

/**
 * `holdpoint login`: by a person alone. A browser that is signed in already may say yes without a question, so an agent
 * that began it would get rights that nobody gave.
 */
export async function login(address: string | undefined, options: LoginOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  if (options.list === true) return (await import('./signed-in.ts')).listSignIns(home);
  const { server: given, variables } = serverGiven({ url: address, ...options });
  const server = given.address.url;
  const client = clientOf(options);
  const callbackPort = options.callbackPort === undefined ? undefined : portOf(options.callbackPort);
  const shown = serverOf(server);
  await personOnly(home, { cause: 'login-refused', what: `login ${shown}` });
  // What the browser has no business with.
  const hidden = [options.clientSecretEnv, ...variables];
  const signIn = await logIn({
    home,
    server,
    net: netOfCommands(),
    scope: options.scope,
    client,
    callbackPort,
    headers: given.headers,
    lead: async ({ page, authorizationServer }) => {
      say(`Sign in to ${visible(shown)} at ${visible(authorizationServer)}. If no browser opens, open this:`);
      process.stdout.write(`\n${visible(page.href)}\n\n`);
      say(`Waiting for the browser, ${LOGIN_MS / 60_000} minutes at most. Ctrl-C gives up.`);
      const known = hidden.filter((name) => name !== undefined);
      if (!(await openPage(page, process.env, known))) say('No browser could be started here.');
    },
    record: () => recordCommand(home, { type: 'sign-in', event: 'login', server: shown, by: commandBy() }),
  });
  const renewed = signIn.refreshToken === undefined ? lastsWords(signIn.expiresAt) : '';
  say(`Signed in to ${visible(shown)}.${renewed}`);
}

function clientOf({ clientId, clientSecretEnv }: LoginOptions): GivenClient | undefined {
  if (clientId === undefined) {
    if (clientSecretEnv === undefined) return undefined;
    throw usage('--client-secret-env belongs to an app. Give its id too: --client-id ID.');
  }
  if (clientSecretEnv === undefined) return { client_id: clientId };
  return { client_id: clientId, client_secret: valueIn(clientSecretEnv, '--client-secret-env') };
}

function lastsWords(expiresAt: number | undefined): string {
  const until = expiresAt === undefined ? '' : ` It lasts until ${new Date(expiresAt).toISOString()}.`;
  return `${until} Its authorization server gives nothing to renew it with, so you will be asked to sign in again.`;
}

function say(sentence: string): void {
  process.stdout.write(`${forReader(sentence)}\n`);
}
