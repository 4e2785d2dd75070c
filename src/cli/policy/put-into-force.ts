import { gather } from '../../approvals/channel/ask-proxies.ts';
import type { Signer } from '../../approvals/signing/approver-key.ts';
import type { Entry } from '../../audit/log/entry.ts';
import { redactionKey } from '../../audit/writing/redaction-key.ts';
import type { Signed } from '../../config/applied-state.ts';
import { keepAll } from '../../config/compile-and-keep.ts';
import { applyChange, type PendingChange } from '../../config/pending-change.ts';
import { contextOf } from '../../config/policy-sources.ts';
import type { Home } from '../../platform/home.ts';
import { commandBy, recordCommand } from '../../session/command-record.ts';
import { keptPolicies } from '../../session/policy-in-force.ts';
import { sealCheckOf } from '../../session/seal-check.ts';
import { visible } from '../../text/visible.ts';
import { sealBy, signedBy } from '../approving/seals.ts';

/** Who puts a policy into force. */
export interface Hand {
  /** Whose key signs it, where somebody is enrolled. */
  signer?: Signer | undefined;
  /** What was signed, where this is that less some rules. */
  signed?: Signed | undefined;
  /** From the approval terminal, not by a command. */
  method?: 'watch';
}

/** What a session says of the policy in force. */
export interface Told {
  said: string;
  /** It goes by it. */
  took: boolean;
}

/** Recorded before it takes effect, so that no policy is ever in force without a record. Throws with a sentence. */
export function putIntoForce(home: Home, change: PendingChange, { signer, signed, method }: Hand): void {
  const { digest, previousDigest } = change.digests;
  const seal = sealBy(signer, { what: 'policy', of: change.slot, digest });
  const by = { ...commandBy(), ...(method && { method }), ...signedBy(signer) };
  const entry: Entry = { type: 'policy', event: 'applied', file: change.file, digest, previousDigest, by };
  applyChange(home, change, { seal, signed, record: () => recordCommand(home, entry) });
}

/** So that the next start of a server has nothing to compile. Nothing is told of what goes wrong: it compiles then. */
export async function keepCompiled(home: Home, named: string | undefined): Promise<void> {
  const kept = keptPolicies(home, redactionKey(home), sealCheckOf(home));
  if (kept !== undefined) await keepAll(home, kept, contextOf(named, process.cwd()));
}

/**
 * Sessions that run look again; what is in force each reads for itself. One that cannot be told reads it at its next
 * start. Gives what they say, safe to show, and whether they go by it.
 */
export async function tellSessions(home: Home): Promise<Told[]> {
  const { attached, silent } = await gather(home.run);
  const told = await Promise.all(attached.map((proxy) => proxy.reread()));
  for (const proxy of attached) proxy.close();
  const said = attached.flatMap(({ session }, at) => {
    const { server } = session;
    const mute = `${server} does not say whether it goes by it: restart its client.`;
    const found = told[at] ?? { took: 'kept', said: mute };
    return found.took === 'same' ? [] : [{ said: visible(found.said), took: found.took === 'new' }];
  });
  const later = 'It goes by what it had until its next start.';
  return [...said, ...silent.map((one) => ({ said: `${visible(one)}. ${later}`, took: false }))];
}
