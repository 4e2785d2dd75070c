/**
 * An error that a person caused or can mend. Its message is whole sentences (what happened, to which thing,
 * what to do) and is printed as it is; any other error is a defect of ours and keeps its stack.
 */
export class PlainError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: { cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlainError';
    this.exitCode = exitCode;
  }
}
