import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../platform/digest.ts';
import { fileFault } from '../../platform/file-fault.ts';
import { ensurePrivateFolder, type Home } from '../../platform/home.ts';
import { namesIn } from '../../platform/names-in.ts';
import { removeQuietly, replaceWhole } from '../../platform/new-file.ts';
import { slowLock } from '../../platform/slow-lock.ts';
import type { Lock } from '../../platform/state-lock.ts';
import { serverOf } from '../wire/web-names.ts';

/** What of an authorization server's metadata is needed after the sign-in. */
export interface AuthorizationServer {
  /** The address by which it was found: what client and tokens are bound to. */
  url: string;
  issuer: string;
  token_endpoint: string;
  token_endpoint_auth_methods_supported?: string[] | undefined;
  revocation_endpoint?: string | undefined;
  revocation_endpoint_auth_methods_supported?: string[] | undefined;
}

export interface KeptClient {
  client_id: string;
  client_secret?: string | undefined;
  token_endpoint_auth_method?: string | undefined;
  /** A person named it (`--client-id`), so it is used again at the next sign-in. */
  given: boolean;
}

/** All that is kept of a sign-in to one server. */
export interface SignIn {
  version: 1;
  /** Origin and path of the server: what is here goes to no other. */
  server: string;
  /** ISO 8601. */
  signedInAt: string;
  authorizationServer: AuthorizationServer;
  /** The resource indicator (RFC 8707), where the server named one. */
  resource?: string | undefined;
  client: KeptClient;
  accessToken: string;
  /** Absent where none was given, and where the last one is known to be worth nothing. */
  refreshToken?: string | undefined;
  /** What was granted, else what was asked for. */
  scope?: string | undefined;
  /** Milliseconds since 1970. */
  obtainedAt: number;
  expiresAt?: number | undefined;
  /** The token came by a refresh, not by a person. */
  refreshed: boolean;
}

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MOST_BYTES = 1024 * 1024;
/** A token request, and what it may wait for before: longer nobody holds it. */
const LOCK_WAIT_MS = 60_000;

const folderOf = (home: Home): string => join(home.state, 'sign-in');

/** What is kept of the sign-in to one server: one file, 0600, below a folder that only its owner can enter. */
export class SignInFile {
  readonly server: string;
  readonly path: string;
  private readonly home: Home;
  /** What it was when it was looked at: a look costs a fifth of a reading, and each request takes one. */
  private seen: { stamp: string; signIn: SignIn | undefined } | undefined;

  constructor(home: Home, url: URL) {
    this.home = home;
    this.server = serverOf(url);
    this.path = join(folderOf(home), `${sha256Hex(this.server)}.json`);
  }

  /** Undefined where nobody is signed in; what is damaged or another server's counts as nothing. Throws a PlainError for a file that cannot be read. */
  read(): SignIn | undefined {
    const stamp = stampOf(this.path);
    if (stamp !== undefined && stamp === this.seen?.stamp) return this.seen.signIn;
    const found = stamp === '' ? undefined : readSignIn(this.path);
    const signIn = found?.server === this.server ? found : undefined;
    this.seen = stamp === undefined ? undefined : { stamp, signIn };
    return signIn;
  }

  /** Waits for the right to change it. Rejects with a PlainError. */
  async lock(): Promise<Lock> {
    this.makeFolders();
    return slowLock(`${this.path}.lock`, LOCK_WAIT_MS);
  }

  /** Replaces it whole. `record` is called when all is written but the name. Throws a PlainError; then it is as it was. */
  write(signIn: SignIn, lock: Lock, record?: () => void): void {
    try {
      replaceWhole(this.path, `${JSON.stringify(signIn)}\n`, () => {
        lock.assertHeld();
        record?.();
      });
    } catch (error) {
      throw fileFault(error, this.path, 'written');
    }
  }

  /** Removes it, and what a killed process left half-written beside it. */
  forget(): void {
    const name = `${sha256Hex(this.server)}.json`;
    const folder = folderOf(this.home);
    for (const other of namesIn(folder))
      if (
        other === name ||
        (other.startsWith(`${name}.`) && /^\.\d+\.[0-9a-f]+\.tmp$/.test(other.slice(name.length)))
      )
        removeQuietly(join(folder, other));
  }

  private makeFolders(): void {
    for (const folder of [this.home.root, this.home.state, folderOf(this.home)]) ensurePrivateFolder(folder);
  }
}

/** All sign-ins of a home, by server. */
export function allSignIns(home: Home): SignIn[] {
  const folder = folderOf(home);
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readSignIn(join(folder, name)) ?? [])
    .sort((a, b) => (a.server < b.server ? -1 : 1));
}

/** Another where the file is: it is only ever replaced whole. Empty: there is none; undefined: nobody can say. */
function stampOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
  } catch {
    return undefined;
  }
}

function readSignIn(path: string): SignIn | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, FLAGS);
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MOST_BYTES) return undefined;
    return soundSignIn(readFileSync(fd, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileFault(error, path, 'read');
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function soundSignIn(text: string): SignIn | undefined {
  let found: Partial<SignIn> | null;
  try {
    found = JSON.parse(text) as Partial<SignIn> | null;
  } catch {
    return undefined;
  }
  const { authorizationServer: server, client } = found ?? {};
  const texts = [found?.server, found?.signedInAt, found?.accessToken, server?.url, server?.issuer];
  const more = [server?.token_endpoint, client?.client_id];
  const sound = [...texts, ...more].every((one) => typeof one === 'string');
  return sound && found?.version === 1 && typeof found.obtainedAt === 'number'
    ? (found as SignIn)
    : undefined;
}
