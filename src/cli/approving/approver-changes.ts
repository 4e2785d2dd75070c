import { userInfo } from 'node:os';
import {
  keyId,
  type LockedKey,
  makeKey,
  passphraseFault,
  type Signer,
  unlockKey,
} from '../../approvals/signing/approver-key.ts';
import { ApproversFile } from '../../approvals/signing/approvers-file.ts';
import {
  type EnrolmentEvent,
  encryptionOf,
  publicIdentity,
  readPublicIdentity,
  signEvent,
} from '../../approvals/signing/enrolment.ts';
import { enrolmentOf, soundEnrolment } from '../../approvals/signing/enrolment-of.ts';
import { keyFile, newKeyFiles, readKeyFile } from '../../approvals/signing/key-files.ts';
import { EXIT } from '../../platform/exit-codes.ts';
import { type Home, resolveHome } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import { APPROVER_NAME } from '../../policy/decide/types.ts';
import { agentRefusal, refuse } from '../../session/agent-refusal.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { MembershipFile } from '../../team/trust/membership.ts';
import { visible } from '../../text/visible.ts';
import { askSecret } from '../terminal/ask-secret.ts';
import { assertSafeToSign } from './own-key.ts';
import { entitledSigner, sealAll } from './seals.ts';

export interface ApproverOptions {
  home?: string;
  name?: string;
  as?: string;
}

/** A key's id as people compare it: groups of four. */
export function spelledKey(key: string): string {
  return key.match(/.{4}/g)?.join(' ') ?? key;
}

/** `holdpoint approver init`: makes a key; the first of a home is enrolled at once, a later one by an earlier. */
export async function initApprover(options: ApproverOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'init');
  assertSafeToSign();
  const name = options.name ?? userInfo().username;
  const enrolment = enrolmentOf(home);
  if ([...enrolment.approvers.values()].some((one) => one.name === name))
    throw new PlainError(
      `${visible(name)} is enrolled already. Take another name (--name), or remove that one.`,
    );
  if (!APPROVER_NAME.test(name))
    throw new PlainError(`${visible(name)} cannot be an approver's name: give one with --name.`, EXIT.usage);
  const passphrase = await newPassphrase(name);
  const key = await makeKey(name, passphrase);
  const signer = await unlockKey(key, passphrase);
  if (signer === undefined) throw new Error('a key just made does not open with its passphrase');
  // A home that joined a team follows that one's list, and adds nobody by itself.
  const first = enrolment.head === null && new MembershipFile(home).read() === undefined;
  const files = newKeyFiles(home);
  try {
    files.write(name, 'key', key);
    files.write(name, 'pub', publicIdentity(key.publicKey, signer));
    const encryption = encryptionOf(signer);
    if (first)
      commitEnrolment(home, { event: 'enrolled', name, publicKey: key.publicKey, encryption }, signer);
  } catch (error) {
    // Half a key would only be in the way of the next try.
    files.takeBack();
    throw error;
  }
  process.stdout.write(`${made(home, key, first).join('\n')}\n`);
  if (first) sealEverything(home, signer);
}

function made(home: Home, key: LockedKey, first: boolean): string[] {
  const { name } = key;
  const lines = [
    `Made a key for ${name}: ${spelledKey(keyId(key.publicKey))}`,
    `  locked by the passphrase in ${keyFile(home, name, 'key')}: keep a copy; without the passphrase nobody can use it`,
  ];
  if (!first) {
    const pub = keyFile(home, name, 'pub');
    return [...lines, `It does not count yet. An approver enrolls it: holdpoint approver enroll ${pub}`];
  }
  return [
    ...lines,
    `${name} is enrolled, as the first approver of this home. In holdpoint watch, u unlocks the key.`,
    'To take signed approvals only, set "approvals": { "sign": "required" } in the policy.',
  ];
}

