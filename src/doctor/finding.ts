/** Something that is not as it should be. */
export interface Finding {
  /** Stable, for programs. */
  id: string;
  /** `trouble`: calls go unguarded, are refused for nothing, or leave no record. `note`: worth knowing. */
  level: 'trouble' | 'note';
  /** A sentence. */
  what: string;
  /** A sentence: why it matters. */
  why: string;
  /** The command or the step that mends it; null where there is none. */
  fix: string | null;
}

export const trouble = (id: string, what: string, why: string, fix: string | null): Finding => ({
  id,
  level: 'trouble',
  what,
  why,
  fix,
});

export const note = (id: string, what: string, why: string, fix: string | null): Finding => ({
  id,
  level: 'note',
  what,
  why,
  fix,
});

/** "a", "a and b", "a, b and c"; of many the first five. */
export function listed(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** "30 minutes", "90 seconds". */
export function spell(seconds: number): string {
  const [count, unit] =
    seconds >= 120 ? [Math.round(seconds / 60), 'minutes'] : [Math.round(seconds), 'seconds'];
  return `${count} ${unit}`;
}

/** A path or a name as one word of a command that people copy: others choose them, and a shell reads it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
