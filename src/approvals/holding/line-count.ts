import { type JsonNode, readJson, stringOf } from '../../protocol/json/json-scan.ts';
import type { JsonSource } from '../../protocol/json/json-source.ts';

/** The parts of a call that a person judges, as source text. */
export interface Parts {
  argumentsText: string;
  task?: string | undefined;
  input?: { answers: string; questions: string | null } | undefined;
}

/**
 * How many lines a call has when nothing of it is left out or folded: one for each plain value, two for what holds
 * others, one for each line of a text that has several. Text that is no JSON (it cannot be) is one line.
 */
export function lineCount({ argumentsText, task, input }: Parts): number {
  const more = [task, input?.questions, input?.answers].filter((text) => typeof text === 'string');
  return more.reduce((sum, text) => sum + 1 + linesOf(text), linesOf(argumentsText));
}

function linesOf(text: string): number {
  try {
    const { source, root } = readJson(text);
    const lines = linesIn(source, root);
    // The outermost braces are not shown.
    return root.members === undefined || root.members.length === 0 ? lines : lines - 2;
  } catch {
    return 1;
  }
}

function linesIn(source: JsonSource, node: JsonNode): number {
  const inner = node.members?.map(({ value }) => value) ?? node.items ?? [];
  if (inner.length > 0) return inner.reduce((sum, value) => sum + linesIn(source, value), 2);
  if (node.kind !== 'string') return 1;
  const parts = stringOf(source, node).split('\n').length;
  return parts === 1 ? 1 : parts + 1;
}
