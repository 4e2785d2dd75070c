import { sha256Hex } from '../../platform/digest.ts';
import type { ReadRecord } from '../log/read-record.ts';

interface Seen {
  file: string;
  line: number;
}

export interface PolicyProblem extends Seen {
  kind: 'tampered' | 'incomplete';
  what: string;
}

const BUILT_IN = sha256Hex('');

/** The texts that a session's policy was made of, but for an administrator's: root needs no record of ours. */
interface Parts {
  digests: string[];
  /** Whether the session's digest is the one over its layers. */
  whole: boolean;
}

/** As config/applied-policy.ts puts the digest of several layers together. */
function partsOf(digest: string, layers: unknown): Parts {
  if (!Array.isArray(layers)) return { digests: [], whole: false };
  const named = layers.map((one: unknown) => {
    const { layer, digest: of } = (one ?? {}) as { layer?: unknown; digest?: unknown };
    return { layer: String(layer), digest: String(of) };
  });
  const over = sha256Hex(named.map((one) => `${one.layer} ${one.digest}\n`).join(''));
  const digests = named.filter(({ layer }) => layer !== 'administrator').map((one) => one.digest);
  return { digests, whole: over === digest };
}

/**
 * Follows which policy texts a log put into force, across its sessions: whoever edits the applied text in the state
 * folder leaves a session that ran under a policy which no record mentions.
 */
export class PolicyTracker {
  private readonly known = new Set([BUILT_IN]);
  private readonly ran: (Seen & Parts)[] = [];
  private readonly firsts = new Map<string, Seen[]>();

  add(record: ReadRecord, file: string): void {
    const { type, fields, seq } = record;
    const seen = { file, line: seq + 1 };
    if (type === 'policy') this.change(fields, seen);
    if (type !== 'session') return;
    const { digest, layers } = (fields['policy'] ?? {}) as { digest?: unknown; layers?: unknown };
    if (typeof digest !== 'string') return;
    if (layers === undefined) this.ran.push({ ...seen, digests: [digest], whole: true });
    else this.ran.push({ ...seen, ...partsOf(digest, layers) });
  }

  problems(): PolicyProblem[] {
    const unknown = this.ran
      .filter(({ digests, whole }) => !whole || digests.some((digest) => !this.known.has(digest)))
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
