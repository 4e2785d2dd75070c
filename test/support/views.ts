import type { PrettyLine } from '../../src/approvals/showing/lines.ts';
import { type Beside, type View, viewOf } from '../../src/approvals/showing/view.ts';

/** A call's view, with what is asked of it alone. */
export function view(
  args: unknown,
  { tool = 'x', show = [], ...beside }: Beside & { tool?: string; show?: string[] } = {},
): View {
  const argumentsText = typeof args === 'string' ? args : JSON.stringify(args);
  return viewOf({ tool, argumentsText, obligations: { show } }, beside);
}

/** Lines as a terminal without colours has them. */
export function rows(lines: readonly PrettyLine[]): string[] {
  return lines.map(
    ({ indent, block, segments }) =>
      `${' '.repeat(indent)}${block ? '│ ' : ''}${segments.map(({ text }) => text).join('')}`,
  );
}

/** What is said before the text, each with its tone. */
export function said({ warnings }: View): string[] {
  return warnings.map(({ tone, text }) => `${tone}: ${text}`);
}

/** The stretches of a tone. */
export function toned(lines: readonly PrettyLine[], tone: string): string[] {
  return lines.flatMap(({ segments }) => segments.filter((one) => one.tone === tone).map(({ text }) => text));
}
