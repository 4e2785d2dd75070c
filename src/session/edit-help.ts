import { Redactor } from '../audit/writing/redact.ts';
import { JsonSource } from '../protocol/json/json-source.ts';
import type { SeenTools } from '../tools/seen-tools.ts';
import type { HomeState } from './from-home.ts';

/**
 * In what arguments do not fit the schema of a tool, as its server lists it, as a sentence; undefined: they do, or
 * nobody can say. The engine of schemas is loaded for this alone. Never rejects.
 */
export async function misfitOf(
  { current }: SeenTools,
  tool: string,
  argumentsText: string,
): Promise<string | undefined> {
  const listed = current?.find(({ name }) => name === tool);
  if (listed === undefined) return undefined;
  try {
    const { misfit } = await import('./fits-schema.ts');
    const how = misfit(listed.source.text, argumentsText);
    return how === undefined ? undefined : `The arguments do not fit the schema of ${tool}: ${how}.`;
  } catch {
    return undefined;
  }
}

/** JSON source with its secrets masked, as the policy in force has it. */
export function maskedBy({ maskKey, inForce }: HomeState, source: string): string {
  return new Redactor(maskKey, inForce.policy.audit.redact).json(JsonSource.of(source)) ?? source;
}
