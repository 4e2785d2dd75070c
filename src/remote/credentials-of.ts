import type { Home } from '../platform/home.ts';
import type { RemoteAddress } from './address.ts';
import { proxiedFetch } from './http/fetch.ts';
import { type Credentials, credentialsFor } from './sign-in/credentials.ts';

/** Where the user gave the header themselves: it is good or it is not. */
function ownCredentials(value: string): Credentials {
  return {
    header: async () => value,
    refused: async (_, { status }) => ({
      said: `It did not take the Authorization header that it was given (HTTP ${status}). Change that.`,
    }),
  };
}

/** By which credentials a server is spoken to: those that its user gave, else those of a sign-in. */
export function credentialsOf(home: Home, address: RemoteAddress, given: string | undefined): Credentials {
  const own = given ?? address.authorization;
  return own === undefined ? credentialsFor(home, address.url, { fetch: proxiedFetch }) : ownCredentials(own);
}
