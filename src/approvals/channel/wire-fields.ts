/** The fields of one message. */
export type Fields = Record<string, unknown>;

/** One JSON object, or undefined. */
export function fieldsOf(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

export const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max;
export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
export const optional = (value: unknown, ok: (value: unknown) => boolean): boolean =>
  value === undefined || ok(value);
