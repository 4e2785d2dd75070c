import { join } from 'node:path';
import { UsageLog } from '../../audit/limits/usage.ts';
import { knownRedactionKey } from '../../audit/writing/redaction-key.ts';
import { SessionCounter } from '../../audit/writing/session-counter.ts';
import { AppliedState, USER_SLOT } from '../../config/applied-state.ts';
import { findPolicy, type PolicyFile } from '../../config/find-policy.ts';
import { compileOrExplain } from '../../config/policy-text.ts';
import type { Home } from '../../platform/home.ts';
import { PlainError } from '../../platform/plain-error.ts';
import type { Facts, Policy, ToolFacts } from '../../policy/decide/types.ts';
import { mergeLayers } from '../../policy/source/merge-layers.ts';
import { limitsIndex } from '../../session/limits-index.ts';
import { ownPlaces } from '../../session/own-places.ts';
import { policyNow } from '../../session/policy-now.ts';
import { visible } from '../../text/visible.ts';
import { PinsFile } from '../../tools/pins-file.ts';
import { asSaid } from '../../tools/said-class.ts';
import { factsOf, KnownTools } from '../../tools/tool-knowledge.ts';

/** A policy file as it stands, applied or not. */
export interface NamedPolicy {
  file: PolicyFile;
  policy: Policy;
}

/** The file that is named, or the one in the home. Rejects with a PlainError when there is none, or with all its problems. */
export async function namedPolicy(home: Home, named: string | undefined): Promise<NamedPolicy> {
  const file = policyFile(home, named);
  const layer = await compileOrExplain(file.text, file.path);
  return { file, policy: mergeLayers([{ name: 'user', layer, counts: 'all' }]) };
}

/** The same, unread. Throws a PlainError when there is none. */
export function policyFile(home: Home, named: string | undefined): PolicyFile {
  const found = findPolicy(home, named);
  if (found?.unread !== undefined) throw new PlainError(found.unread);
  if (found !== null) return found;
  const [, applied] = new AppliedState(home).all().find(([slot]) => slot === USER_SLOT) ?? [];
  if (applied !== undefined)
    throw new PlainError(
      `The policy ${visible(applied.file)} is gone; what was applied of it stays in force. Write it again, or run "holdpoint policy apply" to go back to the built-in default.`,
    );
  throw new PlainError(
    `There is no policy file in ${home.root} (${join(home.root, 'policy.json')}); without one only plain reads of servers that you accepted run, and every other call is held for a person. "holdpoint policy init" writes one to begin with.`,
  );
}

/** A named file is taken as it stands, applied or not; without one it is the policy in force. Changes nothing. */
export async function policyFor(home: Home, named: string | undefined): Promise<Policy> {
  return named === undefined ? policyNow(home) : (await namedPolicy(home, named)).policy;
}

/** A tool as it was accepted, under a policy; undefined when nothing is known of it. */
export function pinnedTool(
  home: Home,
  { server, tool }: { server: string; tool: string },
  { trusted }: Policy,
): ToolFacts | undefined {
  const pins = new PinsFile(home).of(server);
  const pinned = pins !== undefined && Object.hasOwn(pins.tools, tool) ? pins.tools[tool] : undefined;
  if (pinned === undefined || pinned.definition === '') return undefined;
  const known = asSaid(KnownTools.parsed(pinned.definition, pinned.digest, trusted.includes(server)), pinned);
  return known && factsOf(known);
}

/** What a decision here and now would go by; limits as the home's records have them. */
export function factsHere(home: Home, now: number): Facts {
  const places = ownPlaces(home);
  const counter = new SessionCounter(home);
  const key = knownRedactionKey(home);
  const spent = new UsageLog({
    folder: home.audit,
    session: '',
    now: () => now,
    wall: Date.now,
    counted: () => counter.read()?.sessions ?? [],
    ...(key === undefined ? {} : { index: { file: limitsIndex(home), key } }),
  });
  return { places, now, spent: (over) => spent.spent(over) };
}
