import type { Item, Obligations } from './types.ts';

/** From so long after the question on, these may approve too. */
export interface Stage {
  afterMs: number;
  /** All who may by then. */
  approvers: string[];
}

/** Who of these items' approvers may answer so long after the question; null: whoever is enrolled. */
function namedBy(items: readonly Item[], afterMs: number): string[] | null {
  const lists = items
    .filter(({ approvers }) => approvers.length > 0)
    .map(({ approvers, next }) =>
      next !== undefined && afterMs >= next.afterMs ? [...approvers, ...next.approvers] : approvers,
    );
  const [first] = lists;
  if (first === undefined) return null;
  return [...new Set(first.filter((name) => lists.every((names) => names.includes(name))))];
}

/**
 * Whom the items that match a call ask together: only approvers whom all of them name (perhaps nobody: then it cannot
 * be approved), and who may besides when they have not answered for a while.
 */
export function approversOf(items: readonly Item[]): Pick<Obligations, 'approvers' | 'next'> {
  const times = items.flatMap(({ approvers, next }) => (approvers.length > 0 && next ? [next.afterMs] : []));
  const approvers = namedBy(items, -1);
  const stages = [...new Set(times)]
    .sort((a, b) => a - b)
    .flatMap((afterMs): Stage[] => {
      const names = namedBy(items, afterMs);
      return names === null ? [] : [{ afterMs, approvers: names }];
    });
  return stages.length === 0 ? { approvers } : { approvers, next: stages };
}

/** Who may approve so long after the question; null: whoever is enrolled. */
export function approversAt(
  { approvers, next = [] }: Pick<Obligations, 'approvers' | 'next'>,
  afterMs: number,
): string[] | null {
  return next.findLast((stage) => afterMs >= stage.afterMs)?.approvers ?? approvers;
}

/** Everybody who may ever approve. */
export function approversInTheEnd(obligations: Pick<Obligations, 'approvers' | 'next'>): string[] | null {
  return approversAt(obligations, Number.POSITIVE_INFINITY);
}
