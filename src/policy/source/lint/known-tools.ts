import type { RiskClass } from '../../../risk/classes/risk-class.ts';

/** A tool that a server is known to have. */
export interface KnownTool {
  server: string;
  tool: string;
  risk: RiskClass;
  /** The JSON Schema of its arguments. */
  inputSchema?: Schema | undefined;
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean } | undefined;
}

/** As much of JSON Schema as names of arguments need. */
export interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: unknown;
  items?: Schema;
  [keyword: string]: unknown;
}

const HARMLESS: ReadonlySet<RiskClass> = new Set(['read', 'write']);

/** Whether a tool should not be allowed by a pattern that happens to cover it. A server's word only adds to it. */
export function isRisky({ risk, annotations }: KnownTool): boolean {
  return annotations?.destructiveHint === true || !HARMLESS.has(risk);
}

/** What a schema says of a path: whether it is there, must be there, or nobody can say. */
export function lookUp(
  schema: Schema | undefined,
  path: readonly string[],
): { found: 'yes' | 'no' | 'unknown'; required: boolean; near: string[] } {
  let at = schema;
  let required = true;
  for (const step of path) {
    const { properties } = at ?? {};
    const open = at?.['$ref'] ?? at?.['anyOf'] ?? at?.['oneOf'] ?? at?.['allOf'] ?? at?.['patternProperties'];
    if (at === undefined || properties === undefined || open !== undefined)
      return { found: 'unknown', required: true, near: [] };
    if (!Object.hasOwn(properties, step)) {
      const more = at.additionalProperties;
      const closed = more === undefined || more === false;
      return { found: closed ? 'no' : 'unknown', required: false, near: Object.keys(properties) };
    }
    required &&= at.required?.includes(step) === true;
    at = properties[step];
  }
  return { found: 'yes', required, near: [] };
}
