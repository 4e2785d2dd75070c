import type { JsonNode } from './json-scan.ts';

/** Why a text is not one clean JSON value. `offset` is in bytes. */
export class JsonProblem extends Error {
  override readonly cause: string;
  readonly offset: number;
  /** What had been read by then, when the text began as an object or array. */
  partial: JsonNode | undefined;

  constructor(cause: string, message: string, offset: number) {
    super(`${message} (at byte ${offset + 1})`);
    this.cause = cause;
    this.offset = offset;
  }
}
