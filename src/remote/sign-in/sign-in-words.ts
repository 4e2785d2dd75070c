import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Home } from '../../platform/home.ts';
import { visible } from '../../text/visible.ts';

/** A server chooses its scopes, and a shell reads what a person copies: others are not put into a command. */
const PLAIN_SCOPE = /^[\w.:/+@=~,-]+$/;
const LONGEST_SCOPES = 1_000;

/** The command by which a person signs in to a server, as it can be copied into a shell. */
function loginCommand(home: Home, server: string, scope?: string): string {
  const asked = scope === undefined ? '' : ` --scope "${scope}"`;
  const usual = home.root === join(homedir(), '.holdpoint');
  return `holdpoint login ${shellWord(server)}${asked}${usual ? '' : ` --home ${shellWord(home.root)}`}`;
}

/** That a person has to sign in: `why` is a sentence. */
export function signInWords(home: Home, server: string, why: string): string {
  return `${why} Sign in: ${loginCommand(home, server)}`;
}

/** That a call needs more than what was signed in for: `had` and `needed` are lists of scopes. */
export function moreScopeWords(
  home: Home,
  server: string,
  had: string | undefined,
  needed: string | undefined,
): string {
  const why = `${visible(server)} wants more rights for this than were given at the sign-in (insufficient_scope).`;
  const all = scopesOf(`${had ?? ''} ${needed ?? ''}`);
  const scope = all.join(' ');
  if (needed === undefined || scopesOf(needed).length === 0)
    return `${why} It does not say which; its documentation should. Sign in for them: ${loginCommand(home, server)} --scope "..."`;
  if (!all.every((one) => PLAIN_SCOPE.test(one)) || scope.length > LONGEST_SCOPES)
    return `${why} Their names hold characters that belong in no command: ${visible(scopesOf(needed).join(' ').slice(0, LONGEST_SCOPES))}. Sign in for them: ${loginCommand(home, server)} --scope "..."`;
  return `${why} Sign in for them: ${loginCommand(home, server, scope)}`;
}

/** Each scope of a list once. */
export function scopesOf(list: string): string[] {
  return [...new Set(list.split(/\s+/).filter((one) => one !== ''))];
}

function shellWord(text: string): string {
  const shown = visible(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
