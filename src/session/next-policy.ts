import { AppliedState, policyDigest, unappliedDigest } from '../config/applied-state.ts';
import type { Home } from '../platform/home.ts';
import type { Item, Policy } from '../policy/decide/types.ts';
import type { HomeState } from './from-home.ts';

/**
 * Why a session that runs must not go by this, as a sentence; undefined: it may. It takes what somebody applied who
 * may, and goes on with what it had rather than with the rest of something that was lost.
 */
export function whyNotTaken(home: Home, next: HomeState, before: HomeState): string | undefined {
  const { layers, changes, notices } = next.inForce;
  const state = new AppliedState(home);
  if (state.damage !== undefined) return state.damage;
  if (!state.exists && before.inForce.file !== null)
    return `${home.state}/policies.json, with what was applied, is gone.`;
  // One that was unsigned when the session began takes nothing from it.
  const known = before.inForce.layers.flatMap(({ unsealed, digest }) => (unsealed === true ? digest : []));
  if (layers.some(({ unsealed, digest }) => unsealed === true && !known.includes(digest)))
    return notices.find((one) => /signed/.test(one)) ?? UNSIGNED;
  const parts = new Set(
    changes.flatMap(({ event, digest }) => (event === 'ignored' ? [unappliedDigest(digest)] : [])),
  );
  if (
    changes.some(({ event }) => event === 'applied') ||
    layers.some(({ name, digest }) => name === 'user' && parts.has(digest) && !known.includes(digest))
  )
    return 'The policy was not applied by anybody yet.';
  if (appliedIn(next) === appliedIn(before))
    return 'Nothing was applied: a file that changed counts from its next start on, or once it is applied.';
  return undefined;
}

/**
 * What of a policy somebody applied. A project's file denies and asks unapplied, but whoever changes it may not take
 * that back from a session by telling it to look.
 */
function appliedIn({ inForce: { layers, changes } }: HomeState): string {
  const unapplied = new Set([policyDigest(''), ...changes.map(({ digest }) => unappliedDigest(digest))]);
  return layers
    .filter(({ name, digest }) => name !== 'project' || !unapplied.has(digest))
    .map(({ name, digest }) => `${name} ${digest}`)
    .join();
}

const UNSIGNED = 'The policy was not signed by an approver.';

/** Whether the items of these ids say in one policy what they say in the other. */
export function sameItems(before: Policy, after: Policy): (matched: readonly string[]) => boolean {
  const [one, other] = [before, after].map(itemsOf) as [Map<string, string>, Map<string, string>];
  const settings = (policy: Policy): string => JSON.stringify([policy.default, policy.builtIn]);
  const fallback = settings(before) === settings(after);
  return (matched) => matched.every((id) => (id === 'default' ? fallback : one.get(id) === other.get(id)));
}

function itemsOf({ deny, escalate, allow }: Policy): Map<string, string> {
  const named = (list: string, items: readonly Item[]): [string, string][] =>
    items.map(({ id, source }) => [id, `${list} ${source}`]);
  return new Map([...named('deny', deny), ...named('escalate', escalate), ...named('allow', allow)]);
}
