import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';

const MOST_FAULTS = 3;
/** A pattern that takes exponential time would keep a session; one that has no linear form is not looked at. */
const linear = Object.assign(
  (pattern: string) => {
    // Ajv tells patterns apart by this.
    const named = { toString: () => pattern };
    try {
      const compiled = RE2JS.compile(pattern);
      return { test: (text: string) => compiled.matcher(text).find(), ...named };
    } catch {
      return { test: () => true, ...named };
    }
  },
  { code: 'linear' },
);

/**
 * In what arguments do not fit a tool's `inputSchema`, as a phrase; undefined: they do. Both are JSON source, the first
 * of the whole definition. A tool without a schema takes anything. Throws an Error for a schema that cannot be used:
 * one that refers elsewhere, for one.
 */
export function misfit(definition: string, argumentsText: string): string | undefined {
  const { inputSchema } = JSON.parse(definition) as { inputSchema?: Record<string, unknown> };
  if (typeof inputSchema !== 'object' || inputSchema === null) return undefined;
  // Of another draft it is read as well as the newest one can: the words that tools use are the same in all.
  const { $schema: _, $id: __, ...schema } = inputSchema;
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    validateFormats: false,
    logger: false,
    code: { regExp: linear },
  });
  const validate = ajv.compile(schema);
  if (validate(JSON.parse(argumentsText))) return undefined;
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || 'they'} ${message}`,
  );
  const more = faults.length - MOST_FAULTS;
  return [...faults.slice(0, MOST_FAULTS), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}
