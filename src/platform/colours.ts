const CODES = { red: 31, green: 32 } as const;

/** Whether the person has said no to colours. */
export function refusesColours(env: NodeJS.ProcessEnv): boolean {
  return (env['NO_COLOR'] ?? '') !== '';
}

/** Whether who reads this stream sees colours, and has not said no to them (no-color.org). The one place that decides it. */
export function showsColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !refusesColours(env) && env['TERM'] !== 'dumb';
}

/** A text in a colour, where stdout shows colours. */
export function painted(text: string, colour: keyof typeof CODES): string {
  return showsColours(process.stdout) ? `\u001b[${CODES[colour]}m${text}\u001b[39m` : text;
}
