import type { RiskClass } from '../../risk/classes/risk-class.ts';
import { REVERSIBILITIES, type Reversibility } from '../../risk/reversibility.ts';

/**
 * What is known of a call besides its bytes. A new fact is written down here, set by whoever knows it, and drawn on the
 * card: records, messages and `pending --json` carry whatever stands here.
 */
export interface CallFacts {
  /** Digest of the definition that the tool had; absent while nothing is known of it. */
  definition?: string | null | undefined;
  /** What the tool may do. */
  risk?: RiskClass | undefined;
  /** Something spoke against the class. */
  unsure?: true;
  /** Whether what the tool does can be taken back; absent while nothing is known of it. */
  reversibility?: Reversibility | undefined;
  /** Surely a read, and no plain one: an argument says what to do in a language of its own, or it names a secret. */
  free?: true;
  /** No list of tools was asked for, and none was ever accepted: nothing is known of the tool. */
  unlisted?: true;
  /** The server has listed its tools whole, and this is none of them. */
  absent?: true;
}

/** In the order in which they stand in a record. */
export const FACT_KEYS = [
  'definition',
  'risk',
  'unsure',
  'reversibility',
  'free',
  'unlisted',
  'absent',
] as const satisfies (keyof CallFacts)[];

/** What of them a person judges by; null while nothing is known. */
export interface ShownFacts {
  definition: string | null;
  risk: RiskClass | null;
  /** The class is a guess. */
  unsure: boolean;
  reversibility: Reversibility;
  /** Whether its server is known to have the tool; `never`: no list was seen that tells. */
  listing: Listing;
}

export type Listing = 'listed' | 'absent' | 'never';

export function shownFacts({ definition, risk, unsure, reversibility, absent }: CallFacts): ShownFacts {
  const listing = absent === true ? 'absent' : definition == null ? 'never' : 'listed';
  return {
    definition: definition ?? null,
    risk: risk ?? null,
    unsure: unsure === true,
    reversibility: reversibility ?? 'unknown',
    listing,
  };
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const SHOWN: Readonly<Record<keyof ShownFacts, (value: unknown) => boolean>> = {
  definition: isTextOrNull,
  risk: isTextOrNull,
  unsure: (value) => typeof value === 'boolean',
  // A proxy of an earlier version says nothing of it.
  reversibility: (value) => value === undefined || REVERSIBILITIES.some((one) => one === value),
  listing: (value) => value === 'listed' || value === 'absent' || value === 'never',
};

/** Whether a message holds them all, as they should be. */
export function holdsFacts(fields: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(SHOWN).every(([key, check]) => check(fields[key]));
}
