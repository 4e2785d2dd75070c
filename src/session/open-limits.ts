import type { UsageLog } from '../audit/limits/usage.ts';
import { SessionCounter } from '../audit/writing/session-counter.ts';
import type { Home } from '../platform/home.ts';
import { longestWindow } from '../policy/decide/over.ts';
import type { HomeState } from './from-home.ts';
import { limitsIndex } from './limits-index.ts';

/** What calls have used up of a policy's limits, by the record; undefined for a policy that has none. */
export function openLimits(
  { inForce, maskKey, usageLog }: HomeState,
  { home, session, now }: { home: Home; session: string; now(): number },
): UsageLog | undefined {
  if (usageLog === undefined) return undefined;
  const counter = new SessionCounter(home);
  const spent = new usageLog({
    folder: home.audit,
    session,
    now,
    wall: Date.now,
    counted: () => counter.read()?.sessions ?? [],
    longestMs: longestWindow([...inForce.policy.deny, ...inForce.policy.escalate]),
    index: { file: limitsIndex(home), key: maskKey },
  });
  spent.prepare();
  return spent;
}
