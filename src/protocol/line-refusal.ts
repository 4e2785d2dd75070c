export const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
export const INVALID_PARAMS = -32602;
/** Of a method's name, a tool's or a client's, in bytes as it is spelled. No real one has a tenth of this. */
export const MOST_NAME = 1024;

/** Why a line of JSON is not one clean message: a short word for the record, a sentence and a code for the client. */
export class LineRefusal extends Error {
  override readonly cause: string;
  readonly code: number;

  constructor(cause: string, message: string, code = INVALID_REQUEST) {
    super(message);
    this.cause = cause;
    this.code = code;
  }
}
