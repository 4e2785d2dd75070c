/** Who we are to a remote server. Never throws: what is wrong is said. */
export interface Credentials {
  /** The value of `Authorization` now; undefined: nobody has signed in. */
  header(): Promise<string | undefined>;
  /** The server took `used` for no good: another value, or a sentence that says what a person has to do. */
  refused(used: string | undefined, response: Challenge): Promise<{ header: string } | { said: string }>;
}

export interface Challenge {
  status: number;
  /** `WWW-Authenticate`. */
  challenge: string | undefined;
}

/** Where the user gave the header themselves: it is good or it is not. */
export function ownCredentials(value: string): Credentials {
  return {
    header: async () => value,
    refused: async (_, { status }) => ({
      said: `It did not take the Authorization header that it was given (HTTP ${status}). Change that.`,
    }),
  };
}
