import { z } from 'zod';
import { durationMs } from './duration.ts';

/** A duration between two bounds, as text. */
export function duration(minMs: number, maxMs: number, spelled: string) {
  return z.string().transform((text, context) => {
    const ms = durationMs(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(text)} is not a duration such as "90s" or "30m" between ${spelled}.`,
    });
    return z.NEVER;
  });
}
