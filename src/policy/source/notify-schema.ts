import { z } from 'zod';
import type { NotifySettings } from '../decide/types.ts';
import { duration } from './duration-schema.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_AFTER_MS = 10_000;
/** No path from the working folder: that is the project's, and a repository must not choose what is run. */
const PROGRAM = /^(?:\/.*|[^/]+)$/s;

const word = z
  .string()
  .max(4_096, 'This is longer than 4,096 characters.')
  .regex(/^[^\0]*$/, 'No word of a command may hold a zero character.');
const command = z
  .array(word)
  .min(1, 'An empty command runs nothing.')
  .max(64, 'A command of more than 64 words is a script: put it into a file.')
  .refine(([program = '']) => program !== '', 'The program has no name.')
  .refine(
    ([program = '']) => program === '' || PROGRAM.test(program),
    'The program must be an absolute path, or the name of a program on PATH: no shell reads it, so "~" and "$HOME" are not replaced.',
  );

const quiet = z.string().transform((text, context) => {
  const [, fromHour, fromMinute, toHour, toMinute] =
    /^([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (fromHour !== undefined && from !== to) return { from, to };
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text)} is no time of the day such as "22:00-07:00", from one minute to another one.`,
  });
  return z.NEVER;
});

/** Who is called when a call waits: `approvals.notify`. */
export const notifySchema = z
  .strictObject({
    command: command.describe(
      'The program and its arguments; no shell reads them, nothing in them is replaced.',
    ),
    after: duration(0, HOUR_MS, '0s and 1h')
      .optional()
      .describe('How long a call has waited when it is run.'),
    remind: duration(1_000, 24 * HOUR_MS, '1s and 1d')
      .optional()
      .describe("Once more, so long before the call's time is over."),
    quiet: quiet.optional().describe('Local time in which nothing is run: "22:00-07:00".'),
  })
  .transform(
    ({ command, after = DEFAULT_AFTER_MS, remind, quiet }): NotifySettings => ({
      command,
      afterMs: after,
      remindMs: remind,
      quiet,
    }),
  )
  .describe("Run when a call waits. Counts in the user's and the administrator's policy only.");

export const NOTIFY_KEYS = ['command', 'after', 'remind', 'quiet'];
