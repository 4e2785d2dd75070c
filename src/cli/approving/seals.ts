import { keyId, type Signer } from '../../approvals/signing/approver-key.ts';
import { enrolmentOf } from '../../approvals/signing/enrolment-of.ts';
import { sealOf } from '../../approvals/signing/loosening.ts';
import { AppliedState, policyDigest, USER_SLOT } from '../../config/applied-state.ts';
import { findPolicy } from '../../config/find-policy.ts';
import type { Seal, SealedThing } from '../../config/seals.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { definitionsDigest } from '../../tools/pin-record.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { neededKey, unlock } from './own-key.ts';

/** An approver's unlocked key. Rejects with a PlainError for one that is not enrolled, and without its passphrase. */
export async function entitledSigner(home: Home, as: string | undefined): Promise<Signer> {
  const key = neededKey(home, as);
  if (!enrolmentOf(home).approvers.has(keyId(key.publicKey)))
    throw new PlainError(`${key.name} is not enrolled here, so this key counts for nothing yet.`);
  return unlock(key);
}

/** Who signs what loosens: asked for the passphrase where somebody is enrolled, else nobody. */
export async function loosener(home: Home, as: string | undefined): Promise<Signer | undefined> {
  return sealCheckOf(home) === undefined ? undefined : entitledSigner(home, as);
}

/** A seal of now; undefined without a signer. */
export function sealBy(signer: Signer | undefined, loosening: SealedThing): Seal | undefined {
  return signer === undefined ? undefined : sealOf(loosening, new Date().toISOString(), signer);
}

/** What the records of a loosening say of its signature. */
export function signedBy(signer: Signer | undefined): { name: string; key: string; tier: 1 } | undefined {
  return signer === undefined ? undefined : { name: signer.name, key: signer.key, tier: 1 };
}

/**
 * Signs all that is in force in this home, for whoever becomes its first approver, or takes the place of one: what
 * nobody signed would count no more. Returns how many policies and servers these are.
 */
export function sealAll(home: Home, signer: Signer): { policies: number; servers: number } {
  const at = new Date().toISOString();
  const seal = (loosening: SealedThing): Seal => sealOf(loosening, at, signer);
  const state = new AppliedState(home);
  applyFirst(home, state, signer);
  const slots = new Map(state.all().map(([slot, { digest }]) => [slot, digest]));
  if (!slots.has(USER_SLOT)) slots.set(USER_SLOT, policyDigest(''));
  state.seal(new Map([...slots].map(([of, digest]) => [of, seal({ what: 'policy', of, digest })])));
  const pins = new PinsFile(home);
  const servers = Object.entries(pins.all());
  for (const [of, set] of servers)
    pins.put(of, { ...set, seal: seal({ what: 'tools', of, digest: definitionsDigest(set) }) });
  return { policies: state.all().length, servers: servers.length };
}

/** What the first start would put into force as the first policy ever seen: from now on only a signature does. */
function applyFirst(home: Home, state: AppliedState, signer: Signer): void {
  const found = findPolicy(home, undefined);
  if (found === null || found.untrusted !== undefined || !state.mayBeFirst(USER_SLOT)) return;
  if (state.of(USER_SLOT) !== undefined) return;
  const digest = policyDigest(found.text);
  const by = { ...commandBy(), ...signedBy(signer) };
  recordCommand(home, { type: 'policy', event: 'applied', file: found.path, digest, by });
  state.put(USER_SLOT, found);
}
