import { sha256Hex } from './chain.ts';
import type { ReadRecord } from './record.ts';

interface Seen {
  file: string;
  line: number;
}

export interface PolicyProblem extends Seen {
  kind: 'tampered' | 'incomplete';
  what: string;
}

const BUILT_IN = sha256Hex('');

/**
 * Follows which policy texts a log put into force, across its sessions: whoever edits the applied text in the state
 * folder leaves a session that ran under a policy which no record mentions.
 */
export class PolicyTracker {
  private readonly known = new Set([BUILT_IN]);
  private readonly ran: (Seen & { digest: string })[] = [];
  private readonly firsts = new Map<string, Seen[]>();

  add(record: ReadRecord, file: string): void {
    const { type, fields, seq } = record;
    const seen = { file, line: seq + 1 };
    if (type === 'policy') this.change(fields, seen);
    if (type !== 'session') return;
    const digest = (fields['policy'] as { digest?: unknown } | null | undefined)?.digest;
    if (typeof digest === 'string') this.ran.push({ ...seen, digest });
  }

  problems(): PolicyProblem[] {
    const unknown = this.ran
      .filter(({ digest }) => !this.known.has(digest))
      .map(({ file, line }): PolicyProblem => {
        const what =
          'It ran under a policy that no record of this log put into force: what was applied was changed by hand.';
        return { kind: 'tampered', file, line, what };
      });
    const again = [...this.firsts.values()].flatMap(([, ...later]) =>
      later.map(({ file, line }): PolicyProblem => {
        const what =
          'It applied a policy as the first ever seen, though one was applied before: the record of what was applied had been removed.';
        return { kind: 'incomplete', file, line, what };
      }),
    );
    return [...unknown, ...again];
  }

  private change(fields: Record<string, unknown>, seen: Seen): void {
    const digest = String(fields['digest']);
    if (fields['event'] === 'applied') this.known.add(digest);
    // What counts of a text that nobody applied yet has a name of its own (config/applied-policy.ts).
    else this.known.add(sha256Hex(`unapplied ${digest}`));
    const by = fields['by'] as { name?: unknown } | undefined;
    if (fields['event'] !== 'applied' || by?.name !== 'first start') return;
    const path = String(fields['file']);
    this.firsts.set(path, [...(this.firsts.get(path) ?? []), seen]);
  }
}
