import type { HeldCall } from './hold.ts';

/** What was last approved of a tool in this session. */
export interface LastApproved {
  /** How many calls of it were approved. */
  approved: number;
  /** Wall clock, ms. */
  at: number;
  by: string;
  /** Source text; null where it is not kept any more. */
  argumentsText: string | null;
}

/** By tool, the longest ago first. */
export type ApprovedCalls = ReadonlyMap<string, LastApproved>;

/** Of all tools together, in characters; beyond it the texts that are longest ago are let go. */
const MOST_TEXT = 16 * 1024 * 1024;
/** Tools that are remembered; an agent that makes up names must not fill the memory. */
const MOST_TOOLS = 4_096;

/** With one more, which is now the newest. */
export function withApproved(
  calls: ApprovedCalls,
  { tool, argumentsText }: Pick<HeldCall, 'tool' | 'argumentsText'>,
  { at, by }: Pick<LastApproved, 'at' | 'by'>,
): ApprovedCalls {
  const next = new Map(calls);
  next.delete(tool);
  next.set(tool, { approved: (calls.get(tool)?.approved ?? 0) + 1, at, by, argumentsText });
  let length = [...next.values()].reduce((sum, one) => sum + (one.argumentsText?.length ?? 0), 0);
  for (const [name, one] of next) {
    if (length <= MOST_TEXT) break;
    length -= one.argumentsText?.length ?? 0;
    next.set(name, { ...one, argumentsText: null });
  }
  const [oldest] = next.keys();
  if (next.size > MOST_TOOLS && oldest !== undefined) next.delete(oldest);
  return next;
}
