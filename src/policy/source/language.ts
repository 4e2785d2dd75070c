import type { Condition } from '../decide/condition.ts';
import type { Effect } from '../decide/types.ts';

/** Compiles conditions. Throws an ExpressionProblem for one that cannot be used. */
export interface Language {
  compile(source: string, list: Effect): Condition;
}

/** Keys may be written with escapes, so a backslash in the text counts as a perhaps. */
function mayHold(text: string, words: readonly string[]): boolean {
  return text.includes('\\') || words.some((word) => text.includes(word));
}

/** What a policy text needs to be compiled: nothing, for one without conditions. The engine takes 30 ms to load. */
export async function languageFor(text: string): Promise<Language | undefined> {
  return mayHold(text, ['when', 'unless']) ? load(mayHold(text, ['matches'])) : undefined;
}

/** What these conditions need, each as it reads once its escapes in a policy's text are undone. */
export async function languageForConditions(sources: readonly string[]): Promise<Language> {
  return load(sources.some((source) => source.includes('matches')));
}

async function load(patterns: boolean): Promise<Language> {
  const { Expressions } = await import('./cel/expressions.ts');
  if (!patterns) return new Expressions(undefined);
  const { Patterns } = await import('./cel/patterns.ts');
  return new Expressions(await Patterns.load());
}
