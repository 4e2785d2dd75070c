import type { Command } from 'commander';
import { HOME } from '../terminal/home-option.ts';

const MORE_HEADERS = (word: string, before: string[]): string[] => [...before, word];
const URL_ENV = ['--url-env <variable>', 'the environment variable that holds the address'] as const;

/** What is typed after `holdpoint login`. */
export interface LoginOptions {
  list?: boolean;
  scope?: string;
  clientId?: string;
  clientSecretEnv?: string;
  callbackPort?: string;
  headerEnv: string[];
  urlEnv?: string;
  home?: string;
}

/** `holdpoint login | logout`. */
export function registerSignIn(program: Command): void {
  program
    .command('login')
    .description('sign in to a remote server in your browser')
    .argument('[url]', "the server's address")
    .option('--list', 'the servers that somebody is signed in to')
    .option('--scope <scopes>', 'the rights to ask for, separated by spaces (default: what the server names)')
    .option('--client-id <id>', 'the app to sign in as, where none can register itself')
    .option('--client-secret-env <variable>', "the environment variable that holds that app's secret")
    .option('--callback-port <port>', 'the port to come back to (default: any)')
    .option(
      '--header-env <name=variable>',
      'a header for the server itself, from a variable',
      MORE_HEADERS,
      [] as string[],
    )
    .option(...URL_ENV)
    .option(...HOME)
    .action(async (url: string | undefined, options: LoginOptions) => {
      await (await import('./login-run.ts')).login(url, options);
    });
  program
    .command('logout')
    .description('forget a sign-in to a remote server')
    .argument('[url]', "the server's address")
    .option(...URL_ENV)
    .option(...HOME)
    .action(async (url: string | undefined, options: { urlEnv?: string; home?: string }) => {
      await (await import('./logout-run.ts')).logout(url, options);
    });
}
