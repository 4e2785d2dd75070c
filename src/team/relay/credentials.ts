import { readFileSync, statSync } from 'node:fs';
import type { Authenticator } from '@nats-io/transport-node';
import { causeOf } from '../../platform/file-fault.ts';
import { PlainError } from '../../platform/plain-error.ts';

type Nats = Pick<
  typeof import('@nats-io/transport-node'),
  'credsAuthenticator' | 'nkeyAuthenticator' | 'usernamePasswordAuthenticator'
>;

/** How a relay is told who we are: a `.creds` file, an nkey seed, or one line `user:password`. Throws a PlainError. */
export function authenticatorOf(file: string, nats: Nats): Authenticator {
  const text = textOf(file).trim();
  if (text.includes('-----BEGIN NATS USER JWT-----')) return nats.credsAuthenticator(Buffer.from(text));
  if (/^SU[A-Z2-7]{56}$/.test(text)) return nats.nkeyAuthenticator(Buffer.from(text));
  const [, user, password] = /^([^:\s]+):(.+)$/.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return nats.usernamePasswordAuthenticator(user, password);
  throw new PlainError(
    `The team's credentials ${file} are none that is known: a NATS .creds file, an nkey seed (SU…), or one line "user:password".`,
  );
}

function textOf(file: string): string {
  let mode: number;
  let text: string;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlainError(`The team's credentials ${file} cannot be read: ${causeOf(error)}.`);
  }
  if ((mode & 0o077) === 0) return text;
  throw new PlainError(
    `Others on this machine may read the team's credentials ${file}. Take that from them: chmod 600 ${file}`,
  );
}
