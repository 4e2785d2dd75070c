import { VERSION } from '../../platform/this-machine.ts';
import type { ReadRecord } from '../log/read-record.ts';
import type { Problem } from './verify-file.ts';

/** By `layer digest` of a policy text that is known here: the digests of what its compiled form may be kept as. */
export type KnownForms = ReadonlyMap<string, readonly string[]>;

interface Ran {
  file: string;
  line: number;
  /** `layer digest` of each layer, beside the digest of what it was kept as. */
  layers: { text: string; kept: string }[];
  /** Whether there is one of each. */
  whole: boolean;
  version: unknown;
}

/**
 * Follows which sessions ran by a policy that was compiled at an earlier start: whoever forges what was kept, under
 * the home's key, leaves a session that ran by something else than its policy's text says.
 */
export class CompiledTracker {
  private readonly ran: Ran[] = [];

  add({ type, fields, seq }: ReadRecord, file: string): void {
    if (type !== 'session') return;
    const policy = (fields['policy'] ?? {}) as { digest?: unknown; layers?: unknown; compiled?: unknown };
    const { digest, layers, compiled } = policy;
    if (compiled === undefined) return;
    const versions = (fields['versions'] ?? {}) as { holdpoint?: unknown };
    const texts = textsOf(digest, layers);
    const kept = Array.isArray(compiled) ? compiled.map(String) : [];
    this.ran.push({
      file,
      line: seq + 1,
      layers: texts.map((text, index) => ({ text, kept: kept[index] ?? '' })),
      whole: texts.length === kept.length,
      version: versions.holdpoint,
    });
  }

  /** `unknown`: files of sessions of which that cannot be told. */
  compare(known: KnownForms): { problems: Problem[]; unknown: string[]; compared: number } {
    const problems = this.ran
      .filter((one) => !one.whole || isForged(one, known))
      .map(({ file, line }): Problem => {
        const what =
          'It ran by a compiled policy that says something else than its text, compiled again, says: what was kept for it in state/compiled was forged.';
        return { kind: 'tampered', file, line, what };
      });
    const unknown = this.ran.filter((one) => !isComparable(one, known));
    return {
      problems,
      unknown: unknown.map(({ file }) => file),
      compared: this.ran.length - unknown.length,
    };
  }
}

/** Another version may compile a text to another form. */
function isComparable({ layers, version }: Pick<Ran, 'layers' | 'version'>, known: KnownForms): boolean {
  if (version !== VERSION) return false;
  return layers.every(({ text, kept }) => known.get(text)?.some((form) => formOf(form) === formOf(kept)));
}

const formOf = (digest: string): string => digest.slice(0, digest.indexOf(':'));

/** One layer is enough, also where of another nobody can tell. */
function isForged({ layers, version }: Ran, known: KnownForms): boolean {
  return layers.some((layer) => {
    const told = isComparable({ layers: [layer], version }, known);
    return told && known.get(layer.text)?.includes(layer.kept) === false;
  });
}

function textsOf(digest: unknown, layers: unknown): string[] {
  if (!Array.isArray(layers)) return [`user ${String(digest)}`];
  return layers.map((one: unknown) => {
    const { layer, digest: of } = (one ?? {}) as { layer?: unknown; digest?: unknown };
    return `${String(layer)} ${String(of)}`;
  });
}
