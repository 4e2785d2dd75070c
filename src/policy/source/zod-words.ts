import type { z } from 'zod';

const EXPECTED: Record<string, string> = {
  array: 'a list',
  object: 'an object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
};

/** A fault that zod found, as a sentence. */
export function issueInWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `This must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  if (issue.code === 'invalid_type') {
    const missing = issue.input === undefined && issue.message.includes('undefined');
    return missing ? 'This key is missing.' : `This must be ${EXPECTED[issue.expected] ?? issue.expected}.`;
  }
  return issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
}
