import type { RiskClass } from '../../risk/classes/risk-class.ts';
import type { Value } from './json-values.ts';
import type { ToolFacts } from './types.ts';

/** A tool of which no more is known than somebody says: surely of this class, accepted, and as it was then. */
export function assumedTool(risk: RiskClass, annotations: Map<string, Value> = new Map()): ToolFacts {
  const plainRead = risk === 'read';
  return { risk, sure: true, annotations, plainRead, change: undefined, firstUse: undefined };
}
