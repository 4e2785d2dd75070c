import { type LockedKey, type Signer, unlockKey } from '../../approvals/signing/approver-key.ts';
import type { Keyed } from '../../approvals/signing/signed-answer.ts';

/** An unlocked key is put away after so long without a key press. */
const IDLE_MS = 30 * 60_000;

/** What the screen says of the key that answers are signed with. */
export interface Signing {
  state: 'none' | 'locked' | 'unlocked';
  /** Whose key it is; empty without one. */
  name: string;
}

export const NO_KEY: Signing = { state: 'none', name: '' };

/** The approver's key of this terminal: locked, until its person types the passphrase. */
export class KeyRing {
  private key: LockedKey | undefined;
  private readonly find: () => LockedKey | undefined;
  /** Why no key must be unlocked in this process, as a sentence. */
  private readonly unsafe: string | undefined;
  /** A digest under the home's key: what is signed of a call with secrets. */
  readonly keyed: Keyed;
  private unlocked: Signer | undefined;

  /** `find`: the key that there is now. It may throw, where it cannot be told. */
  constructor(find: () => LockedKey | undefined, unsafe: string | undefined, keyed: Keyed) {
    this.find = find;
    this.key = find();
    this.unsafe = unsafe;
    this.keyed = keyed;
  }

  get signer(): Signer | undefined {
    return this.unlocked;
  }

  get signing(): Signing {
    if (this.key === undefined) return NO_KEY;
    return { state: this.unlocked === undefined ? 'locked' : 'unlocked', name: this.key.name };
  }

  /** Why it stays locked, as a sentence, or undefined. A passphrase given for one answer opens it for that one only. */
  async open(passphrase: string, keep: boolean): Promise<Signer | { fault: string }> {
    if (this.key === undefined)
      return { fault: 'There is no approver key here. Make one with "holdpoint approver init".' };
    if (this.unsafe !== undefined) return { fault: this.unsafe };
    const signer = await unlockKey(this.key, passphrase);
    if (signer === undefined) return { fault: `That is not the passphrase of ${this.key.name}.` };
    if (keep) this.unlocked = signer;
    return signer;
  }

  /** True when a key has come since there was none. */
  look(): boolean {
    if (this.key !== undefined) return false;
    try {
      this.key = this.find();
    } catch {
      // Several keys, or a damaged one: who starts the terminal anew is told.
      return false;
    }
    return this.key !== undefined;
  }

  /** True when the key was put away just now. */
  lockWhenIdle(idleMs: number): boolean {
    if (this.unlocked === undefined || idleMs < IDLE_MS) return false;
    this.unlocked = undefined;
    return true;
  }
}
