import { type Applied, policyDigest, type Signed } from './applied-state.ts';
import type { SealCheck } from './seals.ts';

/** Whether an approver who may signed this text, or signed it with rules that were taken out since. Never rejects. */
export async function isSigned(applied: Applied, slot: string, check: SealCheck): Promise<boolean> {
  const { digest, seal } = applied;
  return check(seal, { what: 'policy', of: slot, digest }) || isSignedLess(applied, slot, check);
}

/**
 * Whether what is in force is exactly what an approver signed, without some of the rules that answers made: whoever
 * takes one out signs nothing, for then there is only more to ask about. Never rejects.
 */
async function isSignedLess(
  { text, signed }: Pick<Applied, 'text' | 'signed'>,
  slot: string,
  check: SealCheck,
): Promise<boolean> {
  if (typeof signed?.text !== 'string') return false;
  if (!check(signed.seal, { what: 'policy', of: slot, digest: policyDigest(signed.text) })) return false;
  const { addedRules, withoutRules } = await import('../policy/source/added-rules.ts');
  const left = new Set((await addedRules(text, 'json')).map(({ id }) => id));
  const gone = (await addedRules(signed.text, 'json')).map(({ id }) => id).filter((id) => !left.has(id));
  return (await withoutRules(signed.text, gone)) === text;
}

/** What is kept as signed, when a rule is taken out of this. */
export function signedBelow({ text, seal, signed }: Applied): Signed | undefined {
  return seal === undefined ? signed : { text, seal };
}
