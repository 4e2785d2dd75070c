import type { Home } from '../platform/home.ts';
import type { RemoteAddress } from './address.ts';
import { type Credentials, ownCredentials } from './credentials.ts';

/** By which credentials a server is spoken to: those that its user gave, else those of a sign-in. */
export function credentialsOf(_home: Home, address: RemoteAddress, given: string | undefined): Credentials {
  const own = given ?? address.authorization;
  if (own !== undefined) return ownCredentials(own);
  return {
    header: async () => undefined,
    refused: async () => ({ said: `It wants a sign-in: holdpoint login ${address.shown}` }),
  };
}
