import { globMatches } from '../../decide/glob.ts';
import type { Item, Target } from '../../decide/types.ts';

/**
 * Whether every text that one pattern matches is also matched by another: a sound answer, though a yes may be missed.
 * `*` and `?` of the covered pattern stand for texts nobody knows, so only `*` may take the one, and both the other.
 */
function patternCovers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  // Stand-ins that no pattern names: a literal or a "?" of the wide one cannot take an unknown run.
  const unknownRun = '\u0001\u0002';
  const unknownOne = '\u0003';
  return globMatches(wide, narrow.replaceAll('*', unknownRun).replaceAll('?', unknownOne));
}

function targetCovers(wide: Target, narrow: Target): boolean {
  return patternCovers(wide.server, narrow.server) && patternCovers(wide.tool, narrow.tool);
}

function serversCover(wide: readonly string[], narrow: Item): boolean {
  if (wide.length === 0) return true;
  const named = narrow.server.length > 0 ? narrow.server : narrow.tool.map(({ server }) => server);
  return named.length > 0 && named.every((one) => wide.some((pattern) => patternCovers(pattern, one)));
}

const EVERY: readonly Target[] = [{ server: '*', tool: '*' }];

/** Whether an item covers every call that another can cover, whatever the call's arguments and caller. */
export function itemCovers(wide: Item, narrow: Item): boolean {
  const conditional = wide.when ?? wide.unless ?? wide.over;
  if (conditional !== undefined || wide.except.length > 0) return false;
  if (wide.caller.length > 0 || wide.client.length > 0 || wide.risk.length > 0) return false;
  const targets = (item: Item): readonly Target[] => (item.tool.length > 0 ? item.tool : EVERY);
  return (
    serversCover(wide.server, narrow) &&
    targets(narrow).every((one) => targets(wide).some((target) => targetCovers(target, one)))
  );
}
