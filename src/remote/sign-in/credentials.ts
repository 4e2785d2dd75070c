import type { Home } from '../../platform/home.ts';
import type { Lock } from '../../platform/state-lock.ts';
import { visible } from '../../text/visible.ts';
import type { Net } from './careful-fetch.ts';
import { bearerChallenge } from './challenge.ts';
import { type SignIn, SignInFile } from './kept.ts';
import { moreScopeWords, signInWords } from './sign-in-words.ts';

/** What a bridge needs of a sign-in. Nothing here opens a browser, listens or throws. */
export interface Credentials {
  /** The value of the Authorization header; undefined while nobody is signed in. Renewed ahead of time. */
  header(): Promise<string | undefined>;
  /**
   * After an answer 401 or 403 to a request with that header (undefined: with none): another header to try once more,
   * or the sentences that say what a person has to do. `challenge`: WWW-Authenticate.
   */
  refused(
    used: string | undefined,
    response: { status: number; challenge: string | undefined },
  ): Promise<{ header: string } | { said: string }>;
}

type Renewed = { header: string } | { said: string };

/** So long before a token's end it is renewed; half of its time where it lives for less. */
const AHEAD_MS = 60_000;
/** A token that came by a refresh and is refused so soon is not the reason. */
const JUST_NOW_MS = 10_000;

/** What is kept in `home` for the server at `url`: for its origin and path, and no other. */
export function credentialsFor(home: Home, url: URL, net: Net): Credentials {
  return new KeptCredentials(home, new SignInFile(home, url), net);
}

class KeptCredentials implements Credentials {
  private readonly home: Home;
  private readonly file: SignInFile;
  private readonly net: Net;
  /** One at a time in a process; between processes there is the lock. */
  private renewing: Promise<Renewed> | undefined;

  constructor(home: Home, file: SignInFile, net: Net) {
    this.home = home;
    this.file = file;
    this.net = net;
  }

  async header(): Promise<string | undefined> {
    try {
      const kept = this.file.read();
      if (kept === undefined) return undefined;
      if (kept.refreshToken === undefined || !isDue(kept)) return bearer(kept);
      const renewed = await this.renew(bearer(kept), false);
      // The server has the last word on whether the old one counts; what to do then, `refused` says.
      return 'header' in renewed ? renewed.header : bearer(this.file.read() ?? kept);
    } catch {
      return undefined;
    }
  }

  async refused(
    used: string | undefined,
    { status, challenge }: { status: number; challenge: string | undefined },
  ): Promise<Renewed> {
    try {
      const said = bearerChallenge(challenge);
      const kept = this.file.read();
      if (said?.error === 'insufficient_scope' || (status === 403 && said?.scope !== undefined)) {
        const had = used === undefined ? undefined : kept?.scope;
        return { said: moreScopeWords(this.home, this.file.server, had, said.scope) };
      }
      if (status === 403)
        return { said: `${visible(this.file.server)} refuses this (HTTP 403), whoever is signed in.` };
      if (kept === undefined) return { said: this.nobody() };
      if (used === bearer(kept) && kept.refreshed && isNew(kept)) return { said: this.notEvenNew() };
      const renewed = await this.renew(used, true);
      // It joined a renewal that was not of a refused token, and found the same one good.
      if (!('header' in renewed) || renewed.header !== used) return renewed;
      return await this.renew(used, true);
    } catch (error) {
      return { said: (error as Error).message };
    }
  }

  private renew(used: string | undefined, refused: boolean): Promise<Renewed> {
    this.renewing ??= this.renewed(used, refused).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Under the lock: another process may have renewed it meanwhile, and a refresh token counts once. */
  private async renewed(used: string | undefined, refused: boolean): Promise<Renewed> {
    let lock: Lock | undefined;
    try {
      lock = await this.file.lock();
      const kept = this.file.read();
      if (kept === undefined) return { said: this.nobody() };
      if (bearer(kept) !== used || !(refused || isDue(kept))) return { header: bearer(kept) };
      if (kept.refreshToken === undefined) return { said: this.ended() };
      const { refreshed, SignInEnded } = await import('./refresh.ts');
      try {
        const next = await refreshed(kept, this.net);
        this.file.write(next, lock);
        return { header: bearer(next) };
      } catch (error) {
        if (!(error instanceof SignInEnded)) throw error;
        // Nobody asks with it again.
        this.file.write({ ...kept, refreshToken: undefined }, lock);
        return { said: signInWords(this.home, this.file.server, error.message) };
      }
    } catch (error) {
      return { said: (error as Error).message };
    } finally {
      lock?.release();
    }
  }

  private nobody(): string {
    const why = `${visible(this.file.server)} wants a sign-in, and nobody is signed in.`;
    return signInWords(this.home, this.file.server, why);
  }

  private ended(): string {
    const why = `The sign-in to ${visible(this.file.server)} has run out, and there is nothing to renew it with.`;
    return signInWords(this.home, this.file.server, why);
  }

  private notEvenNew(): string {
    const why = `${visible(this.file.server)} refuses a token that was renewed just now.`;
    return signInWords(this.home, this.file.server, why);
  }
}

const bearer = ({ accessToken }: SignIn): string => `Bearer ${accessToken}`;

function isDue({ expiresAt, obtainedAt }: SignIn): boolean {
  if (expiresAt === undefined) return false;
  return Date.now() >= expiresAt - Math.min(AHEAD_MS, (expiresAt - obtainedAt) / 2);
}

function isNew({ obtainedAt }: SignIn): boolean {
  const age = Date.now() - obtainedAt;
  return age >= 0 && age < JUST_NOW_MS;
}
