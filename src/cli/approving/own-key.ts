import {
  type LockedKey,
  readLockedKey,
  type Signer,
  unlockKey,
} from '../../approvals/signing/approver-key.ts';
import { keyFile, keyNames, readKeyFile } from '../../approvals/signing/key-files.ts';
import { unsafeToSign } from '../../approvals/signing/signing-place.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { visible } from '../../text/visible.ts';
import { askSecret } from '../terminal/ask-secret.ts';

const TRIES = 3;

/** The key that this terminal's person signs with: the named one, or the only one; undefined when there is none. */
export function ownKey(home: Home, name: string | undefined): LockedKey | undefined {
  const names = keyNames(home);
  if (name === undefined && names.length > 1) {
    throw new PlainError(
      `There are several approver keys here (${names.map(visible).join(', ')}): say which is yours with --as NAME.`,
      EXIT.usage,
    );
  }
  const wanted = name ?? names[0];
  if (wanted === undefined) return undefined;
  if (!names.includes(wanted)) {
    throw new PlainError(
      `There is no key of ${visible(wanted)} in this home. Make one with "holdpoint approver init".`,
    );
  }
  const path = keyFile(home, wanted, 'key');
  const key = readLockedKey(readKeyFile(path), path);
  if (key.name === wanted) return key;
  throw new PlainError(`${path} holds the key of ${visible(key.name)}. Give the file its own name back.`);
}

/** The same, where nothing can go on without one. */
export function neededKey(home: Home, name: string | undefined): LockedKey {
  const key = ownKey(home, name);
  if (key !== undefined) return key;
  throw new PlainError(
    'This needs your approver key, and there is none. Make one with "holdpoint approver init".',
  );
}

/** Throws a PlainError where no key must be unlocked. */
export function assertSafeToSign(): void {
  const unsafe = unsafeToSign(process.env, process.execArgv);
  if (unsafe !== undefined) throw new PlainError(unsafe);
}

/** Asks for the passphrase, three times at most. Throws a PlainError when it does not come. */
export async function unlock(key: LockedKey): Promise<Signer> {
  assertSafeToSign();
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const passphrase = await askSecret(`Passphrase of ${key.name}: `);
    if (passphrase === undefined || passphrase === '')
      throw new PlainError('No passphrase, so nothing was signed.');
    const signer = await unlockKey(key, passphrase);
    if (signer !== undefined) return signer;
    process.stderr.write('holdpoint: that is not its passphrase.\n');
  }
  throw new PlainError(`The passphrase of ${key.name} was not given. Nothing was signed.`);
}