/** What is in force stays so, under the signature of whoever vouches for it now. */
function sealEverything(home: Home, signer: Signer): void {
  const { policies, servers } = sealAll(home, signer);
  recordCommand(home, {
    type: 'pin',
    event: 'sealed',
    key: signer.key,
    policies,
    servers,
    by: { ...commandBy(), name: signer.name, key: signer.key, tier: 1 },
  });
  process.stdout.write(
    `Signed what is in force: ${policies === 1 ? '1 policy' : `${policies} policies`}, the tools of ${servers === 1 ? '1 server' : `${servers} servers`}. From now on "policy apply" and "tools accept" ask for the passphrase.\n`,
  );
}

async function newPassphrase(name: string): Promise<string> {
  const first = await askSecret(`A passphrase for ${name}'s key (10 characters at least): `);
  if (first === undefined) throw new PlainError('No passphrase, so no key was made.');
  const fault = passphraseFault(first);
  if (fault !== undefined) throw new PlainError(`${fault} No key was made.`);
  if ((await askSecret('The same once more: ')) === first) return first;
  throw new PlainError('The two passphrases differ. No key was made.');
}

/** `holdpoint approver enroll FILE`: an approver vouches for another's public key. */
export async function enrollApprover(file: string, options: ApproverOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'enroll');
  const identity = readPublicIdentity(readKeyFile(file));
  if (identity === undefined)
    throw new PlainError(
      `${file} is not an approver's public key (a .pub file of "holdpoint approver init"), or it was changed.`,
    );
  const { name, publicKey, encryption } = identity;
  process.stdout.write(
    `Enroll ${name} with the key ${spelledKey(keyId(publicKey))}\nCompare these letters with those that ${name} was shown.\n`,
  );
  const signer = await entitledSigner(home, options.as);
  const known = enrolmentOf(home).approvers.get(keyId(publicKey));
  const event = known?.name === name && known.encryption !== encryption ? 'sealing' : 'enrolled';
  const keys = encryption === undefined ? { publicKey } : { publicKey, encryption };
  commitEnrolment(home, { event, name, ...keys }, signer);
  process.stdout.write(
    event === 'sealing'
      ? `What waits can be sealed to ${name} from now on.\n`
      : `${name} is enrolled; it counts from now on.\n`,
  );
}

/** `holdpoint approver remove NAME`. */
export async function removeApprover(name: string, options: ApproverOptions): Promise<void> {
  const home = resolveHome(options.home, process.env);
  await refuseAgents(home, 'remove');
  const { approvers } = enrolmentOf(home);
  const found = [...approvers.values()].find((one) => one.name === name);
  if (found === undefined) throw new PlainError(`No approver is called ${visible(name)}.`);
  if (approvers.size === 1)
    throw new PlainError(
      `${visible(name)} is the only approver: enroll another one first, then remove this one.`,
    );
  const signer = await entitledSigner(home, options.as);
  commitEnrolment(home, { event: 'removed', name, publicKey: found.publicKey }, signer);
  sealEverything(home, signer);
  process.stdout.write(
    `${name} is removed: the key ${spelledKey(found.key)} no longer counts, from now on.\n`,
  );
}

/** Recorded, with its signature, before it takes effect. */
export function commitEnrolment(
  home: Home,
  change: Pick<EnrolmentEvent, 'event' | 'name' | 'publicKey' | 'encryption'>,
  signer: Signer,
): void {
  const by = { ...commandBy(), name: signer.name, key: signer.key, tier: 1 };
  new ApproversFile(home).append(
    (events) => {
      const before = soundEnrolment(events);
      const unsigned = { ...change, at: new Date().toISOString(), by: signer.key, prev: before.head };
      const event = signEvent(unsigned, signer);
      soundEnrolment([...events, event]);
      return event;
    },
    (event) => {
      const key = keyId(event.publicKey);
      recordCommand(home, { type: 'approver', event: event.event, change: event, key, by });
    },
  );
}

async function refuseAgents(home: Home, verb: string): Promise<void> {
  const refusal = await agentRefusal(home, 'person');
  if (refusal !== undefined) refuse(home, { cause: 'approver-refused', what: `approver ${verb}` }, refusal);
}
